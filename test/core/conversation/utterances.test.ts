import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Utterances } from '../../../src/core/conversation/utterances.ts';

type Role = 'user' | 'assistant';

function listen(): { utterances: Utterances; said: string[] } {
  const said: string[] = [];
  const utterances = new Utterances((role, text) => said.push(`${role}: ${text}`));
  return { utterances, said };
}

describe('utterances without names', () => {
  it('end when the other side goes on, and with the call', () => {
    const { said, utterances } = listen();
    utterances.delta('user', null, 'Plant ');
    utterances.delta('user', null, 'roses.');
    expect(said).toEqual([]);
    utterances.delta('assistant', null, ' Roses ');
    expect(said).toEqual(['user: Plant roses.']);
    utterances.delta('assistant', null, 'it is. ');
    utterances.end();
    expect(said).toEqual(['user: Plant roses.', 'assistant: Roses it is.']);
    utterances.end();
    expect(said).toHaveLength(2);
  });

  it('may be the same again', () => {
    const { said, utterances } = listen();
    utterances.done('user', null, 'Yes.');
    utterances.done('user', null, 'Yes.');
    expect(said).toEqual(['user: Yes.', 'user: Yes.']);
  });

  it('begin anew after a request was handed over', () => {
    const { said, utterances } = listen();
    utterances.delta('user', null, 'Look around.');
    utterances.delta('user', 'u1', 'named');
    utterances.handOff();
    expect(said).toEqual(['user: Look around.']);
    utterances.delta('user', null, 'And here.');
    utterances.end();
    expect(said).toEqual(['user: Look around.', 'user: named', 'user: And here.']);
  });

  it('are not told again with their whole text, be it named or not', () => {
    const { said, utterances } = listen();
    utterances.delta('user', null, 'Plant ro');
    utterances.delta('assistant', null, 'Roses');
    utterances.done('user', 'u1', 'Plant roses.');
    utterances.done('user', 'u1', 'Plant roses.');
    utterances.endResponse();
    utterances.done('assistant', null, 'Roses it is.');
    expect(said).toEqual(['user: Plant ro', 'assistant: Roses']);
    utterances.done('assistant', null, 'Roses it is.');
    expect(said.slice(2)).toEqual(['assistant: Roses it is.']);
  });

  it('that are something else than what was cut short are told', () => {
    const { said, utterances } = listen();
    utterances.delta('assistant', null, 'Roses');
    utterances.endResponse();
    utterances.done('assistant', null, 'Tulips.');
    expect(said).toEqual(['assistant: Roses', 'assistant: Tulips.']);
  });
});

describe('utterances whose pieces are named otherwise than their whole', () => {
  it('are told once, whole', () => {
    const { said, utterances } = listen();
    utterances.delta('user', null, 'Plant');
    utterances.done('user', 'u1', 'Plant roses.');
    utterances.delta('assistant', 'a1', 'Ros');
    utterances.done('assistant', null, 'Roses it is.');
    utterances.end();
    expect(said).toEqual(['user: Plant roses.', 'assistant: Roses it is.']);
  });

  it('do not take the pieces of another item', () => {
    const { said, utterances } = listen();
    utterances.delta('assistant', 'a1', 'One');
    utterances.done('assistant', 'a2', 'Two.');
    utterances.end();
    expect(said).toEqual(['assistant: Two.', 'assistant: One']);
  });
});

describe('utterances with names', () => {
  it('are told by their whole text', () => {
    const { said, utterances } = listen();
    utterances.delta('user', 'u1', 'Plan');
    utterances.done('user', 'u1', ' Plant roses. ');
    utterances.done('assistant', 'a1', 'Roses it is.');
    utterances.end();
    expect(said).toEqual(['user: Plant roses.', 'assistant: Roses it is.']);
  });

  it('are told once, whatever comes late for them', () => {
    const { said, utterances } = listen();
    utterances.delta('assistant', 'a1', 'Roses it');
    utterances.endResponse();
    utterances.delta('assistant', 'a1', ' is.');
    utterances.done('assistant', 'a1', 'Roses it is.');
    utterances.endResponse();
    utterances.done('assistant', 'a1', 'Roses it is.');
    utterances.begin('a1');
    utterances.end();
    expect(said).toEqual(['assistant: Roses it']);
  });

  it('go on side by side', () => {
    const { said, utterances } = listen();
    utterances.delta('assistant', 'a1', 'One ');
    utterances.delta('assistant', 'a2', 'two ');
    utterances.delta('assistant', 'a1', 'and');
    utterances.delta('assistant', 'a2', 'three');
    utterances.endResponse();
    expect(said).toEqual(['assistant: One and', 'assistant: two three']);
  });

  it('of the user do not end with a response', () => {
    const { said, utterances } = listen();
    utterances.delta('user', 'u1', 'Plant');
    utterances.endResponse();
    utterances.done('user', 'u1', 'Plant roses.');
    expect(said).toEqual(['user: Plant roses.']);
  });

  it('that say nothing are not told', () => {
    const { said, utterances } = listen();
    utterances.begin('u1');
    utterances.done('user', 'u1', ' \n');
    utterances.delta('assistant', 'a1', '');
    utterances.done('assistant', 'a1', '');
    utterances.typed(' ');
    utterances.end();
    expect(said).toEqual([]);
  });
});

