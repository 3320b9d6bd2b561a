import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSkillHead } from '../../../src/core/skills/front-matter.ts';

function headOf(...lines: string[]): unknown {
  const outcome = parseSkillHead(['---', ...lines, '---', '# Title'].join('\n'));
  return outcome.ok ? outcome.head : outcome.message;
}

describe('the head of a skill', () => {
  it.each([
    ['plain', ['description: Reads: all of it # remark']],
    ['in single quotes', ["description: 'Reads: all of it'"]],
    ['in double quotes', ['description: "Reads: all of \\u0069t"']],
    ['plain over lines', ['description: Reads: all', '  of it # remark', 'version: 1']],
    ['below its key', ['description:', '  "Reads: all of', '  it"']],
    ['in quotes over lines', ['description: "Reads: all', '  of it"']],
    ['folded', ['description: >', '  Reads: all', '', '  of it', 'license: MIT']],
    ['folded without an end', ['description: >-', '    Reads: all', '    of it']],
    ['in lines of its own', ['description: |2+ # remark', '  Reads: all', '  of it', '']],
  ])('may have a description that is %s', (_, lines) => {
    expect(headOf('name: a', ...lines)).toEqual({ name: 'a', description: 'Reads: all of it' });
  });

  it.each([
    ['there is no front matter between two lines of `---`', 'name: a\n---\n'],
    ['the front matter has no `name`', '---\ndescription: b\n---\n'],
    ['the front matter has no `description`', '---\nname: a\nmore:\n  description: b\n---\n'],
    ['`description` is empty', '---\nname: a\ndescription: # nothing\n---\n'],
    ['`description` is not a text', '---\nname: a\ndescription: [b]\n---\n'],
    ['`description` is not a text', '---\nname: a\ndescription:\n  - b\n---\n'],
    ['`description` is not a text', '---\nname: a\ndescription:\n  de: b\n---\n'],
    ['`name` is longer than 64 characters', `---\nname: ${'a'.repeat(65)}\ndescription: b\n---\n`],
  ])('is refused where %s', (message, text) => {
    expect(parseSkillHead(text)).toEqual({ ok: false, message });
  });

  it('is read from any text without an error, and is on one line', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom('---', 'name: a', 'description: b', 'description: >', 'name: "', '  c', ''),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const outcome = parseSkillHead(['---', ...lines].join('\n'));
        if (outcome.ok) expect(`${outcome.head.name}${outcome.head.description}`).not.toMatch(/[\r\n]/u);
      }),
    );
  });

  it('has every description that is written as JSON', () => {
    const words = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .map((text) => text.replace(/\s+/gu, ' ').trim());
    fc.assert(
      fc.property(
        words.filter((text) => text !== ''),
        (description) => {
          expect(headOf('name: a', `description: ${JSON.stringify(description)}`)).toEqual({
            name: 'a',
            description,
          });
        },
      ),
    );
  });
});
