import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OutputBuffer } from '../../src/exec/index.ts';

const MARK = /\n…(\d+) bytes left out…\n/u;

describe('OutputBuffer', () => {
  it('keeps what fits', () => {
    const buffer = new OutputBuffer(8);
    buffer.push('abc');
    buffer.push('defgh');
    expect(buffer.kept()).toEqual({ text: 'abcdefgh', truncatedBytes: 0, lines: 1 });
  });

  it('keeps beginning and end of what does not, between characters', () => {
    const buffer = new OutputBuffer(8);
    buffer.push('äöü');
    buffer.push('xx€€€');
    expect(buffer.kept()).toEqual({ text: 'äö\n…10 bytes left out…\n€', truncatedBytes: 10, lines: 1 });
  });

  it('begins anew when it was taken', () => {
    const buffer = new OutputBuffer(4);
    buffer.push('abcdef');
    expect(buffer.take()).toEqual({ text: 'ab\n…2 bytes left out…\nef', truncatedBytes: 2, lines: 1 });
    buffer.push('xy');
    expect(buffer.take()).toEqual({ text: 'xy', truncatedBytes: 0, lines: 1 });
    expect(buffer.take()).toEqual({ text: '', truncatedBytes: 0, lines: 0 });
  });

  it('accounts for every byte, whatever the pieces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 0, max: 60 }),
        (pieces, kept) => {
          const buffer = new OutputBuffer(kept);
          for (const piece of pieces) buffer.push(piece);
          const whole = Buffer.from(pieces.join(''));
          const { text, truncatedBytes } = buffer.kept();
          if (truncatedBytes === 0) return text === whole.toString();
          const [head = '', count = '', tail = ''] = text.split(MARK);
          const keptBytes = Buffer.byteLength(head) + Buffer.byteLength(tail);
          return (
            keptBytes <= kept &&
            Number(count) === truncatedBytes &&
            keptBytes + truncatedBytes === whole.length &&
            whole.toString().startsWith(head) &&
            whole.toString().endsWith(tail)
          );
        },
      ),
    );
  });

  it('holds no more than it keeps, whatever is pushed', () => {
    const buffer = new OutputBuffer(1_000);
    for (let count = 0; count < 100_000; count += 1) buffer.push('0123456789');
    const { text, truncatedBytes } = buffer.kept();
    expect({ length: text.replace(MARK, '').length, truncatedBytes }).toEqual({
      length: 1_000,
      truncatedBytes: 999_000,
    });
  });

  it('counts the lines of all that came, however it was cut and whatever was kept', () => {
    const buffer = new OutputBuffer(8);
    const linesAfter = ['', 'on', 'e\ntwo', '\n', '\n\nfive\n', 'six'].map((text) => {
      buffer.push(text);
      return buffer.kept().lines;
    });
    expect(linesAfter).toEqual([0, 1, 2, 2, 5, 6]);
    buffer.take();
    buffer.push('a\nb\n');
    expect(buffer.take().lines).toBe(2);
  });
});
