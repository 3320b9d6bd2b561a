import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ProjectInstructions, readInstructions } from '../../../src/core/instructions/index.ts';
import type { InstructionPlaces, Instructions } from '../../../src/core/instructions/index.ts';

const NOTHING: Instructions = { text: null, sources: [], warnings: [] };

/** A folder with these files, removed after the test. A name that ends in `/` is a folder. */
function folderWith(files: Readonly<Record<string, string | Uint8Array>>): (...names: string[]) => string {
  const root = mkdtempSync(join(tmpdir(), 'parley-instructions-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
  return (...names) => join(root, ...names);
}

function read(at: (...names: string[]) => string, more: Partial<InstructionPlaces> = {}): Instructions {
  return readInstructions({ codexHome: at('home'), cwd: at('repo'), maxBytes: 32_768, ...more });
}

describe('project instructions', () => {
  it('are none where there is no file', () => {
    expect(read(folderWith({ 'home/': '', 'repo/': '' }))).toEqual(NOTHING);
    expect(read(folderWith({}))).toEqual(NOTHING);
  });

  it('are the global ones, then those from the root of the project down to the folder', () => {
    const at = folderWith({
      'AGENTS.md': 'outside',
      'home/AGENTS.md': 'global\n',
      'repo/.git/': '',
      'repo/AGENTS.md': '\n\nroot  \n\nof it\n',
      'repo/a/b/AGENTS.md': 'deep',
      'repo/a/b/c/AGENTS.md': 'deeper than asked',
    });
    expect(read(at, { cwd: at('repo', 'a', 'b') })).toEqual({
      text: 'global\n\nroot  \n\nof it\n\ndeep',
      sources: [at('home', 'AGENTS.md'), at('repo', 'AGENTS.md'), at('repo', 'a', 'b', 'AGENTS.md')],
      warnings: [],
    });
  });

  it('begin at the nearest root, also where that is a linked worktree', () => {
    const at = folderWith({
      '.git/': '',
      'AGENTS.md': 'outer',
      'repo/.git': 'gitdir: elsewhere',
      'repo/AGENTS.md': 'inner',
      'repo/a/': '',
    });
    expect(read(at, { cwd: at('repo', 'a') }).text).toBe('inner');
  });

  it('are those of the folder alone where it lies in no project', () => {
    const at = folderWith({ 'repo/AGENTS.md': 'above', 'repo/a/AGENTS.md': 'here' });
    expect(read(at, { cwd: at('repo', 'a') })).toEqual({
      text: 'here',
      sources: [at('repo', 'a', 'AGENTS.md')],
      warnings: [],
    });
  });

  it('are those that override a folder, unless they are blank', () => {
    const at = folderWith({
      'home/AGENTS.override.md': 'mine',
      'home/AGENTS.md': 'everybody’s',
      'repo/AGENTS.override.md': ' \n',
      'repo/AGENTS.md': 'the project’s',
    });
    expect(read(at)).toEqual({
      text: 'mine\n\nthe project’s',
      sources: [at('home', 'AGENTS.override.md'), at('repo', 'AGENTS.md')],
      warnings: [],
    });
  });

  it('are read once where the folder is also the home of the global ones', () => {
    const at = folderWith({ 'home/AGENTS.md': 'once' });
    expect(read(at, { cwd: at('home') }).text).toBe('once');
  });

  it('leave out what is no text, and say so by name', () => {
    const at = folderWith({
      'home/AGENTS.md': 'global',
      'repo/.git/': '',
      'repo/AGENTS.md/': '',
      'repo/a/AGENTS.md': Uint8Array.of(0x61, 0xff, 0x62),
      'repo/a/b/AGENTS.override.md': 'a\0b',
      'repo/a/b/AGENTS.md': 'in its place',
    });
    const warning = (reason: string, ...names: string[]): string =>
      `The instructions in ${at(...names)} are left out: ${reason}.`;
    expect(read(at, { cwd: at('repo', 'a', 'b') })).toEqual({
      text: 'global\n\nin its place',
      sources: [at('home', 'AGENTS.md'), at('repo', 'a', 'b', 'AGENTS.md')],
      warnings: [
        warning('it is not a regular file', 'repo', 'AGENTS.md'),
        warning('it is not valid UTF-8', 'repo', 'a', 'AGENTS.md'),
        warning('it is not a text', 'repo', 'a', 'b', 'AGENTS.override.md'),
      ],
    });
  });

  it.skipIf(process.getuid?.() === 0)('leave out what may not be read', () => {
    const at = folderWith({ 'repo/AGENTS.md': 'secret' });
    chmodSync(at('repo', 'AGENTS.md'), 0);
    expect(read(at)).toEqual({
      ...NOTHING,
      warnings: [`The instructions in ${at('repo', 'AGENTS.md')} are left out: it cannot be read (EACCES).`],
    });
  });

  it('follow a link to a regular file, wherever it is, and to nothing else', () => {
    const at = folderWith({ 'elsewhere.txt': 'linked', 'home/': '', 'repo/a/': '', 'repo/.git/': '' });
    symlinkSync(at('elsewhere.txt'), at('repo', 'AGENTS.md'));
    symlinkSync(at('nowhere'), at('repo', 'a', 'AGENTS.md'));
    symlinkSync('/dev/zero', at('home', 'AGENTS.md'));
    expect(read(at, { cwd: at('repo', 'a') })).toEqual({
      text: 'linked',
      sources: [at('repo', 'AGENTS.md')],
      warnings: [`The instructions in ${at('home', 'AGENTS.md')} are left out: it is not a regular file.`],
    });
  });

  it.skipIf(process.platform === 'win32')('do not wait for a pipe', () => {
    const at = folderWith({ 'repo/': '' });
    expect(spawnSync('/bin/sh', ['-c', 'mkfifo "$0"', at('repo', 'AGENTS.md')]).status).toBe(0);
    expect(read(at).warnings).toEqual([
      `The instructions in ${at('repo', 'AGENTS.md')} are left out: it is not a regular file.`,
    ]);
  });

  it('end at the limit, with a mark, and say what is missing', () => {
    const at = folderWith({
      'home/AGENTS.md': 'a'.repeat(90),
      'repo/.git/': '',
      'repo/AGENTS.md': 'ö'.repeat(20),
      'repo/a/AGENTS.md': 'not a word of this',
      'repo/a/b/AGENTS.md': '',
    });
    const limit = 'all of them together may take 101 bytes (project_doc_max_bytes)';
    const [cut, gone] = [at('repo', 'AGENTS.md'), at('repo', 'a', 'AGENTS.md')];
    expect(read(at, { cwd: at('repo', 'a', 'b'), maxBytes: 101 })).toEqual({
      text: `${'a'.repeat(90)}\n\nööööö\n[${cut} goes on here, beyond the limit for instructions]`,
      sources: [at('home', 'AGENTS.md'), cut],
      warnings: [
        `The instructions in ${cut} are cut: ${limit}.`,
        `The instructions in ${gone} are left out: ${limit}.`,
      ],
    });
  });

  it('are not read at all with a limit of nothing', () => {
    const at = folderWith({ 'home/AGENTS.md': 'a', 'repo/AGENTS.md': 'b' });
    expect(read(at, { maxBytes: 0 })).toEqual(NOTHING);
  });

  it('stay within the limit, whatever the files hold', () => {
    const content = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    );
    const at = folderWith({ 'home/AGENTS.md': '', 'repo/AGENTS.md': '' });
    fc.assert(
      fc.property(content, content, fc.integer({ min: 1, max: 80 }), (global, project, maxBytes) => {
        writeFileSync(at('home', 'AGENTS.md'), global);
        writeFileSync(at('repo', 'AGENTS.md'), project);
        const { text, sources } = read(at, { maxBytes });
        const words = (text ?? '').replace(/\n\[[^\n]* goes on here, [^\n]*\]$/u, '');
        expect(Buffer.byteLength(words)).toBeLessThanOrEqual(maxBytes + 2);
        expect(sources.length === 0).toBe(text === null);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the instructions of a thread', () => {
  it('are read again only where the folder is another one', () => {
    const at = folderWith({ 'home/AGENTS.md': Uint8Array.of(0xff), 'repo/AGENTS.md': 'one', 'other/': '' });
    const warning = `The instructions in ${at('home', 'AGENTS.md')} are left out: it is not valid UTF-8.`;
    const instructions = new ProjectInstructions({
      codexHome: at('home'),
      cwd: at('repo'),
      maxBytes: 100,
    });
    writeFileSync(at('repo', 'AGENTS.md'), 'two');
    expect(instructions.at(at('repo')).text).toBe('one');
    expect(instructions.takeWarnings()).toEqual([warning]);
    expect(instructions.takeWarnings()).toEqual([]);
    expect(instructions.at(at('other')).text).toBeNull();
    expect(instructions.at(at('repo')).text).toBe('two');
    expect(instructions.takeWarnings()).toEqual([warning, warning]);
  });
});
