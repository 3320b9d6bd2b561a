import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../src/patch/index.ts';
import { holdFolder } from '../../src/patch/held-folder.ts';
import { changesOf, filesIn, folderWith, patch, writeFiles } from './support.ts';

describe('planned changes', () => {
  it('are made: files come, go, change, move, and folders are made for them', async () => {
    const folder = folderWith({ gone: 'x\n', here: 'a\nb\n', away: 'm\n', left: 'alone\n' });
    const changes = await changesOf(
      patch(
        '*** Add File: new/deep/file',
        '+hello',
        '*** Delete File: gone',
        '*** Update File: here',
        '-a',
        '+A',
        '*** Update File: away',
        '*** Move to: moved/to',
        ' m',
        '+n',
      ),
      folder,
    );

    expect(await applyChanges(changes)).toEqual({ ok: true });
    expect(filesIn(folder)).toEqual({
      'new/deep/file': 'hello\n',
      here: 'A\nb\n',
      'moved/to': 'm\nn\n',
      left: 'alone\n',
    });
  });

  it('leave a file its permissions, also where it moves', async () => {
    const folder = folderWith({ run: 'a\n', secret: 'a\n' });
    chmodSync(join(folder, 'run'), 0o755);
    chmodSync(join(folder, 'secret'), 0o600);
    const changes = await changesOf(
      patch('*** Add File: run', '+b', '*** Update File: secret', '*** Move to: hidden', '-a', '+b'),
      folder,
    );

    expect(await applyChanges(changes)).toEqual({ ok: true });
    expect(statSync(join(folder, 'run')).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, 'hidden')).mode & 0o777).toBe(0o600);
  });

  it('give a new file the permissions that are usual', async () => {
    const folder = folderWith({ usual: '' });
    expect(await applyChanges(await changesOf(patch('*** Add File: new', '+x'), folder))).toEqual({
      ok: true,
    });
    expect(statSync(join(folder, 'new')).mode).toBe(statSync(join(folder, 'usual')).mode);
  });

  it('write what a link leads to and leave the link', async () => {
    const folder = folderWith({ 'real/a': 'a\n' });
    symlinkSync('real/a', join(folder, 'link'));
    expect(await applyChanges(await changesOf(patch('*** Update File: link', '-a', '+b'), folder))).toEqual({
      ok: true,
    });
    expect(readlinkSync(join(folder, 'link'))).toBe('real/a');
    expect(readFileSync(join(folder, 'real/a'), 'utf8')).toBe('b\n');
  });

  it('leave another name of the same file alone', async () => {
    const folder = folderWith({ a: 'a\n' });
    linkSync(join(folder, 'a'), join(folder, 'twin'));
    expect(await applyChanges(await changesOf(patch('*** Add File: a', '+b'), folder))).toEqual({ ok: true });
    expect(filesIn(folder)).toEqual({ a: 'b\n', twin: 'a\n' });
  });

  it('make room for a move before it', async () => {
    const folder = folderWith({ a: 'a\n', b: 'b\n' });
    const changes = await changesOf(
      patch('*** Delete File: b', '*** Update File: a', '*** Move to: b'),
      folder,
    );
    expect(await applyChanges(changes)).toEqual({ ok: true });
    expect(filesIn(folder)).toEqual({ b: 'a\n' });
  });
});

