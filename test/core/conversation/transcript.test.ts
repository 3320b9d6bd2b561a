import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Transcript } from '../../../src/core/conversation/transcript.ts';
import type { TranscriptEntry } from '../../../src/core/conversation/transcript.ts';

/** One thing that happens to a transcript, as a line of a script. */
type Step =
  | ['user+' | 'assistant+', delta: string]
  | ['user=' | 'assistant=', text: string]
  | ['speech started' | 'response created']
  | ['handoff', request: string];

/** Plays a script and gives the snapshot of each handoff, as `role: text` lines. */
function snapshots(...steps: Step[]): string[][] {
  const transcript = new Transcript();
  const taken: TranscriptEntry[][] = [];
  for (const [what, text = ''] of steps) {
    if (what === 'handoff') taken.push(transcript.handOff(text));
    else if (what === 'speech started') transcript.beginEntry('user');
    else if (what === 'response created') transcript.beginEntry('assistant');
    else if (what === 'user+') transcript.addDelta('user', text);
    else if (what === 'assistant+') transcript.addDelta('assistant', text);
    else if (what === 'user=') transcript.replaceText('user', text);
    else transcript.replaceText('assistant', text);
  }
  return taken.map((entries) => entries.map(({ role, text }) => `${role}: ${text}`));
}

describe('what a handoff carries', () => {
  test('deltas of one side are one entry, and a request that was heard is not added', () => {
    expect(
      snapshots(
        ['user+', 'delegate '],
        ['user+', 'now'],
        ['assistant+', 'working'],
        ['handoff', 'delegate now'],
      ),
    ).toEqual([['user: delegate now', 'assistant: working']]);
  });

  test('a request that was not heard comes last', () => {
    expect(snapshots(['assistant+', 'A'], ['user+', 'Q'], ['assistant+', 'B'], ['handoff', 'other'])).toEqual(
      [['assistant: A', 'user: Q', 'assistant: B', 'user: other']],
    );
  });

  test('whole texts and deltas of both sides', () => {
    expect(
      snapshots(
        ['user=', 'U1'],
        ['assistant=', 'A1'],
        ['user=', 'U2'],
        ['assistant+', 'A2'],
        ['handoff', 'run ls'],
      ),
    ).toEqual([['user: U1', 'assistant: A1', 'user: U2', 'assistant: A2', 'user: run ls']]);
  });

  test('only what was said since the handoff before', () => {
    expect(
      snapshots(['user+', 'first'], ['handoff', 'first'], ['user+', 'second'], ['handoff', 'second']),
    ).toEqual([['user: first'], ['user: second']]);
  });

  test('a whole text replaces its deltas', () => {
    expect(
      snapshots(['user+', 'x'], ['assistant+', 'working'], ['assistant=', 'working on it'], ['handoff', 'x']),
    ).toEqual([['user: x', 'assistant: working on it']]);
  });

  test('nothing, when the same is asked again', () => {
    expect(snapshots(['handoff', 'same'], ['handoff', 'same'])).toEqual([['user: same'], []]);
    expect(snapshots(['handoff', 'same'], ['handoff', 'other'], ['handoff', ' same '])).toEqual([
      ['user: same'],
      ['user: other'],
      [],
    ]);
  });

  test('requests are compared and added without the white space around them', () => {
    expect(snapshots(['user+', ' do it\n'], ['handoff', 'do it '])).toEqual([['user:  do it\n']]);
    expect(snapshots(['handoff', '  do it '])).toEqual([['user: do it']]);
  });

  test('a blank request adds nothing', () => {
    expect(snapshots(['assistant+', 'hm'], ['handoff', ' \n'], ['handoff', ''])).toEqual([
      ['assistant: hm'],
      [],
    ]);
  });

  test("the assistant's words do not make a request known", () => {
    expect(snapshots(['assistant+', 'do it'], ['handoff', 'do it'])).toEqual([
      ['assistant: do it', 'user: do it'],
    ]);
  });

  test('a copy: what is said later does not change it', () => {
    const transcript = new Transcript();
    transcript.addDelta('user', 'a');
    const taken = transcript.handOff('a');
    transcript.replaceText('user', 'b');
    expect(taken).toEqual([{ role: 'user', text: 'a' }]);
  });
});

