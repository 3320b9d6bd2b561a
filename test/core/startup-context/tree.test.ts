import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { treeLines } from '../../../src/core/startup-context/tree.ts';
import { aborted, folderWith, unhurried } from './support.ts';

function linesOf(folder: string, closed: string | null = null): Promise<string[]> {
  return treeLines(folder, { closed, signal: unhurried() });
}

/** So many names that sort as they are counted. */
function names(count: number, prefix = ''): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${String(index).padStart(5, '0')}`);
}

describe('the tree of a folder', () => {
  it('has its entries and those of its folders, folders first, in the order of bytes', async () => {
    const folder = folderWith(
      'b.txt',
      'a.txt',
      'Z.txt',
      'é.txt',
      'src/deep/hidden.ts',
      'src/index.ts',
      'docs/',
    );

    expect(await linesOf(folder)).toEqual([
      '- docs/',
      '- src/',
      '  - deep/',
      '  - index.ts',
      '- Z.txt',
      '- a.txt',
      '- b.txt',
      '- é.txt',
    ]);
  });

  it('leaves out hidden and generated entries, files as well as folders', async () => {
    const generated = ['__pycache__', 'build', 'dist', 'node_modules', 'out', 'target'];
    const folder = folderWith(
      ...['.git', '.next', '.pytest_cache', '.ruff_cache', '.env', ...generated].map((name) => `${name}/x`),
      ...generated.map((name) => `src/${name}`),
      'src/.hidden',
      'builds',
    );

    expect(await linesOf(folder)).toEqual(['- src/', '- builds']);
  });

  it('shows twenty entries of a folder and says how many more there are', async () => {
    const folder = folderWith(...names(20, 'a/'), ...names(21, 'b/'), ...names(23), ...names(30, '.'));

    expect(await linesOf(folder)).toEqual([
      '- a/',
      ...names(20, '  - '),
      '- b/',
      ...names(20, '  - '),
      '  - … 1 more entry',
      ...names(18, '- '),
      '- … 5 more entries',
    ]);
  });

  it('does not count the entries of a huge folder', async () => {
    const folder = folderWith();
    for (const name of names(10_000)) writeFileSync(join(folder, name), '');
    const lines = await linesOf(folder);

    expect(lines).toHaveLength(21);
    expect(lines.at(-1)).toBe('- … more entries');
  });

  it('counts two thousand entries', async () => {
    const folder = folderWith(...names(2000));

    expect(await linesOf(folder)).toEqual([...names(20, '- '), '- … 1980 more entries']);
  });

  it('shows links as files and does not follow them', async () => {
    const folder = folderWith('real/inside');
    symlinkSync(join(folder, 'real'), join(folder, 'a-link'));
    symlinkSync(folder, join(folder, 'real/loop'));
    symlinkSync('nowhere', join(folder, 'broken'));

    expect(await linesOf(folder)).toEqual(['- real/', '  - inside', '  - loop', '- a-link', '- broken']);
  });

  it('writes what would break a line as an escape', async () => {
    const folder = folderWith('one\ntwo/', 'tab\there', 'bell\u0007', 'line\u2028end', '- … 3', '😀 ok');

    expect(await linesOf(folder)).toEqual([
      String.raw`- one\ntwo/`,
      '- - … 3',
      String.raw`- bell\u{7}`,
      String.raw`- line\u{2028}end`,
      String.raw`- tab\there`,
      '- 😀 ok',
    ]);
  });

  it('survives names that are no UTF-8', async () => {
    const folder = folderWith();
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/bad`), Buffer.from([0xff])]));

    expect(await linesOf(folder)).toEqual(['- bad\uFFFD/']);
  });

  it('is empty for what is no folder', async () => {
    const folder = folderWith('file');

    expect(await linesOf(join(folder, 'file'))).toEqual([]);
    expect(await linesOf(join(folder, 'gone'))).toEqual([]);
  });

  // The superuser may read every folder.
  it.skipIf(process.getuid?.() === 0)('shows a folder that cannot be read as empty', async () => {
    const folder = folderWith('locked/inside', 'open/inside');
    chmodSync(join(folder, 'locked'), 0o000);

    expect(await linesOf(folder)).toEqual(['- locked/', '- open/', '  - inside']);
  });

  it('does not look into the folder that is closed', async () => {
    const folder = folderWith('someone/private', 'other/shown');

    expect(await linesOf(folder, join(folder, 'someone/'))).toEqual(['- other/', '  - shown', '- someone/']);
    expect(await linesOf(folder, folder)).toEqual([]);
  });

  it('is not looked at after the signal has aborted', async () => {
    const options = { closed: null, signal: aborted() };

    await expect(treeLines(folderWith('a'), options)).rejects.toThrow('too late');
  });
});