describe('planned changes that do not fit any more', () => {
  const TEXT = patch(
    '*** Update File: one',
    '-1',
    '+one',
    '*** Update File: dir/two',
    '-2',
    '+two',
    '*** Delete File: three',
  );

  it.each<[string, (folder: string) => void, string]>([
    [
      'another content',
      (folder) => writeFileSync(join(folder, 'dir/two'), '2\n3\n'),
      'its content changed since the patch was checked',
    ],
    ['no file', (folder) => rmSync(join(folder, 'dir/two')), 'it is gone since the patch was checked'],
    [
      'a link to the same content',
      (folder) => {
        rmSync(join(folder, 'dir/two'));
        writeFiles(folder, { 'outside/two': '2\n' });
        symlinkSync('../outside/two', join(folder, 'dir/two'));
      },
      'it leads to another place than when the patch was checked',
    ],
    [
      'a linked folder',
      (folder) => {
        renameSync(join(folder, 'dir'), join(folder, 'outside'));
        symlinkSync('outside', join(folder, 'dir'));
      },
      'it leads to another place than when the patch was checked',
    ],
    [
      'a folder',
      (folder) => {
        rmSync(join(folder, 'dir/two'));
        mkdirSync(join(folder, 'dir/two'));
      },
      'it is a folder',
    ],
  ])('end at the first that meets %s, and say what is made', async (_what, meddle, reason) => {
    const folder = folderWith({ one: '1\n', 'dir/two': '2\n', three: '3\n' });
    const changes = await changesOf(TEXT, folder);
    meddle(folder);
    const meddled = filesIn(folder);

    expect(await applyChanges(changes)).toEqual({
      ok: false,
      message: `"dir/two" could not be changed: ${reason}`,
      applied: changes.slice(0, 1),
    });
    expect(filesIn(folder)).toEqual({ ...meddled, one: 'one\n' });
  });

  it.each<[string, (folder: string) => void, string]>([
    [
      'a file',
      (folder) => writeFiles(folder, { 'dir/new': 'theirs\n' }),
      'it came into being since the patch was checked',
    ],
    [
      'a dangling link',
      (folder) => {
        mkdirSync(join(folder, 'dir'));
        symlinkSync('../outside', join(folder, 'dir/new'));
      },
      'it leads to another place than when the patch was checked',
    ],
    [
      'a linked folder',
      (folder) => {
        mkdirSync(join(folder, 'outside'));
        symlinkSync('outside', join(folder, 'dir'));
      },
      'it leads to another place than when the patch was checked',
    ],
  ])('do not write where %s came into being', async (_what, meddle, reason) => {
    const folder = folderWith({ a: 'a\n' });
    const added = await changesOf(patch('*** Add File: dir/new', '+x'), folder);
    const moved = await changesOf(patch('*** Update File: a', '*** Move to: dir/new'), folder);
    meddle(folder);
    const meddled = filesIn(folder);

    for (const changes of [added, moved]) {
      expect(await applyChanges(changes)).toEqual({
        ok: false,
        message: `"dir/new" could not be changed: ${reason}`,
        applied: [],
      });
    }
    expect(filesIn(folder)).toEqual(meddled);
  });

  it('leave nothing behind where a name cannot be taken', async () => {
    const folder = folderWith({ a: 'a\n' });
    const name = 'n'.repeat(250);
    const [change] = await changesOf(patch(`*** Add File: ${name}`, '+x'), folder);
    if (change === undefined) expect.fail('no change');
    const longer = `${folder}/${'n'.repeat(300)}`;

    expect(await applyChanges([{ ...change, path: longer, realPath: longer }])).toEqual({
      ok: false,
      message: `"${name}" could not be changed: "${longer}" cannot be looked at: ENAMETOOLONG`,
      applied: [],
    });
    expect(filesIn(folder)).toEqual({ a: 'a\n' });
  });
});

describe('a held folder', () => {
  it.runIf(process.platform === 'linux')('stays the same when a link takes its place', async () => {
    const folder = folderWith({ 'dir/sub/a': '', 'outside/sub/a': '' });
    const held = await holdFolder(join(folder, 'dir/sub'), false);
    renameSync(join(folder, 'dir'), join(folder, 'kept'));
    symlinkSync('outside', join(folder, 'dir'));
    writeFileSync(held.entry('new'), 'x');
    await held.release();

    expect(lstatSync(join(folder, 'dir')).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(folder, 'kept/sub/new'), 'utf8')).toBe('x');
  });

  it.each(process.platform === 'linux' ? [true, false] : [false])(
    'is not taken through a link (held open: %s)',
    async (byHandle) => {
      const folder = folderWith({ 'real/sub/a': '' });
      symlinkSync('real', join(folder, 'link'));
      symlinkSync('none', join(folder, 'dangling'));
      for (const path of ['link', 'link/sub', 'link/new', 'link/sub/new', 'dangling', 'dangling/new']) {
        await expect(holdFolder(join(folder, path), true, byHandle)).rejects.toThrow(
          /ENOTDIR|is not what it was|does not exist/,
        );
      }
      expect(readdirSync(folder).toSorted()).toEqual(['dangling', 'link', 'real']);
      expect(readdirSync(join(folder, 'real/sub'))).toEqual(['a']);
      expect(readdirSync(join(folder, 'real'))).toEqual(['sub']);
    },
  );

  it.each(process.platform === 'linux' ? [true, false] : [false])(
    'is made only where that is asked for (held open: %s)',
    async (byHandle) => {
      const folder = folderWith();
      await expect(holdFolder(join(folder, 'a/b'), false, byHandle)).rejects.toThrow('does not exist');
      const held = await holdFolder(join(folder, 'a/b'), true, byHandle);
      writeFileSync(held.entry('c'), 'x');
      await held.release();
      expect(filesIn(folder)).toEqual({ 'a/b/c': 'x' });
    },
  );
});
