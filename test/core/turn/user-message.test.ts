import { describe, expect, it } from 'vitest';
import { ImageReader, loadSharp } from '../../../src/core/images/index.ts';
import { userMessage } from '../../../src/core/turn/user-message.ts';

const MIB = 1024 * 1024;
const NEVER = new AbortController().signal;

/** What the model is given of images at these URLs: the URL, or the text in its place. */
async function givenOf(urls: readonly string[], signal = NEVER): Promise<string[]> {
  const { content } = await userMessage(
    urls.map((url) => ({ type: 'image', url })),
    new ImageReader(loadSharp),
    signal,
  );
  return content.flatMap((part) => {
    if (part.type === 'input_image') return [part.image_url];
    return part.text.startsWith('<') ? [] : [part.text];
  });
}

describe('the images of an input', () => {
  it('are left out as far as there is no room for them', async () => {
    const url = `data:image/heic;base64,${'A'.repeat(10 * MIB)}`;
    const small = 'data:image/gif;base64,AAAA';
    const far = `https://example.com/${'a'.repeat(MIB)}`;
    const given = await givenOf([url, far, url, `${url}AAAA`, small, url]);
    const refusal = 'An image could not be sent: the images before it take up the room that there is.';
    expect(given.map((each) => (each === url ? 'large' : each))).toEqual([
      'large',
      far,
      'large',
      refusal,
      small,
      refusal,
    ]);
  });

  it('are refused in words where one is too large', async () => {
    expect(await givenOf([`data:image/heic;base64,${'A'.repeat(12 * MIB)}`])).toEqual([
      'An image could not be sent: it is no GIF, JPEG, PNG or WebP image, and has more than 8388608 bytes.',
    ]);
  });

  it('are not waited for when the turn is interrupted', async () => {
    const url = `data:image/heic;base64,${'A'.repeat(2 * MIB)}`;
    expect(await givenOf([url, 'https://example.com/a.png'], AbortSignal.abort())).toEqual([
      'An image could not be sent: the turn was interrupted.',
      'https://example.com/a.png',
    ]);
  });
});
