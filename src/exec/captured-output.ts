import type { Readable } from 'node:stream';
import { deferred } from '../util/deferred.ts';

export type OutputStream = 'stdout' | 'stderr';

/** Told of every piece of text as it comes. It must not throw. */
export type OnOutput = (text: string, stream: OutputStream) => void;

/**
 * Reads a stream to its end as UTF-8: a character that was cut by the border of two pieces comes whole, a byte that is
 * none becomes U+FFFD. Resolves at the end, also when that is a failure or the stream was destroyed.
 */
export function captureText(stream: Readable, onText: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const ended = deferred();
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    const rest = decoder.decode();
    if (rest !== '') onText(rest);
    ended.resolve();
  };
  stream.on('data', (bytes: Buffer) => {
    const text = decoder.decode(bytes, { stream: true });
    if (text !== '') onText(text);
  });
  stream.once('end', finish);
  stream.once('close', finish);
  // The reading end of a pipe fails only with the pipe; what came until then is the output.
  stream.once('error', finish);
  // An empty output can be over before anybody listens.
  if (stream.readableEnded || stream.destroyed) finish();
  return ended.promise;
}
