import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRegularFile, readRegularFileSync } from '../../src/util/regular-file.ts';
import type { RegularFile } from '../../src/util/regular-file.ts';

const IRREGULAR: RegularFile = { kind: 'irregular' };

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-regular-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function bytes(text: string, isCut = false): RegularFile {
  return { kind: 'bytes', bytes: Buffer.from(text), isCut };
}

describe.each([
  ['in the background', readRegularFile],
  ['at once', (path: string, maxBytes: number) => Promise.resolve(readRegularFileSync(path, maxBytes))],
])('a file that is read %s', (_how, read) => {
  it('gives its bytes up to the limit, also through a link', async () => {
    const folder = emptyFolder();
    const path = join(folder, 'a');
    writeFileSync(path, 'words');
    symlinkSync(path, join(folder, 'link'));
    writeFileSync(join(folder, 'empty'), '');
    expect(await read(path, 5)).toEqual(bytes('words'));
    expect(await read(join(folder, 'link'), 100)).toEqual(bytes('words'));
    expect(await read(path, 4)).toEqual(bytes('word', true));
    expect(await read(path, 0)).toEqual(bytes('', true));
    expect(await read(join(folder, 'empty'), 5)).toEqual(bytes(''));
  });

  it('is none where it is a folder or is not there', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'folder'));
    symlinkSync('loop', join(folder, 'loop'));
    expect(await read(join(folder, 'folder'), 5)).toEqual(IRREGULAR);
    expect(await read(join(folder, 'nothing'), 5)).toEqual({ kind: 'failed', code: 'ENOENT' });
    expect(await read(join(folder, 'loop'), 5)).toEqual({ kind: 'failed', code: 'ELOOP' });
    expect(await read('\0', 5)).toEqual({ kind: 'failed', code: 'ERR_INVALID_ARG_VALUE' });
  });

  it.skipIf(process.platform === 'win32')('is none where it is a pipe or a device', async () => {
    const pipe = join(emptyFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await read(pipe, 5)).toEqual(IRREGULAR);
    expect(await read('/dev/zero', 5)).toEqual(IRREGULAR);
  });

  it.skipIf(process.platform !== 'linux')('is none where the system tells of itself', async () => {
    const link = join(emptyFolder(), 'link');
    symlinkSync('/proc/self/environ', link);
    for (const path of [
      link,
      '/proc/self/environ',
      '/proc/meminfo',
      '/sys/kernel/mm/transparent_hugepage/enabled',
    ]) {
      expect([IRREGULAR, { kind: 'failed', code: 'ENOENT' }]).toContainEqual(await read(path, 100_000));
    }
    expect(await read(link, 100_000)).toEqual(IRREGULAR);
  });
});

describe('reading a file', () => {
  it('gives the same in the background and at once, and never more than the limit', async () => {
    const path = join(emptyFolder(), 'a');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(400), async (content, limit) => {
        writeFileSync(path, content);
        const expected = {
          kind: 'bytes',
          bytes: Buffer.from(content.subarray(0, limit)),
          isCut: content.length > limit,
        };
        expect(await readRegularFile(path, limit)).toEqual(expected);
        expect(readRegularFileSync(path, limit)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  it.skipIf(process.platform === 'win32')(
    'never waits for a pipe that takes the place of a file',
    async () => {
      const folder = emptyFolder();
      const [file, pipe, place] = ['file', 'pipe', 'place'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(file, 'words');
      execFileSync('mkfifo', [pipe]);
      const reads: Promise<RegularFile>[] = [];
      for (let round = 0; round < 300; round += 1) {
        renameSync(file, place);
        reads.push(readRegularFile(place, 5));
        await new Promise((resolve) => setImmediate(resolve));
        renameSync(place, file);
        renameSync(pipe, place);
        reads.push(readRegularFile(place, 5));
        await new Promise((resolve) => setImmediate(resolve));
        renameSync(place, pipe);
      }
      for (const result of await Promise.all(reads)) {
        expect([bytes('words'), IRREGULAR, { kind: 'failed', code: 'ENOENT' }]).toContainEqual(result);
      }
    },
  );
});