describe('an answer', () => {
  it('is told behind what it answers, though that is transcribed later', () => {
    const { said, utterances } = listen();
    utterances.begin('u1');
    utterances.delta('assistant', 'a1', 'Roses it is.');
    utterances.done('assistant', 'a1', 'Roses it is.');
    utterances.done('assistant', 'a2', 'Red ones.');
    utterances.endResponse();
    expect(said).toEqual([]);
    utterances.delta('user', 'u1', 'Plant');
    utterances.done('user', 'u1', 'Plant roses.');
    expect(said).toEqual(['user: Plant roses.', 'assistant: Roses it is.', 'assistant: Red ones.']);
  });

  it('that was cut off while it waits is told once, whatever comes late for it', () => {
    const { said, utterances } = listen();
    utterances.begin('u1');
    utterances.delta('assistant', 'a1', 'Roses it');
    utterances.endResponse();
    utterances.delta('assistant', 'a1', ' is.');
    utterances.done('assistant', 'a1', 'Roses it is.');
    utterances.done('user', 'u1', 'Plant roses.');
    utterances.end();
    expect(said).toEqual(['user: Plant roses.', 'assistant: Roses it']);
  });

  it('that began before the user spoke does not wait', () => {
    const { said, utterances } = listen();
    utterances.delta('assistant', 'a1', 'Roses');
    utterances.begin('u1');
    utterances.done('assistant', 'a1', 'Roses it is.');
    expect(said).toEqual(['assistant: Roses it is.']);
  });

  it('waits no longer when the user speaks again', () => {
    const { said, utterances } = listen();
    utterances.begin('u1');
    utterances.done('assistant', 'a1', 'Roses it is.');
    utterances.begin('u1');
    utterances.begin(null);
    expect(said).toEqual([]);
    utterances.begin('u2');
    utterances.done('user', 'u2', 'Thanks.');
    utterances.done('user', 'u1', 'Plant roses.');
    expect(said).toEqual(['assistant: Roses it is.', 'user: Thanks.', 'user: Plant roses.']);
  });

  it('waits no longer when the call ends', () => {
    const { said, utterances } = listen();
    utterances.begin('u1');
    utterances.done('assistant', 'a1', 'Roses it is.');
    utterances.end();
    expect(said).toEqual(['assistant: Roses it is.']);
  });

  it('does not hold up what the user types', () => {
    const { said, utterances } = listen();
    utterances.begin('u1');
    utterances.typed(' Plant roses. ');
    expect(said).toEqual(['user: Plant roses.']);
  });
});

describe('bounds', () => {
  it('the oldest of too many that are open counts as said', () => {
    const { said, utterances } = listen();
    for (let index = 0; index < 17; index += 1) utterances.delta('user', `u${index}`, `word ${index}`);
    expect(said).toEqual(['user: word 0']);
    utterances.done('user', 'u0', 'word 0 and more');
    utterances.end();
    expect(said).toEqual(Array.from({ length: 17 }, (_, index) => `user: word ${index}`));
  });

  it('answers that wait for something that never comes are told when there are too many', () => {
    const { said, utterances } = listen();
    utterances.begin('u1');
    for (let index = 0; index < 16; index += 1) utterances.done('assistant', `a${index}`, `word ${index}`);
    expect(said).toEqual(Array.from({ length: 16 }, (_, index) => `assistant: word ${index}`));
  });

  it('a name that was used long ago is forgotten', () => {
    const { said, utterances } = listen();
    for (let index = 0; index <= 64; index += 1) utterances.done('user', `u${index}`, 'word');
    utterances.done('user', 'u1', 'word');
    expect(said).toHaveLength(65);
    utterances.done('user', 'u0', 'word');
    expect(said).toHaveLength(66);
  });
});

describe('whatever the upstream says', () => {
  const role = fc.constantFrom<Role>('user', 'assistant');
  const text = fc.constantFrom('', ' ', 'a', 'b ', ' c', 'long');
  const name = fc.nat({ max: 9 });

  it('every named utterance is told once and whole, as far as it came before it was told', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('delta', 'done'), role, name, text }),
      fc.record({ kind: fc.constantFrom('begin', 'endResponse', 'handOff'), role, name, text }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { said, utterances } = listen();
        for (const each of steps) {
          // Texts say which item they belong to.
          const itemId = `${each.role}${each.name}`;
          const words = each.text.trim() === '' ? each.text : `${each.name}`;
          if (each.kind === 'delta') utterances.delta(each.role, itemId, words);
          else if (each.kind === 'done') utterances.done(each.role, itemId, words);
          else if (each.kind === 'begin') utterances.begin(`user${each.name}`);
          else if (each.kind === 'endResponse') utterances.endResponse();
          else utterances.handOff();
        }
        utterances.end();
        const items = said.map((line) => line.replace(/: (\d)[\d ]*$/, '$1'));
        expect(new Set(items).size).toBe(items.length);
        const first = new Map<string, boolean>();
        for (const { kind, name: number, role: by, text: words } of steps) {
          const item = `${by}${number}`;
          if (kind === 'delta' || kind === 'done')
            first.set(item, first.get(item) === true || words.trim() !== '');
        }
        for (const item of items) expect(first.get(item)).toBe(true);
      }),
    );
  });

  it('pieces without names are told as runs of one side each', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(role, fc.constantFrom('a', 'b ', ' c'))), (pieces) => {
        const { said, utterances } = listen();
        const runs: { by: Role; words: string }[] = [];
        for (const [by, words] of pieces) {
          utterances.delta(by, null, words);
          const last = runs.at(-1);
          if (last?.by === by) last.words += words;
          else runs.push({ by, words });
        }
        utterances.end();
        expect(said).toEqual(runs.map(({ by, words }) => `${by}: ${words.trim()}`));
      }),
    );
  });
});
