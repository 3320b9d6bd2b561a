import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { escapeMarkup } from '../../src/util/markup.ts';

describe('text that is put into an element', () => {
  test.each([
    ['', ''],
    ['a "quoted" \'word\'', 'a "quoted" \'word\''],
    ['1 < 2 && 3 > 2', '1 &lt; 2 &amp;&amp; 3 &gt; 2'],
    ['&lt;', '&amp;lt;'],
    ['</note>', '&lt;/note&gt;'],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeMarkup(text)).toBe(escaped);
  });

  it('cannot end the element, and reads back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeMarkup(text);
        expect(escaped).not.toMatch(/[<>]/);
        const read = escaped.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
        expect(read).toBe(text);
      }),
    );
  });
});
