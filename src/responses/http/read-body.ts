import { withDeadline } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { streamError } from '../error/responses-error.ts';

export interface ReadBodyOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The longest time that the whole body may take, in milliseconds. */
  readonly milliseconds: number;
  /** The most bytes that are read. */
  readonly limit: number;
}

/** Reads a body as text. Throws when it is longer than the limit or takes too long, and what reading it throws. */
export async function readBody(body: AsyncIterable<Uint8Array>, options: ReadBodyOptions): Promise<string> {
  const text = new BoundedText(options.limit);
  await withDeadline(collect(body, text), {
    ...options,
    expired: () => streamError('the answer of the model provider took too long'),
  });
  if (text.isFull)
    throw streamError(`the answer of the model provider is longer than ${options.limit} bytes`);
  return text.value;
}

/** Reads what comes of a body within the bounds. Failures end the reading; what came until then is the result. */
export async function readBodyStart(
  body: AsyncIterable<Uint8Array>,
  options: ReadBodyOptions,
): Promise<string> {
  const text = new BoundedText(options.limit);
  const collected = collect(body, text).catch(() => {});
  await withDeadline(collected, { ...options, expired: () => streamError('') }).catch(() => {});
  return text.value;
}

async function collect(body: AsyncIterable<Uint8Array>, text: BoundedText): Promise<void> {
  for await (const chunk of body) {
    text.add(chunk);
    if (text.isFull) return;
  }
}

/** Bytes of UTF-8 up to a limit. A character that is cut is replaced. */
class BoundedText {
  readonly #decoder = new TextDecoder();
  #text = '';
  #left: number;
  isFull = false;

  constructor(limit: number) {
    this.#left = limit;
  }

  add(chunk: Uint8Array): void {
    this.#text += this.#decoder.decode(chunk.subarray(0, this.#left), { stream: true });
    this.isFull = chunk.length > this.#left;
    this.#left -= Math.min(chunk.length, this.#left);
  }

  get value(): string {
    return this.#text + this.#decoder.decode();
  }
}
