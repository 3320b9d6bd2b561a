import { createParser } from 'eventsource-parser';
import { Deadline } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { streamError } from '../error/responses-error.ts';

/** The longest event that is taken, in characters. */
const LONGEST_EVENT = 64 * 1024 * 1024;

export interface EventStreamOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long the next event may take, in milliseconds; asked before each wait. */
  readonly idleTimeoutMs: () => number;
}

/**
 * Yields the data of each server-sent event that a reader gives. Only whole events count as a sign of life. Throws when
 * the next one takes too long or is too long, and what the reader throws. What stands behind the last blank line is
 * lost. The reader can be read on where this stops.
 */
export async function* readServerSentEvents(
  reader: AsyncIterator<Uint8Array>,
  { clock, idleTimeoutMs, signal }: EventStreamOptions,
): AsyncGenerator<string, void> {
  const parser = new IncrementalParser();
  for (;;) {
    const deadline = new Deadline({
      clock,
      milliseconds: idleTimeoutMs(),
      signal,
      expired: () => streamError('idle timeout waiting for SSE'),
    });
    try {
      while (!parser.hasEvents) {
        const next = await deadline.wait(reader.next());
        if (next.done === true) return;
        parser.feed(next.value);
      }
    } finally {
      deadline.clear();
    }
    yield* parser.takeEvents();
  }
}

/** The parser of the library, with bytes in and data out, and a bound. */
class IncrementalParser {
  readonly #decoder = new TextDecoder();
  #events: string[] = [];
  #isTooLong = false;
  /** Whether the last chunk ended with a carriage return, so that a line feed that comes next belongs to it. */
  #endedWithReturn = false;
  readonly #parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent: ({ data }) => void this.#events.push(data),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') this.#isTooLong = true;
    },
  });

  get hasEvents(): boolean {
    return this.#events.length > 0;
  }

  takeEvents(): string[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** The library holds a line that ends with a carriage return until more comes; a line feed tells it the end now. */
  feed(chunk: Uint8Array): void {
    const decoded = this.#decoder.decode(chunk, { stream: true });
    if (decoded === '') return;
    const text = this.#endedWithReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded;
    this.#endedWithReturn = text.endsWith('\r');
    this.#parser.feed(this.#endedWithReturn ? `${text}\n` : text);
    if (this.#isTooLong) throw streamError(`an event is longer than ${LONGEST_EVENT} characters`);
  }
}
