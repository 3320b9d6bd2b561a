import type { Sharp as SharpImage } from 'sharp';
import { errorMessage } from '../../util/errors.ts';
import type { ImageFormat } from './image-format.ts';
import type { Sharp } from './load-sharp.ts';

/** The largest width and height that models are shown, in pixels. */
export const MAX_EDGE = 2048;

/** An image that fits and has no more bytes is sent byte for byte. */
export const UNTOUCHED_BYTES = 1024 * 1024;

/** The most bytes that are sent of one image. */
export const MAX_SENT_BYTES = 8 * 1024 * 1024;

/** The most bytes that are sent where there is nothing to make an image smaller with. */
const MAX_UNFITTED_BYTES = 4 * 1024 * 1024;

/** The most pixels that are decoded, which bounds the memory that it takes. */
const MAX_PIXELS = 8192 * 8192;

/** How long decoding and encoding may take. */
const TIMEOUT_SECONDS = 10;

/** For JPEG and WebP, of 100. */
const QUALITY = 85;

/** An image as it can be sent, or why it cannot be; the reason completes a sentence about the image. */
export type FittedImage =
  | { readonly ok: true; readonly format: ImageFormat; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: string };

/**
 * Makes an image fit for a request: upright, without metadata, no wider and no higher than the limit, in the same format. Of
 * a GIF that has to be changed, the first picture becomes a PNG. An image that is fit already is only decoded, to see that
 * it is whole. Never rejects.
 */
export async function fitImage(
  bytes: Buffer,
  format: ImageFormat,
  sharp: Sharp | null,
): Promise<FittedImage> {
  if (sharp === null) {
    if (bytes.length <= MAX_UNFITTED_BYTES) return { ok: true, format, bytes };
    const reason = `it has more than ${MAX_UNFITTED_BYTES} bytes, and the package \`sharp\`, which could make it smaller, is not there`;
    return { ok: false, reason };
  }
  try {
    const image = sharp(bytes, { failOn: 'error', limitInputPixels: MAX_PIXELS });
    if (await isFit(image, bytes)) {
      await image.timeout({ seconds: TIMEOUT_SECONDS }).resize(8, 8, { fit: 'fill' }).raw().toBuffer();
      return { ok: true, format, bytes };
    }
    const fitted = await encoded(image, format);
    if (fitted.bytes.length <= MAX_SENT_BYTES) return fitted;
    const size = `${MAX_EDGE} x ${MAX_EDGE} pixels`;
    return { ok: false, reason: `made to fit ${size} it still has more than ${MAX_SENT_BYTES} bytes` };
  } catch (error) {
    return { ok: false, reason: reasonOf(errorMessage(error)) };
  }
}

async function isFit(image: SharpImage, bytes: Buffer): Promise<boolean> {
  const { height, orientation = 1, width } = await image.metadata();
  return width <= MAX_EDGE && height <= MAX_EDGE && orientation === 1 && bytes.length <= UNTOUCHED_BYTES;
}

async function encoded(image: SharpImage, format: ImageFormat) {
  const fitting = image
    .timeout({ seconds: TIMEOUT_SECONDS })
    .autoOrient()
    .resize({ width: MAX_EDGE, height: MAX_EDGE, fit: 'inside', withoutEnlargement: true });
  switch (format) {
    case 'jpeg':
      return { ok: true, format, bytes: await fitting.jpeg({ quality: QUALITY }).toBuffer() } as const;
    case 'webp':
      return { ok: true, format, bytes: await fitting.webp({ quality: QUALITY }).toBuffer() } as const;
    case 'gif':
    case 'png':
      return { ok: true, format: 'png', bytes: await fitting.png().toBuffer() } as const;
  }
}

/** The package tells what went wrong by words alone. */
function reasonOf(message: string): string {
  if (message.includes('exceeds pixel limit')) return `it has more than ${MAX_PIXELS} pixels`;
  if (message.startsWith('timeout')) return `it cannot be decoded within ${TIMEOUT_SECONDS} seconds`;
  return 'it cannot be decoded';
}
