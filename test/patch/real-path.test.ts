import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveReal, touchedPaths } from '../../src/patch/index.ts';
import { isInside } from '../../src/util/inside.ts';
import { folderWith, hunksOf, patch } from './support.ts';

describe('the real path', () => {
  it('is the path itself where no link is on the way, existing or not', async () => {
    const folder = folderWith({ 'a/file': '' });
    for (const path of ['a', 'a/file', 'a/new', 'new/er/still']) {
      expect(await resolveReal(join(folder, path))).toEqual({ ok: true, path: join(folder, path) });
    }
    expect(await resolveReal('/')).toEqual({ ok: true, path: '/' });
  });

  it('leads through linked folders and files, relative and absolute, also to what does not exist', async () => {
    const folder = folderWith({ 'real/file': '', 'deep/er/x': '' });
    symlinkSync('real', join(folder, 'near'));
    symlinkSync(join(folder, 'real'), join(folder, 'far'));
    symlinkSync('../../near/file', join(folder, 'deep/er/up'));
    symlinkSync('real/new', join(folder, 'dangling'));
    const real = async (path: string) => resolveReal(join(folder, path));

    expect(await real('near/file')).toEqual({ ok: true, path: join(folder, 'real/file') });
    expect(await real('far/new/est')).toEqual({ ok: true, path: join(folder, 'real/new/est') });
    expect(await real('deep/er/up')).toEqual({ ok: true, path: join(folder, 'real/file') });
    expect(await real('dangling')).toEqual({ ok: true, path: join(folder, 'real/new') });
  });

  it('takes .. out of a path before links are looked at', async () => {
    const folder = folderWith({ 'real/inner/file': '' });
    symlinkSync('real/inner', join(folder, 'link'));
    expect(await resolveReal(`${folder}/link/../file`)).toEqual({ ok: true, path: join(folder, 'file') });
  });

  it('is refused where it cannot be said', async () => {
    const folder = folderWith({ file: '' });
    symlinkSync('round', join(folder, 'round'));
    symlinkSync('missing/../file', join(folder, 'through'));
    const refused = async (path: string) => resolveReal(join(folder, path));

    expect(await refused('round')).toEqual({
      ok: false,
      message: `"${folder}/round" leads through too many symbolic links`,
    });
    expect(await refused('through')).toEqual({
      ok: false,
      message: `"${folder}/through" leads through a link to a folder that does not exist`,
    });
    expect(await refused('file/below')).toEqual({
      ok: false,
      message: `"${folder}/file/below" leads through "${folder}/file", which is no folder`,
    });
    expect(await refused('x'.repeat(300))).toEqual({
      ok: false,
      message: `"${folder}/${'x'.repeat(300)}" cannot be looked at: ENAMETOOLONG`,
    });
    expect(await resolveReal('')).toEqual({ ok: false, message: 'a path is empty or has a NUL character' });
    expect(await resolveReal('/a\0b')).toEqual({
      ok: false,
      message: 'a path is empty or has a NUL character',
    });
  });

  it('shows that a link leads out of a folder', async () => {
    const folder = folderWith({ 'root/a': '', 'secret/b': '' });
    mkdirSync(join(folder, 'root/inner'));
    symlinkSync('../../secret', join(folder, 'root/inner/out'));
    const real = await resolveReal(join(folder, 'root/inner/out/b'));

    expect(real).toEqual({ ok: true, path: join(folder, 'secret/b') });
    expect(isInside(join(folder, 'root'), join(folder, 'secret/b'))).toBe(false);
  });
});

describe('a folder', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/a/b/c', true],
    ['/a/', '/a/b', true],
    ['/', '/a', true],
    ['/a', '/a/..b', true],
    ['/a', '/ab', false],
    ['/a', '/a/../b', false],
    ['/a/b', '/a', false],
    ['/a', '/', false],
  ])('%s has %s inside: %s', (root, path, inside) => {
    expect(isInside(root, path)).toBe(inside);
  });
});

describe('the paths that a patch touches', () => {
  it('are absolute, with the targets of moves, each once', () => {
    const text = patch(
      '*** Add File: a',
      '*** Update File: ./b/../a',
      '+x',
      '*** Delete File: ../../../../etc/passwd',
      '*** Update File: /abs/olute',
      '*** Move to: c d',
    );
    expect(touchedPaths(hunksOf(text), '/srv/here')).toEqual([
      '/srv/here/a',
      '/etc/passwd',
      '/abs/olute',
      '/srv/here/c d',
    ]);
  });
});