describe('where entries begin', () => {
  test('with each utterance and each response', () => {
    expect(
      snapshots(
        ['user+', 'a'],
        ['speech started'],
        ['user+', 'b'],
        ['user+', 'c'],
        ['response created'],
        ['assistant+', 'd'],
        ['response created'],
        ['assistant+', 'e'],
        ['handoff', ''],
      ),
    ).toEqual([['user: a', 'user: bc', 'assistant: d', 'assistant: e']]);
  });

  test('a whole text begins one as well', () => {
    expect(
      snapshots(['user=', 'a'], ['speech started'], ['user=', 'b'], ['user=', 'c'], ['handoff', '']),
    ).toEqual([['user: a', 'user: c']]);
  });

  test('an empty text is not an entry, but the beginning is used up', () => {
    expect(
      snapshots(['user+', 'a'], ['speech started'], ['user+', ''], ['user+', 'b'], ['handoff', '']),
    ).toEqual([['user: ab']]);
    expect(
      snapshots(
        ['assistant+', 'a'],
        ['response created'],
        ['assistant=', ''],
        ['assistant+', 'b'],
        ['handoff', ''],
      ),
    ).toEqual([['assistant: ab']]);
  });

  test('with both sides after a handoff', () => {
    expect(
      snapshots(['user+', 'a'], ['handoff', ''], ['user+', 'b'], ['assistant+', 'c'], ['handoff', '']),
    ).toEqual([['user: a'], ['user: b', 'assistant: c']]);
  });

  test('one side does not begin an entry of the other', () => {
    expect(snapshots(['assistant+', 'a'], ['speech started'], ['assistant+', 'b'], ['handoff', ''])).toEqual([
      ['assistant: ab'],
    ]);
  });

  test('a late whole text is an entry of its own, never merged past the other side', () => {
    expect(
      snapshots(['user+', 'hel'], ['assistant+', 'hi'], ['user=', 'hello'], ['handoff', 'hello']),
    ).toEqual([['user: hel', 'assistant: hi', 'user: hello']]);
  });
});

describe('any conversation', () => {
  const role = fc.constantFrom('user' as const, 'assistant' as const);
  /** Texts of one side use letters of their own, so that it shows where each letter ended up. */
  const textOf = {
    user: fc.string({ unit: fc.constantFrom('a', 'b') }),
    assistant: fc.string({ unit: fc.constantFrom('x', 'y') }),
  };
  const said = role.chain((who) =>
    fc.record({
      who: fc.constant(who),
      text: textOf[who],
      how: fc.constantFrom('delta' as const, 'whole' as const, 'begin' as const, 'handoff' as const),
    }),
  );

  test('never merges the two sides', () => {
    fc.assert(
      fc.property(fc.array(said, { maxLength: 40 }), (steps) => {
        const transcript = new Transcript();
        const entries: TranscriptEntry[] = [];
        for (const { who, how, text } of steps) {
          if (how === 'delta') transcript.addDelta(who, text);
          else if (how === 'whole') transcript.replaceText(who, text);
          else if (how === 'begin') transcript.beginEntry(who);
          else entries.push(...transcript.handOff(who === 'user' ? text : ''));
        }
        entries.push(...transcript.handOff(''));
        for (const entry of entries) {
          expect(entry.text).toMatch(entry.role === 'user' ? /^[ab]+$/ : /^[xy]+$/);
        }
      }),
    );
  });

  test('of deltas alone loses nothing and keeps the order', () => {
    const spoken = said.filter(({ text }) => text !== '');
    fc.assert(
      fc.property(fc.array(spoken, { maxLength: 40 }), (steps) => {
        const transcript = new Transcript();
        const handedOff: TranscriptEntry[] = [];
        let expected = '';
        for (const { who, how, text } of steps) {
          if (how === 'begin') transcript.beginEntry(who);
          else if (how === 'handoff') handedOff.push(...transcript.handOff(''));
          else {
            transcript.addDelta(who, text);
            expected += text;
          }
        }
        handedOff.push(...transcript.handOff(''));
        expect(handedOff.map(({ text }) => text).join('')).toBe(expected);
      }),
    );
  });
});
