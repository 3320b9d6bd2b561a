import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyChanges, TurnDiff } from '../../src/patch/index.ts';
import { changesOf, filesIn, folderWith, patch } from './support.ts';

async function turn(folder: string, diff: TurnDiff, ...lines: readonly string[]): Promise<void> {
  const changes = await changesOf(patch(...lines), folder);
  expect(await applyChanges(changes)).toEqual({ ok: true });
  diff.record(changes);
}

describe('the diff of a turn', () => {
  it('has what files come to, in git form and in the order of their names', async () => {
    const folder = folderWith({ gone: 'x\n', 'src/here': '1\n2\n3\n', run: 'go\n' });
    chmodSync(join(folder, 'run'), 0o755);
    const diff = new TurnDiff({ root: folder });
    expect(diff.text()).toBe('');
    await turn(folder, diff, '*** Add File: src/new', '+a', '*** Update File: src/here', '-2', '+two');
    await turn(folder, diff, '*** Delete File: gone', '*** Update File: src/new', ' a', '+b');
    await turn(folder, diff, '*** Delete File: run', '*** Update File: src/here', '-3');

    expect(diff.text()).toBe(
      [
        'diff --git a/gone b/gone',
        'deleted file mode 100644',
        'index 587be6b4c3f93f93c489c0111bba5596147a26cb..0000000000000000000000000000000000000000',
        '--- a/gone',
        '+++ /dev/null',
        '@@ -1 +0,0 @@',
        '-x',
        'diff --git a/run b/run',
        'deleted file mode 100755',
        'index 4023f20957ff6ce787335815b2dab985d7f2a2c8..0000000000000000000000000000000000000000',
        '--- a/run',
        '+++ /dev/null',
        '@@ -1 +0,0 @@',
        '-go',
        'diff --git a/src/here b/src/here',
        'index 01e79c32a8c99c557f0757da7cb6d65b3414466d..0b66db0da4b516fc2088ae2c3fcb0ac074e0ccdb',
        '--- a/src/here',
        '+++ b/src/here',
        '@@ -1,3 +1,2 @@',
        ' 1',
        '-2',
        '-3',
        '+two',
        'diff --git a/src/new b/src/new',
        'new file mode 100644',
        'index 0000000000000000000000000000000000000000..422c2b7ab3b3c668038da977e4e93a5fc623169c',
        '--- /dev/null',
        '+++ b/src/new',
        '@@ -0,0 +1,2 @@',
        '+a',
        '+b',
        '',
      ].join('\n'),
    );
  });

  it('is empty where everything is undone', async () => {
    const folder = folderWith({ a: 'a\n' });
    const diff = new TurnDiff({ root: folder });
    await turn(folder, diff, '*** Add File: new', '+x', '*** Update File: a', '-a', '+b');
    expect(diff.text()).not.toBe('');
    await turn(folder, diff, '*** Delete File: new', '*** Update File: a', '-b', '+a');
    expect(diff.text()).toBe('');
  });

  it('shows a move as one, over several steps, with and without a change', async () => {
    const folder = folderWith({ a: 'a\n', c: 'c\nd\n' });
    const diff = new TurnDiff({ root: folder });
    await turn(folder, diff, '*** Update File: a', '*** Move to: b');
    await turn(folder, diff, '*** Update File: b', '*** Move to: sub/z');
    await turn(folder, diff, '*** Update File: c', '*** Move to: e', '-d');

    expect(diff.text()).toBe(
      [
        'diff --git a/a b/sub/z',
        'rename from a',
        'rename to sub/z',
        'diff --git a/c b/e',
        'rename from c',
        'rename to e',
        'index 18ebd85217ed7d6247ddcd003017d9f9dd02eb57..f2ad6c76f0115a6ba5b00456a849810e7ec0af20',
        '--- a/c',
        '+++ b/e',
        '@@ -1,2 +1 @@',
        ' c',
        '-d',
        '',
      ].join('\n'),
    );
  });

  it('shows no move where the old name is taken again, or it goes back', async () => {
    const folder = folderWith({ a: 'a\n', b: 'b\n' });
    const diff = new TurnDiff({ root: folder });
    await turn(folder, diff, '*** Update File: a', '*** Move to: x', '*** Update File: b', '*** Move to: y');
    await turn(folder, diff, '*** Add File: a', '+new', '*** Update File: y', '*** Move to: b');
    expect(diff.text()).toMatch(
      /^diff --git a\/a b\/a\nindex [^]*\ndiff --git a\/x b\/x\nnew file mode 100644\n/,
    );
    expect(diff.text().match(/diff --git/g)).toHaveLength(2);
  });

  it('can be applied by git', async () => {
    const files = { a: 'a\n', 'c d': '1\n2\n3\n', e: 'no end', 'ü"q\\': 'x\n', crlf: '1\r\n2\r\n' };
    const folder = folderWith(files);
    const copy = folderWith(files);
    const diff = new TurnDiff({ root: folder });
    await turn(
      folder,
      diff,
      '*** Update File: a',
      '*** Move to: moved',
      '*** Update File: c d',
      '*** Move to: f g',
      '-2',
      '+two',
      '*** Update File: e',
      '-no end',
      '+an end',
      '*** Update File: ü"q\\',
      ' x',
      '+y',
      '*** Update File: crlf',
      '-2',
      '+two',
      '*** Add File: deep/new',
      '+n',
      '*** Add File: empty',
    );
    const git = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], {
      cwd: copy,
      input: diff.text(),
      encoding: 'utf8',
      env: { ...process.env, GIT_CEILING_DIRECTORIES: join(copy, '..') },
    });

    expect(git.stderr).toBe('');
    expect(filesIn(copy)).toEqual(filesIn(folder));
  });

  it('names files outside of its root by their whole path', async () => {
    const folder = folderWith({ 'root/a': '' });
    const diff = new TurnDiff({ root: join(folder, 'root') });
    await turn(join(folder, 'root'), diff, '*** Add File: ../out', '+x');
    expect(diff.text()).toMatch(`diff --git a${folder}/out b${folder}/out\n`);
  });

  it('is bounded and names what it leaves out', async () => {
    const folder = folderWith();
    const diff = new TurnDiff({ root: folder, limitBytes: 1000 });
    const many = Array.from({ length: 12 }, (_, index) => [
      `*** Add File: big-${index}`,
      `+${'ü'.repeat(600)}`,
    ]);
    await turn(folder, diff, '*** Add File: small', '+x', ...many.flat());
    expect(diff.text()).toMatch(
      /^diff --git a\/small b\/small\n[^]*\n\+x\n# too large to be shown: big-0, big-1, big-10, [^\n]* and 2 more\n$/,
    );
  });

  it('does not hold more content than it may', async () => {
    const folder = folderWith({ a: `${'a'.repeat(600)}\n`, b: 'b\n' });
    const diff = new TurnDiff({ root: folder, limitContent: 1000 });
    await turn(folder, diff, '*** Add File: a', `+${'A'.repeat(600)}`);
    await turn(folder, diff, '*** Update File: b', '-b', '+B');
    await turn(folder, diff, '*** Add File: a', '+short');
    expect(diff.text()).toMatch(/^diff --git a\/b b\/b\n[^]*\n-b\n\+B\n# too large to be shown: a\n$/);
  });

  it('holds two versions of a file, however often it changes', async () => {
    const folder = folderWith({ a: 'a\n' });
    const diff = new TurnDiff({ root: folder, limitContent: 20 });
    for (let count = 0; count < 20; count += 1) await turn(folder, diff, '*** Add File: a', `+${count}`);
    expect(diff.text()).toMatch(/^diff --git a\/a b\/a\n[^]*\n-a\n\+19\n$/);
  });
});
