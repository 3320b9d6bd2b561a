import { OneByOne } from '../../util/one-by-one.ts';
import { readRegularFile } from '../../util/regular-file.ts';
import { settledWithin } from '../../util/settled-within.ts';
import { fitImage, MAX_SENT_BYTES, UNTOUCHED_BYTES } from './fit-image.ts';
import { dataUrl, formatOf } from './image-format.ts';
import type { ImageFormat } from './image-format.ts';
import type { LoadSharp } from './load-sharp.ts';

/** The largest image that is read, in bytes. */
const MAX_IMAGE_BYTES = 20 * 1024 * 1024;

/** How many images may wait at a time, and for how long, the reading of a file included. */
const MOST_WAITING = 256;
const LONGEST_WAIT_MS = 120_000;

/** How long reading a file may take, which lies on a disk that may not answer. */
const LONGEST_READ_MS = 10_000;

/** Base64 takes four characters for three bytes; the name of the type comes first. */
const UNTOUCHED_URL_LENGTH = (UNTOUCHED_BYTES / 3) * 4;
const MAX_URL_LENGTH = (MAX_SENT_BYTES / 3) * 4;
const BASE64_URL = /^data:[^,]{0,200};base64,/i;

/** An image as a URL, or why it cannot be sent; the reason completes a sentence about the image. */
export type ImageUrl =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly reason: string };

export interface ReadOptions {
  /** `original` keeps what the file has, down to the byte. */
  readonly detail: 'fitting' | 'original';
  /** Gives up waiting. */
  readonly signal: AbortSignal;
}

const TOO_LARGE = `it is larger than ${MAX_IMAGE_BYTES} bytes`;
const INTERRUPTED = refused('the turn was interrupted');

/** Gets images ready for requests, one at a time, because each can take much memory while it is decoded: one reader is for all. */
export class ImageReader {
  readonly #load: LoadSharp;
  readonly #turns = new OneByOne(MOST_WAITING);

  constructor(load: LoadSharp) {
    this.#load = load;
  }

  /** Reads an image file. Its content says what it is, not its name. Never rejects. */
  read(path: string, { detail, signal }: ReadOptions): Promise<ImageUrl> {
    return this.#inTurn(signal, () => this.#read(path, detail));
  }

  /** A URL that may carry an image: a large one is made to fit, everything else is left alone. Never rejects. */
  async fitUrl(url: string, signal: AbortSignal): Promise<ImageUrl> {
    if (!/^data:/i.test(url) || url.length <= UNTOUCHED_URL_LENGTH) return { ok: true, url };
    return this.#inTurn(signal, () => this.#fitUrl(url));
  }

  async #read(path: string, detail: 'fitting' | 'original'): Promise<ImageUrl> {
    const file = await settledWithin(readRegularFile(path, MAX_IMAGE_BYTES), LONGEST_READ_MS);
    if (file === null) return refused('it cannot be read in time');
    if (file.kind === 'failed') return refused(file.code);
    if (file.kind === 'irregular') return refused('it is no regular file');
    if (file.bytes.length === 0) return refused('it is empty');
    const format = formatOf(file.bytes);
    if (format === null) return refused('it is no GIF, JPEG, PNG or WebP image');
    if (file.isCut) return refused(TOO_LARGE);
    if (detail === 'fitting') return this.#fit(file.bytes, format);
    if (file.bytes.length <= MAX_SENT_BYTES) return { ok: true, url: dataUrl(format, file.bytes) };
    return refused(`it has more than ${MAX_SENT_BYTES} bytes, too many to be sent in its original size`);
  }

  async #fitUrl(url: string): Promise<ImageUrl> {
    const [start] = BASE64_URL.exec(url) ?? [];
    const bytes = start === undefined ? Buffer.alloc(0) : Buffer.from(url.slice(start.length), 'base64');
    if (bytes.length > MAX_IMAGE_BYTES) return refused(TOO_LARGE);
    const format = formatOf(bytes);
    if (format !== null) return this.#fit(bytes, format);
    if (url.length <= MAX_URL_LENGTH) return { ok: true, url };
    return refused(`it is no GIF, JPEG, PNG or WebP image, and has more than ${MAX_SENT_BYTES} bytes`);
  }

  async #fit(bytes: Buffer, format: ImageFormat): Promise<ImageUrl> {
    const fitted = await fitImage(bytes, format, await this.#load());
    return fitted.ok ? { ok: true, url: dataUrl(fitted.format, fitted.bytes) } : fitted;
  }

  async #inTurn(signal: AbortSignal, work: () => Promise<ImageUrl>): Promise<ImageUrl> {
    const result = this.#turns.run(() => (signal.aborted ? Promise.resolve(INTERRUPTED) : work()));
    if (result === null) return refused('too many other images wait to be sent');
    const image = await settledWithin(result, LONGEST_WAIT_MS, signal);
    return image ?? (signal.aborted ? INTERRUPTED : refused('it cannot be got ready in time'));
  }
}

function refused(reason: string): Extract<ImageUrl, { ok: false }> {
  return { ok: false, reason };
}
