import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readServerSentEvents } from '../../src/responses/http/sse.ts';
import { TestClock } from './support/test-clock.ts';

const IDLE_MS = 1_000;

async function* chunked(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function read(reader: AsyncIterator<Uint8Array>, clock = new TestClock()): Promise<string[]> {
  const events: string[] = [];
  const { signal } = new AbortController();
  const options = { clock, signal, idleTimeoutMs: () => IDLE_MS };
  for await (const data of readServerSentEvents(reader, options)) events.push(data);
  return events;
}

const readText = (text: string): Promise<string[]> => read(chunked([new TextEncoder().encode(text)]));

/** Cuts bytes at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

describe('a stream', () => {
  test.each([
    ['line feeds', 'data: a\n\ndata: b\n\n', ['a', 'b']],
    ['carriage returns', 'data: a\r\rdata: b\r\r', ['a', 'b']],
    ['both', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
    ['a byte order mark', '\u{feff}data: a\n\n', ['a']],
    ['several lines', 'data: a\ndata:b\n\n', ['a\nb']],
    ['one space of two removed', 'data:  a\n\n', [' a']],
    ['comments', ': hello\n\ndata: a\n: there\n\n', ['a']],
    ['other fields', 'event: x\nid: 1\nretry: 2\nfoo: bar\ndata: a\n\n', ['a']],
    ['an event without data', 'event: x\n\n', []],
    ['an event that is cut off', 'data: a\n\ndata: b\n', ['a']],
    ['nothing', '', []],
  ])('with %s', async (_what, text, expected) => {
    expect(await readText(text)).toEqual(expected);
  });

  test('says the same however it is cut', async () => {
    const line = fc.constantFrom('data: é€😀', 'data:', ': x', '', '', 'event: y', 'data', 'nonsense');
    const ending = fc.constantFrom('\n', '\r', '\r\n');
    const text = fc.array(fc.tuple(line, ending)).map((lines) => lines.flat().join(''));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(), { maxLength: 20 }), async (whole, places) => {
        const bytes = new TextEncoder().encode(whole);
        expect(await read(chunked(cut(bytes, places)))).toEqual(await readText(whole));
      }),
    );
  });

  test('may be any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array(), { maxLength: 10 }), async (chunks) => {
        await read(chunked(chunks));
      }),
    );
  });

  test('gives an event that ends with a carriage return without waiting for more', async () => {
    const { signal } = new AbortController();
    const reader = stuckAfter('data: a\r\r');
    const events = readServerSentEvents(reader, {
      clock: new TestClock(),
      signal,
      idleTimeoutMs: () => IDLE_MS,
    });
    expect(await events.next()).toEqual({ done: false, value: 'a' });
  });
});

describe('a wait', () => {
  test('ends when no event comes, whatever else does', async () => {
    const clock = new TestClock();
    const reading = read(stuckAfter(': comment\n\ndata: half an event\n'), clock);
    await clock.expire(IDLE_MS);
    await expect(reading).rejects.toMatchObject({
      kind: 'streamDisconnected',
      message: 'stream disconnected before completion: idle timeout waiting for SSE',
    });
    expect(clock.begun).toEqual([IDLE_MS]);
  });

  test('begins anew with each event', async () => {
    const clock = new TestClock();
    const text = new TextEncoder();
    await read(chunked([text.encode('data: a\n\n'), text.encode('data: b\n\n')]), clock);
    expect(clock.begun).toEqual([IDLE_MS, IDLE_MS, IDLE_MS]);
    expect(clock.pending).toEqual([]);
  });

  test('ends when it is aborted', async () => {
    const abort = new AbortController();
    const options = { clock: new TestClock(), signal: abort.signal, idleTimeoutMs: () => IDLE_MS };
    const next = readServerSentEvents(stuckAfter(''), options).next();
    abort.abort();
    await expect(next).rejects.toMatchObject({ kind: 'aborted' });
  });
});

test('an event without end is given up', async () => {
  const megabyte = new TextEncoder().encode('x'.repeat(1024 * 1024));
  async function* endless(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('data: ');
    for (;;) yield megabyte;
  }
  await expect(read(endless())).rejects.toMatchObject({
    message: 'stream disconnected before completion: an event is longer than 67108864 characters',
  });
});

/** Gives a text and then never anything again. */
function stuckAfter(text: string): AsyncIterator<Uint8Array> {
  const chunks = [new TextEncoder().encode(text)];
  return {
    next: () => {
      const value = chunks.shift();
      return value === undefined ? new Promise(() => {}) : Promise.resolve({ done: false, value });
    },
  };
}
