import { randomBytes } from 'node:crypto';
import { loadSharp } from '../../src/core/images/load-sharp.ts';

/** The package that makes images, or null where there is no build of it for this machine. */
export const sharp = await loadSharp();

/** A PNG of one pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export type Format = 'gif' | 'jpeg' | 'png' | 'webp';

export interface ImageOptions {
  /** Of one colour unless it is noise, which hardly gets smaller. */
  readonly isNoise?: boolean;
  /** How the picture has to be turned, as EXIF has it. */
  readonly orientation?: number;
}

/** An image, made by the package, which has to be there. */
export async function imageOf(
  width: number,
  height: number,
  format: Format,
  { isNoise = false, orientation }: ImageOptions = {},
): Promise<Buffer> {
  if (sharp === null) throw new Error('the package `sharp` is not there');
  const pixels = isNoise ? randomBytes(width * height * 3) : Buffer.alloc(width * height * 3, 0x7f);
  const image = sharp(pixels, { raw: { width, height, channels: 3 } }).toFormat(format);
  return (orientation === undefined ? image : image.withMetadata({ orientation })).toBuffer();
}

export function urlOf(format: Format, bytes: Buffer): string {
  return `data:image/${format};base64,${bytes.toString('base64')}`;
}

/** The bytes that a data URL carries, and their type. */
export function bytesOf(url: string): { readonly type: string; readonly bytes: Buffer } {
  const [head = '', data = ''] = url.split(',');
  return { type: head, bytes: Buffer.from(data, 'base64') };
}
