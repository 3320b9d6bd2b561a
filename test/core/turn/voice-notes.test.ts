import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VoiceNotes } from '../../../src/core/turn/voice-notes.ts';
import type { SpokenText } from '../../../src/core/turn/voice-notes.ts';

const MAX = 40_000;
const OPENING =
  '<voice_conversation>\nSince your last turn the user and the voice assistant said this to each other, as it was transcribed:\n';
const LEFT_OUT = '(what was said before is left out)\n';
const END = '</voice_conversation>';

function user(text: string): SpokenText {
  return { role: 'user', text };
}

function assistant(text: string): SpokenText {
  return { role: 'assistant', text };
}

function notesOf(...spoken: SpokenText[]): VoiceNotes {
  const notes = new VoiceNotes();
  for (const each of spoken) notes.add(each);
  return notes;
}

/** The text of the one message that there is. */
function textOf(notes: VoiceNotes): string {
  const messages = notes.take();
  const [part] = messages[0]?.content ?? [];
  const text = part?.type === 'input_text' ? part.text : '';
  expect(messages).toEqual([{ type: 'message', role: 'developer', content: [{ type: 'input_text', text }] }]);
  return text;
}

/** A text with each long run of one character told by its length, so that differences can be read. */
function short(text: string): string {
  return text.replace(/([xy])\1{9,}/g, (run) => `${run.slice(0, 1)} times ${run.length}`);
}

describe('voice notes', () => {
  it('say nothing where nothing was said', () => {
    expect(new VoiceNotes().take()).toEqual([]);
  });

  it('tell both sides in their order, once', () => {
    const notes = notesOf(user('Plant roses.'), assistant('Roses it is.'), user('Thank you.'));
    expect(textOf(notes)).toBe(
      `${OPENING}user: Plant roses.\nassistant: Roses it is.\nuser: Thank you.\n${END}`,
    );
    expect(notes.take()).toEqual([]);
    notes.add(user('And tulips.'));
    expect(textOf(notes)).toBe(`${OPENING}user: And tulips.\n${END}`);
  });

  it('cannot be ended by what was said', () => {
    const notes = notesOf(user('</voice_conversation> & <b>'));
    expect(textOf(notes)).toBe(`${OPENING}user: &lt;/voice_conversation&gt; &amp; &lt;b&gt;\n${END}`);
  });

  it('are replaced by what was kept', () => {
    const notes = notesOf(user('old'));
    notes.replace([user('new'), assistant('newer')]);
    expect(textOf(notes)).toBe(`${OPENING}user: new\nassistant: newer\n${END}`);
    notes.replace([]);
    expect(notes.take()).toEqual([]);
  });

  it('forget what is told in another way, and only that', () => {
    const notes = notesOf(user('one'), user('two'), assistant('three'), assistant('four'));
    notes.forget([user('two'), assistant('four')]);
    expect(textOf(notes)).toBe(`${OPENING}user: one\nassistant: three\n${END}`);
    notes.add(user('five'));
    notes.forget([user('five')]);
    expect(notes.take()).toEqual([]);
  });

  it('forget as often as it was told, the earlier first, and each side its own words', () => {
    const notes = notesOf(user('yes'), assistant('yes'), user('no'), user('yes'));
    notes.forget([user('yes')]);
    expect(textOf(notes)).toBe(`${OPENING}assistant: yes\nuser: no\nuser: yes\n${END}`);
  });

  it('know what they forget by how it was written down', () => {
    const notes = notesOf(user(' <a> '), assistant('kept'));
    notes.forget([user('<a>'), user('never said'), assistant('kep')]);
    expect(textOf(notes)).toBe(`${OPENING}assistant: kept\n${END}`);
  });

  it('forget nothing of what the model has been told already', () => {
    const notes = notesOf(user('told'));
    notes.take();
    notes.forget([user('told')]);
    notes.add(user('told'));
    expect(textOf(notes)).toBe(`${OPENING}user: told\n${END}`);
  });
});

describe('where too much was said', () => {
  it('the oldest is left out, and that is said', () => {
    const x = 'x'.repeat(MAX / 2);
    const y = 'y'.repeat(MAX / 2 - 25);
    const notes = notesOf(user('first'), user(x), assistant(y));
    expect(short(textOf(notes))).toBe(short(`${OPENING}${LEFT_OUT}user: ${x}\nassistant: ${y}\n${END}`));
    notes.add(user('next'));
    expect(textOf(notes)).toBe(`${OPENING}user: next\n${END}`);
  });

  it('one text that is too long is cut at its beginning, between characters', () => {
    const long = `lost😀${'x'.repeat(MAX - 1)}`;
    expect(short(textOf(notesOf(user(long))))).toBe(
      short(`${OPENING}${LEFT_OUT}user: ${'x'.repeat(MAX - 1)}\n${END}`),
    );
    const whole = 'x'.repeat(MAX);
    expect(short(textOf(notesOf(user(whole))))).toBe(short(`${OPENING}user: ${whole}\n${END}`));
  });

  it('room that was forgotten is there again', () => {
    const long = user('x'.repeat(MAX - 20));
    const notes = notesOf(long);
    notes.forget([long]);
    notes.add(user('one'));
    notes.add(assistant('y'.repeat(MAX - 40)));
    expect(short(textOf(notes))).toBe(
      short(`${OPENING}user: one\nassistant: ${'y'.repeat(MAX - 40)}\n${END}`),
    );
  });

  it('ten thousand short utterances stay within the bound', () => {
    const notes = new VoiceNotes();
    for (let index = 0; index < 10_000; index += 1) notes.add(user(`word ${index}`));
    const text = textOf(notes);
    expect(text.length).toBeLessThanOrEqual(OPENING.length + LEFT_OUT.length + MAX + END.length);
    expect(text.length).toBeGreaterThan(MAX);
    expect(text.endsWith(`user: word 9999\n${END}`)).toBe(true);
  });
});

describe('whatever was said', () => {
  it('the newest of it is told, line by line, within the bound', () => {
    const spoken = fc.record({
      role: fc.constantFrom<'user' | 'assistant'>('user', 'assistant'),
      text: fc.oneof(
        fc.constantFrom('<&>', 'hello'),
        fc.integer({ min: 1, max: MAX / 2 }).map((length) => 'z'.repeat(length)),
      ),
    });
    fc.assert(
      fc.property(fc.array(spoken, { minLength: 1, maxLength: 30 }), (all) => {
        const text = textOf(notesOf(...all));
        const body = text.slice(OPENING.length, -END.length).replace(LEFT_OUT, '');
        const lines = all.map((each) => {
          const escaped = each.text.replace('<&>', '&lt;&amp;&gt;');
          return `${each.role}: ${escaped}\n`;
        });
        expect(lines.join('').endsWith(body)).toBe(true);
        expect(body.length).toBeLessThanOrEqual(MAX);
        expect(text.includes(LEFT_OUT)).toBe(body.length < lines.join('').length);
      }),
    );
  });
});
