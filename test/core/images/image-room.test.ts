import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imagesLength, withRoomForImages } from '../../../src/core/images/index.ts';
import { History } from '../../../src/core/turn/history.ts';
import type { ResponseItem } from '../../../src/responses/index.ts';

const MIB = 1024 * 1024;
const PREFIX = 'data:image/png;base64,';
const LEFT_OUT = { type: 'input_text', text: '(an image, left out to make room for later ones)' } as const;

/** An image whose URL has so many characters. */
function image(length: number) {
  return {
    type: 'input_image' as const,
    image_url: PREFIX + 'A'.repeat(length - PREFIX.length),
    detail: null,
  };
}

function output(callId: string, ...parts: (typeof LEFT_OUT | ReturnType<typeof image>)[]): ResponseItem {
  return { type: 'function_call_output', call_id: callId, output: parts };
}

function message(...parts: (typeof LEFT_OUT | ReturnType<typeof image>)[]): ResponseItem {
  return { type: 'message', role: 'user', content: parts };
}

const TEXT: ResponseItem = { type: 'function_call_output', call_id: 't', output: 'words' };

describe('the images of a history', () => {
  it('stay as long as there is room for them', () => {
    const items = [message(image(16 * MIB)), TEXT, output('a', image(16 * MIB))];
    expect(withRoomForImages(items)).toEqual(items);
    expect(imagesLength(items)).toBe(32 * MIB);
  });

  it('become a text where there are too many, the oldest first', () => {
    const large = image(10 * MIB);
    const custom: ResponseItem = { type: 'custom_tool_call_output', call_id: 'c', output: [large] };
    const items = [message(image(50), large), TEXT, custom, output('a', large, image(9 * MIB)), TEXT];
    expect(withRoomForImages(items)).toEqual([
      message(LEFT_OUT, LEFT_OUT),
      TEXT,
      { ...custom, output: [LEFT_OUT] },
      output('a', large, image(9 * MIB)),
      TEXT,
    ]);
  });

  it('that lie elsewhere take no room', () => {
    const far = { ...image(100), image_url: `https://example.com/${'a'.repeat(100)}` };
    expect(imagesLength([message(far)])).toBe(0);
    const items = [message(far), message(image(30 * MIB), image(5 * MIB))];
    expect(withRoomForImages(items)).toEqual([message(far), message(LEFT_OUT, image(5 * MIB))]);
  });

  it('are dropped in steps, so that most requests begin as the ones before', () => {
    const history = new History();
    const beginnings: number[] = [];
    for (let count = 0; count < 80; count += 1) {
      const before = [...history.items];
      history.record(output(`c${count}`, image(MIB)));
      if (before.some((item, index) => item !== history.items[index])) beginnings.push(count);
    }
    expect(beginnings).toEqual([32, 41, 50, 59, 68, 77]);
  });

  it('never take more room than there is, whatever comes, and the newest stay', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 });
    fc.assert(
      fc.property(lengths, (sizes) => {
        const history = new History();
        for (const [index, size] of sizes.entries()) {
          const item = output(`c${index}`, image(size * MIB));
          history.record(item);
          expect(history.items.at(-1)).toBe(item);
          expect(imagesLength(history.items)).toBeLessThanOrEqual(32 * MIB);
        }
      }),
      { numRuns: 20 },
    );
  });
});
