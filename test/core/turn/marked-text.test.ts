import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MarkedText, takenApart } from '../../../src/core/turn/stream/marked-text.ts';
import type { TextPiece } from '../../../src/core/turn/stream/marked-text.ts';

const BLOCKS = [
  { tag: 'aside', hasOwnLines: false },
  { tag: 'plan', hasOwnLines: true },
];

function inPieces(pieces: readonly string[]): TextPiece[] {
  const marked = new MarkedText(BLOCKS);
  return [...pieces.flatMap((piece) => marked.push(piece)), ...marked.end()];
}

/** Neighbours of the same tag as one. */
function joined(pieces: readonly TextPiece[]): TextPiece[] {
  const all: TextPiece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (last?.tag === piece.tag) all[all.length - 1] = { tag: piece.tag, text: `${last.text}${piece.text}` };
    else all.push(piece);
  }
  return all;
}

describe('a text with blocks', () => {
  it.each([
    ['one <aside>hidden</aside> two', 'one  two', 'hidden', ''],
    ['before\n<plan>\n- a\n- b\n</plan>\nafter', 'before\nafter', '', '- a\n- b\n'],
    ['<plan>\n- a', '', '', '- a'],
    ['<plan>a</plan><plan>b</plan>', '', '', 'ab'],
    ['<plan>a <aside>b</aside></plan>c', 'c', '', 'a <aside>b</aside>'],
    ['1 < 2 and <plan', '1 < 2 and <plan', '', ''],
    ['</plan> <unknown>x</unknown>', '</plan> <unknown>x</unknown>', '', ''],
  ])('%j is taken apart', (text, shown, aside, plan) => {
    const apart = takenApart(text, BLOCKS);
    expect([apart.shown, apart.inBlocks('aside'), apart.inBlocks('plan')]).toEqual([shown, aside, plan]);
  });

  it('is the same however it comes, and nothing of it is held back that is no tag', () => {
    const word = fc.constantFrom(
      '<plan>',
      '</plan>',
      '<aside>',
      '</aside>',
      '\n',
      '<',
      '</',
      'a',
      'pl',
      'an>',
      'é',
    );
    const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, fc.array(fc.nat(8), { maxLength: 20 }), (whole, cuts) => {
        const pieces: string[] = [];
        let rest = whole;
        for (const cut of cuts) {
          pieces.push(rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        expect(joined(inPieces([...pieces, rest]))).toEqual(joined(inPieces([whole])));
      }),
    );
  });
});
