import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PATCH_GRAMMAR, parsePatch } from '../../src/patch/index.ts';
import { patch } from './support.ts';

/**
 * What a Lark grammar lets through, as a regular expression: names of rules and terminals are replaced by what they stand for. It
 * reads grammars that are not recursive, which this one is not, and throws for a name that stands for nothing.
 */
function regularExpression(grammar: string): RegExp {
  const definitions = new Map(
    grammar.split(/\n(?=\w)/).map((definition) => {
      const colon = definition.indexOf(':');
      return [definition.slice(0, colon), definition.slice(colon + 1)] as const;
    }),
  );
  const unused = new Set(definitions.keys());
  const sourceOf = (name: string): string => {
    const definition = definitions.get(name);
    if (definition === undefined) throw new Error(`${name} is not defined`);
    unused.delete(name);
    const parts = definition.matchAll(/"((?:[^"\\]|\\.)*)"|\/((?:[^/\\]|\\.)+)\/|(\w+)|([()|*+?])|\s+/gu);
    const source = [...parts].map(([, literal, pattern, reference, operator = '']) => {
      if (literal !== undefined) return `(?:${literal.replace(/[*+]/gu, String.raw`\$&`)})`;
      if (pattern !== undefined) return `(?:${pattern})`;
      return reference === undefined ? operator.replace('(', '(?:') : sourceOf(reference);
    });
    return `(?:${source.join('')})`;
  };
  const whole = new RegExp(`^${sourceOf('start')}$`);
  expect([...unused]).toEqual([]);
  return whole;
}

const ACCEPTED = regularExpression(PATCH_GRAMMAR);

describe('the grammar of patches', () => {
  it.each([
    ['adds a file', patch('*** Add File: new/a b.txt', '+first', '+', '++ second', '+*** End Patch')],
    ['adds an empty file', patch('*** Add File: empty')],
    ['deletes a file', `${patch('*** Delete File: old.txt')}\n`],
    ['updates a file', patch('*** Update File: a', '@@', ' same', '-gone', '+come', ' ', '@@ x', '-last')],
    ['finds a place in several steps', patch('*** Update File: a', '@@ class A', '@@   method()', '+x')],
    ['updates the end of a file', patch('*** Update File: a', '@@', '-x', '*** End of File', '@@', '+y')],
    ['moves a file', patch('*** Update File: a', '*** Move to: b', '*** Add File: c', '+x')],
    ['moves and updates a file', patch('*** Update File: é', '*** Move to: 😀', '@@', '-x', '+y')],
  ])('lets a patch through that %s', (_what, text) => {
    expect(ACCEPTED.test(text)).toBe(true);
    expect(parsePatch(text)).toMatchObject({ ok: true });
  });

  it.each([
    ['that is none', 'hello'],
    ['with no file', patch()],
    ['without an end', '*** Begin Patch\n*** Delete File: a'],
    ['with something behind it', `${patch('*** Delete File: a')}\n\nDone.`],
    ['without a path', patch('*** Delete File: ')],
    ['of a folder', patch('*** Delete File: a/')],
    ['with a bare line in a new file', patch('*** Add File: a', 'x')],
    ['with a bare line in an update', patch('*** Update File: a', '@@', 'x')],
    ['without the first @@', patch('*** Update File: a', '-x', '+y')],
    ['that changes nothing', patch('*** Update File: a')],
    ['with a place and no lines', patch('*** Update File: a', '@@ x')],
    [
      'that goes on behind the end of the file',
      patch('*** Update File: a', '@@', '-x', '*** End of File', '-y'),
    ],
  ])('stops a text %s', (_what, text) => {
    expect(ACCEPTED.test(text)).toBe(false);
  });

  it('lets nothing through that cannot be read', () => {
    fc.assert(
      fc.property(fc.stringMatching(ACCEPTED), (text) => {
        expect(parsePatch(text)).toMatchObject({ ok: true });
      }),
      { numRuns: 500 },
    );
  });
});
