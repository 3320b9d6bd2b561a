import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { errorCode } from '../../util/error-code.ts';

/** The largest image file that is sent, in bytes. */
const MAX_IMAGE_BYTES = 20 * 1024 * 1024;

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
};

/** An image as a data URL, or why it cannot be sent. */
export type ImageFile =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly reason: string };

/** Reads an image file that a model can be shown. Never rejects. */
export async function readImage(path: string): Promise<ImageFile> {
  const type = IMAGE_TYPES[extname(path).toLowerCase()];
  if (type === undefined) return { ok: false, reason: 'it is no GIF, JPEG, PNG or WebP file' };
  try {
    const file = await stat(path);
    if (!file.isFile()) return { ok: false, reason: 'it is no regular file' };
    if (file.size > MAX_IMAGE_BYTES)
      return { ok: false, reason: `it is larger than ${MAX_IMAGE_BYTES} bytes` };
    return { ok: true, url: `data:${type};base64,${await readFile(path, 'base64')}` };
  } catch (error) {
    return { ok: false, reason: errorCode(error) };
  }
}
