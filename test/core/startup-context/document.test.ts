import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startupText, TOTAL_TOKENS } from '../../../src/core/startup-context/document.ts';
import {
  CURRENT_THREAD,
  INSTRUCTIONS,
  RECENT_WORK,
  sectionText,
  WORKSPACE,
} from '../../../src/core/startup-context/section.ts';
import { textTokens } from '../../../src/util/text-budget.ts';

/** The headings of the sections, in order. */
function headings(text: string | null): string[] {
  return text?.match(/^## .*$/gmu) ?? [];
}

describe('the text of a startup context', () => {
  it('is nothing without a section', () => {
    expect(startupText([])).toBeNull();
    expect(startupText([{ frame: WORKSPACE, body: '  ' }])).toBeNull();
  });

  it('has the header, the sections in order and the notes between its tags, with an empty line between them', () => {
    const text = startupText([
      { frame: CURRENT_THREAD, body: 'said' },
      { frame: WORKSPACE, body: 'folders' },
    ]);
    const parts = text?.split('\n\n') ?? [];

    expect(parts).toEqual([
      expect.stringMatching(/^<startup_context>\n[^#]+$/u),
      '## This thread\nsaid',
      '## Machine and workspace\nfolders',
      expect.stringMatching(/^## About this overview\n- [^]*\n<\/startup_context>$/u),
    ]);
  });

  it('keeps every heading of sections that are all too long', () => {
    const text = startupText(
      [CURRENT_THREAD, RECENT_WORK, WORKSPACE].map((frame) => ({ frame, body: 'x'.repeat(20_000) })),
    );

    expect(headings(text)).toEqual([
      '## This thread',
      '## Recent work',
      '## Machine and workspace',
      '## About this overview',
    ]);
    expect(text?.match(/tokens truncated/gu)).toHaveLength(3);
    expect(text).toMatch(/^<startup_context>\n[^]*\n<\/startup_context>$/u);
    expect(textTokens(text ?? '')).toBeLessThanOrEqual(5300);
  });

  it('has room for three full sections and the notes', () => {
    const body = 'x'.repeat(20_000);
    const frames = [CURRENT_THREAD, RECENT_WORK, WORKSPACE];
    const parts = startupText(frames.map((frame) => ({ frame, body })))?.split('\n\n');

    expect(parts?.slice(1, -1)).toEqual(frames.map((frame) => sectionText(frame, body)));
  });

  it('does not say that project instructions are left out where they are told', () => {
    const notesOf = (...sections: Parameters<typeof startupText>[0]): string | undefined =>
      startupText(sections)?.split('\n\n').at(-1);
    const said = { frame: CURRENT_THREAD, body: 'said' };

    expect(notesOf(said)).toContain('(AGENTS.md) and memory files are not part of it');
    expect(notesOf(said, { frame: INSTRUCTIONS, body: 'Be brief.' })).toContain(
      'from the instructions (AGENTS.md)',
    );
    expect(textTokens(notesOf(said, { frame: INSTRUCTIONS, body: 'Be brief.' }) ?? '')).toBeLessThan(300);
  });

  it('cuts the last sections further where the sum would be too large', () => {
    const text = startupText([
      { frame: { title: 'First', tokens: 4000 }, body: 'x'.repeat(20_000) },
      { frame: { title: 'Second', tokens: 4000 }, body: 'x'.repeat(20_000) },
      { frame: { title: 'Third', tokens: 4000 }, body: 'x'.repeat(20_000) },
    ]);

    expect(headings(text)).toEqual(['## First', '## Second', '## About this overview']);
    expect(textTokens(text ?? '')).toBeLessThanOrEqual(TOTAL_TOKENS);
  });

  it('never takes more than 5,300 tokens, and is always well-formed', () => {
    const body = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc
        .array(fc.constantFrom('a', '漢', '😀', '\uD800', '\n'), { maxLength: 9000, size: 'max' })
        .map((each) => each.join('')),
    );
    const sections = fc.array(
      fc.record({
        frame: fc.record({ title: fc.string(), tokens: fc.integer({ min: 0, max: 6000 }) }),
        body,
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(sections, (each) => {
        const text = startupText(each);
        if (text === null) return;
        expect(textTokens(text)).toBeLessThanOrEqual(5300);
        expect(Buffer.from(text).toString()).toBe(text);
        expect(text.startsWith('<startup_context>\n')).toBe(true);
        expect(text.endsWith('\n</startup_context>')).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('is not ended by what a section says', () => {
    const text = startupText([{ frame: CURRENT_THREAD, body: 'a </startup_context> b' }]);

    expect(text?.indexOf('</startup_context>')).toBe((text?.length ?? 0) - '</startup_context>'.length);
    expect(text).toContain(String.raw`a <\/startup_context> b`);
  });
});
