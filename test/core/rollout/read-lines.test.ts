import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLines } from '../../../src/core/rollout/read-lines.ts';
import type { ReadLinesOptions } from '../../../src/core/rollout/read-lines.ts';
import { testFolder } from '../../support/folder.ts';
import { rolloutFile } from './entries.ts';

interface Line {
  readonly text: string;
  readonly offset: number;
  readonly index: number;
}

async function linesOf(path: string, options?: ReadLinesOptions): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const batch of readLines(path, options)) {
    lines.push(...batch.map(({ bytes, ...place }) => ({ text: bytes.toString('latin1'), ...place })));
  }
  return lines;
}

describe('the lines of a file', () => {
  it('come with their offset and index', async () => {
    const path = await rolloutFile(testFolder(), 'a\n\nbcd\ne');
    expect(await linesOf(path)).toEqual([
      { text: 'a', offset: 0, index: 0 },
      { text: 'bcd', offset: 3, index: 2 },
      { text: 'e', offset: 7, index: 3 },
    ]);
  });

  it('can be read from the middle, where the index begins anew', async () => {
    const path = await rolloutFile(testFolder(), 'a\nb\nc\n');
    expect(await linesOf(path, { start: 2 })).toEqual([
      { text: 'b', offset: 2, index: 0 },
      { text: 'c', offset: 4, index: 1 },
    ]);
    expect(await linesOf(path, { start: 600 })).toEqual([]);
  });

  it('are left out where they are too long, and the others keep their places', async () => {
    const path = await rolloutFile(testFolder(), 'abcd\nabcde\nab\nabcdefghij');
    for (const chunkBytes of [1, 3, 100]) {
      expect(await linesOf(path, { maxLineBytes: 4, chunkBytes })).toEqual([
        { text: 'abcd', offset: 0, index: 0 },
        { text: 'ab', offset: 11, index: 2 },
      ]);
    }
  });

  it('are as splitting the whole file gives them, whatever the size of a chunk', async () => {
    const folder = testFolder();
    const byte = fc.oneof(fc.constant(0x0a), fc.integer({ min: 0, max: 255 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(byte, { maxLength: 200 }),
        fc.integer({ min: 1, max: 64 }),
        async (bytes, chunkBytes) => {
          const content = Buffer.from(bytes);
          let offset = 0;
          const expected: Line[] = [];
          for (const [index, text] of content.toString('latin1').split('\n').entries()) {
            if (text !== '') expected.push({ text, offset, index });
            offset += text.length + 1;
          }
          expect(await linesOf(await rolloutFile(folder, content), { chunkBytes })).toEqual(expected);
        },
      ),
    );
  });

  it('stop with the reader, and a missing file is an error of the file system', async () => {
    const folder = testFolder();
    const path = await rolloutFile(folder, 'a\nb\n');
    for await (const [line] of readLines(path)) {
      expect(line?.bytes.toString()).toBe('a');
      break;
    }
    await expect(linesOf(`${folder}/missing`)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
