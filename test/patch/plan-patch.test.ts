import { chmodSync, mkdirSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { patchSummary, planPatch } from '../../src/patch/index.ts';
import { changesOf, filesIn, folderWith, hunksOf, patch, refusalOf } from './support.ts';

describe('a plan', () => {
  it('says what becomes of each file and writes nothing', async () => {
    const folder = folderWith({ 'old.txt': 'x\ny\n', 'src/a.txt': '1\n2\n3\n4\n', 'run.sh': 'echo\n' });
    chmodSync(join(folder, 'old.txt'), 0o600);
    chmodSync(join(folder, 'src/a.txt'), 0o644);
    chmodSync(join(folder, 'run.sh'), 0o755);
    const before = filesIn(folder);
    const changes = await changesOf(
      patch(
        '*** Add File: new/b.txt',
        '+hello',
        '*** Delete File: old.txt',
        '*** Update File: ./src/a.txt',
        '@@',
        '-2',
        '+two',
        '*** Update File: run.sh',
        '*** Move to: bin/run.sh',
        '-echo',
        '+true',
      ),
      folder,
    );

    expect(changes).toEqual([
      {
        path: join(folder, 'new/b.txt'),
        realPath: join(folder, 'new/b.txt'),
        kind: 'add',
        movePath: null,
        realMovePath: null,
        patchPath: 'new/b.txt',
        before: null,
        after: 'hello\n',
        mode: null,
        diff: 'hello\n',
      },
      {
        path: join(folder, 'old.txt'),
        realPath: join(folder, 'old.txt'),
        kind: 'delete',
        movePath: null,
        realMovePath: null,
        patchPath: 'old.txt',
        before: 'x\ny\n',
        after: null,
        mode: 0o600,
        diff: 'x\ny\n',
      },
      {
        path: join(folder, 'src/a.txt'),
        realPath: join(folder, 'src/a.txt'),
        kind: 'update',
        movePath: null,
        realMovePath: null,
        patchPath: './src/a.txt',
        before: '1\n2\n3\n4\n',
        after: '1\ntwo\n3\n4\n',
        mode: 0o644,
        diff: '@@ -1,3 +1,3 @@\n 1\n-2\n+two\n 3\n',
      },
      {
        path: join(folder, 'run.sh'),
        realPath: join(folder, 'run.sh'),
        kind: 'update',
        movePath: join(folder, 'bin/run.sh'),
        realMovePath: join(folder, 'bin/run.sh'),
        patchPath: 'bin/run.sh',
        before: 'echo\n',
        after: 'true\n',
        mode: 0o755,
        diff: `@@ -1 +1 @@\n-echo\n+true\n\n\nMoved to: ${join(folder, 'bin/run.sh')}`,
      },
    ]);
    expect(filesIn(folder)).toEqual(before);
    expect(patchSummary(changes)).toBe(
      'The patch is applied. These files changed:\nA new/b.txt\nD old.txt\nM ./src/a.txt\nM bin/run.sh\n',
    );
  });

  it('takes an addition over an existing file as an update', async () => {
    const folder = folderWith({ a: 'old\n' });
    expect(await changesOf(patch('*** Add File: a', '+new'), folder)).toMatchObject([
      { kind: 'update', before: 'old\n', after: 'new\n', diff: '@@ -1 +1 @@\n-old\n+new\n' },
    ]);
  });

  it('makes one change of all that a patch says of a file', async () => {
    const folder = folderWith({ a: '1\n2\n', b: 'b\n' });
    const changes = await changesOf(
      patch(
        '*** Update File: a',
        '-2',
        '+two',
        '*** Delete File: b',
        '*** Update File: ./a',
        '-1',
        '+one',
        '*** Add File: b',
        '+new b',
        '*** Add File: c',
        '+c',
        '*** Delete File: c',
      ),
      folder,
    );
    expect(changes).toMatchObject([
      { kind: 'update', before: '1\n2\n', after: 'one\ntwo\n' },
      { kind: 'update', before: 'b\n', after: 'new b\n' },
    ]);
    expect(changes).toHaveLength(2);
  });

  it('moves over a file only where the patch deletes it before', async () => {
    const folder = folderWith({ a: 'a\n', b: 'b\n' });
    const move = ['*** Update File: a', '*** Move to: b'];
    expect(await refusalOf(patch(...move), folder)).toBe('"b" exists already, so nothing can be moved there');
    expect(await changesOf(patch('*** Delete File: b', ...move), folder)).toMatchObject([
      { kind: 'delete', path: join(folder, 'b') },
      { kind: 'update', path: join(folder, 'a'), movePath: join(folder, 'b'), before: 'a\n', after: 'a\n' },
    ]);
    expect(
      await changesOf(patch('*** Update File: a', '-a', '+A', '*** Delete File: b', ...move), folder),
    ).toMatchObject([
      { kind: 'delete', path: join(folder, 'b') },
      { kind: 'update', movePath: join(folder, 'b'), before: 'a\n', after: 'A\n' },
    ]);
  });

  it('takes a move to the same place as none', async () => {
    const folder = folderWith({ a: 'a\n' });
    expect(await changesOf(patch('*** Update File: a', '*** Move to: ./a', '-a'), folder)).toMatchObject([
      { movePath: null, after: '' },
    ]);
  });

  it('reads files by what it is given', async () => {
    const seen: string[] = [];
    const plan = await planPatch(hunksOf(patch('*** Update File: a', '-x', '+y')), {
      cwd: folderWith(),
      readFile: (path) => {
        seen.push(path);
        return Promise.resolve({ kind: 'text', text: 'x\n', mode: 0o644 });
      },
    });
    expect(plan).toMatchObject({ ok: true, changes: [{ before: 'x\n', after: 'y\n', path: seen[0] }] });
  });
});

describe('a patch that cannot be applied', () => {
  it.each([
    [['*** Update File: gone', '-x'], '"gone" is to be updated and does not exist'],
    [['*** Delete File: gone'], '"gone" is to be deleted and does not exist'],
    [['*** Delete File: folder'], '"folder" is a folder'],
    [['*** Update File: folder', '+x'], '"folder" is a folder'],
    [['*** Add File: folder'], '"folder" is a folder'],
    [['*** Add File: .'], '"." is a folder'],
    [['*** Update File: a', '*** Move to: folder'], '"folder" is a folder'],
    [['*** Update File: binary', '-x'], '"binary" is binary or not UTF-8'],
    [['*** Delete File: latin'], '"latin" is binary or not UTF-8'],
    [['*** Update File: large', '-x'], '"large" is larger than 16777216 bytes'],
    [['*** Update File: lines', '-x'], '"lines" has more than 1000000 lines'],
    [['*** Delete File: /dev/null'], '"/dev/null" is not a regular file'],
    [
      ['*** Update File: a', '-y'],
      '"a" does not fit: the chunk on line 3 of the patch is not found behind the chunk before it; it wants\ny',
    ],
    [['*** Delete File: a', '*** Delete File: a'], '"a" is to be deleted and does not exist'],
    [['*** Delete File: a', '*** Update File: a', '-x'], '"a" is to be updated and does not exist'],
    [['*** Update File: a', '*** Move to: b', '*** Add File: b'], '"b" is moved by the same patch already'],
    [['*** Update File: a', '*** Move to: b', '*** Add File: a'], '"a" is moved by the same patch already'],
    [
      ['*** Add File: n', '*** Update File: n', '*** Move to: m'],
      '"n" is added and moved by the same patch; add it at its new path',
    ],
  ])('%j is refused', async (lines, message) => {
    const folder = folderWith({
      a: 'x\n',
      binary: Buffer.from('x\0\n'),
      latin: Buffer.from([0x78, 0xe9, 0x0a]),
      large: '',
      lines: '\n'.repeat(1_000_001),
    });
    mkdirSync(join(folder, 'folder'));
    truncateSync(join(folder, 'large'), 16 * 1024 * 1024 + 1);
    expect(await refusalOf(patch(...lines), folder)).toBe(message);
  });

  it('touches too much at once', async () => {
    const text = 'x'.repeat(16 * 1024 * 1024);
    const lines = Array.from({ length: 5 }, (_, index) => `*** Delete File: ${index}`);
    const plan = await planPatch(hunksOf(patch(...lines)), {
      cwd: folderWith(),
      readFile: () => Promise.resolve({ kind: 'text', text, mode: 0o644 }),
    });
    expect(plan).toEqual({
      ok: false,
      message: 'the patch touches more than 67108864 characters at once, split it',
    });
  });
});

describe('a path that leaves its folder', () => {
  it('is told as what it is, through .., absolute, or through links', async () => {
    const folder = folderWith({ 'root/x': '', 'other/file': 'x\n', 'other/second': 'x\n' });
    const root = join(folder, 'root');
    symlinkSync('../other', join(root, 'linked'));
    symlinkSync('../other/second', join(root, 'link'));
    symlinkSync('../other/new', join(root, 'dangling'));
    const changes = await changesOf(
      patch(
        `*** Add File: ${'../'.repeat(30)}${folder.slice(1)}/up`,
        `*** Add File: ${folder}/absolute`,
        '*** Update File: linked/file',
        '*** Move to: linked/moved',
        '*** Update File: link',
        '-x',
        '*** Add File: dangling',
      ),
      root,
    );
    expect(changes.map(({ path, realPath, realMovePath }) => ({ path, realPath, realMovePath }))).toEqual([
      { path: join(folder, 'up'), realPath: join(folder, 'up'), realMovePath: null },
      { path: join(folder, 'absolute'), realPath: join(folder, 'absolute'), realMovePath: null },
      {
        path: join(root, 'linked/file'),
        realPath: join(folder, 'other/file'),
        realMovePath: join(folder, 'other/moved'),
      },
      { path: join(root, 'link'), realPath: join(folder, 'other/second'), realMovePath: null },
      { path: join(root, 'dangling'), realPath: join(folder, 'other/new'), realMovePath: null },
    ]);
  });

  it('is one file, however it is named', async () => {
    const folder = folderWith({ a: '1\n2\n' });
    symlinkSync('a', join(folder, 'b'));
    expect(
      await changesOf(patch('*** Update File: a', '-1', '*** Update File: b', '-2'), folder),
    ).toMatchObject([{ realPath: join(folder, 'a'), before: '1\n2\n', after: '' }]);
  });

  it('is refused where a link itself would go or be replaced, and where it leads nowhere', async () => {
    const folder = folderWith({ a: 'a\n', 'b/c': '' });
    symlinkSync('a', join(folder, 'link'));
    symlinkSync('none', join(folder, 'dangling'));
    symlinkSync('round', join(folder, 'round'));
    const surprise = 'is a symbolic link, which a patch neither deletes nor moves';

    expect(await refusalOf(patch('*** Delete File: link'), folder)).toBe(`"link" ${surprise}`);
    expect(await refusalOf(patch('*** Update File: link', '*** Move to: n'), folder)).toBe(
      `"link" ${surprise}`,
    );
    expect(await refusalOf(patch('*** Update File: a', '*** Move to: dangling'), folder)).toBe(
      `"dangling" ${surprise}`,
    );
    expect(await refusalOf(patch('*** Add File: round/x'), folder)).toBe(
      `"${folder}/round/x" leads through too many symbolic links`,
    );
    expect(await refusalOf(patch('*** Add File: a/x'), folder)).toBe(
      `"${folder}/a/x" leads through "${folder}/a", which is no folder`,
    );
  });
});
