import { describe, expect, it } from 'vitest';
import {
  callWithLastImage,
  withoutImages,
  withoutImagesOf,
} from '../../../src/core/images/refused-images.ts';
import type { ResponseItem } from '../../../src/responses/index.ts';

const IMAGE = { type: 'input_image' as const, image_url: 'data:image/png;base64,AA' };
const WORDS = { type: 'input_text' as const, text: 'words' };
const REFUSED = { type: 'input_text' as const, text: 'Invalid image' };

function output(call_id: string, ...parts: (typeof IMAGE | typeof WORDS)[]): ResponseItem {
  return { type: 'function_call_output', call_id, output: parts };
}

function message(...content: (typeof IMAGE | typeof WORDS)[]): ResponseItem {
  return { type: 'message', role: 'user', content };
}

describe('the image that a provider refuses', () => {
  it.each<[string, ResponseItem[], string | null]>([
    ['nothing where there is none', [message(WORDS), output('a', WORDS)], null],
    ['the last output with one', [output('a', IMAGE), output('b', IMAGE), output('c', WORDS)], 'b'],
    ['an output, whatever was said after it', [output('a', IMAGE), message(WORDS)], 'a'],
    ['not an output that the user showed one after', [output('a', IMAGE), message(IMAGE)], null],
    [
      'the output of a custom tool',
      [{ type: 'custom_tool_call_output', call_id: 'a', output: [IMAGE] }, message(WORDS)],
      'a',
    ],
  ])('is taken to be %s', (_what, items, expected) => {
    expect(callWithLastImage(items)).toBe(expected);
  });

  it('becomes a text, with all others of that output', () => {
    const items = [output('a', IMAGE), output('b', IMAGE, WORDS, IMAGE), message(IMAGE)];
    expect(withoutImagesOf(items, 'b')).toEqual([
      output('a', IMAGE),
      { type: 'function_call_output', call_id: 'b', output: [REFUSED, WORDS, REFUSED] },
      message(IMAGE),
    ]);
  });

  it('is that of the last call of an id that has come twice', () => {
    const items = [output('a', IMAGE), output('a', IMAGE), output('a', WORDS)];
    expect(withoutImagesOf(items, 'a')).toEqual([
      output('a', IMAGE),
      { type: 'function_call_output', call_id: 'a', output: [REFUSED] },
      output('a', WORDS),
    ]);
    expect(withoutImagesOf(items, 'b')).toEqual(items);
  });
});

describe('for a model that cannot be shown images', () => {
  it('each becomes a text, wherever it is', () => {
    const message: ResponseItem = { type: 'message', role: 'user', content: [IMAGE, WORDS] };
    const unseen = { type: 'input_text', text: '(an image, which this model cannot be shown)' };
    const plain: ResponseItem = { type: 'function_call_output', call_id: 'c2', output: 'ok' };
    expect(withoutImages([message, output('c1', WORDS, IMAGE), plain])).toEqual([
      { type: 'message', role: 'user', content: [unseen, WORDS] },
      { type: 'function_call_output', call_id: 'c1', output: [WORDS, unseen] },
      plain,
    ]);
  });
});
