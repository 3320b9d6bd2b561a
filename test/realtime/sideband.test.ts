import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { joinCall } from '../../src/realtime/sideband.ts';
import type { SidebandOptions } from '../../src/realtime/sideband.ts';
import { dial, DialError } from '../../src/realtime/socket.ts';
import type { DialOptions, RealtimeSocket, SocketEnd, SocketListener } from '../../src/realtime/socket.ts';
import { connectionOf } from '../server-realtime/call.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';

const LOST: SocketEnd = { kind: 'failed', message: 'the connection to the realtime service was lost' };
const GONE = new DialError('could not connect: HTTP status 404', 404);
const DENIED = new DialError('could not connect: HTTP status 401', 401);

/** A socket whose other side is the test. */
class ScriptedSocket implements RealtimeSocket {
  readonly sent: string[] = [];
  isFull = false;
  isPaused = false;
  isClosed = false;
  hasEnded = false;
  #listener: SocketListener | null = null;
  #writable: (() => void)[] = [];

  listen(listener: SocketListener): void {
    this.#listener = listener;
    if (this.hasEnded) listener.onEnd(LOST);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }

  send(frame: string): void {
    this.sent.push(frame);
  }

  writable(): Promise<void> {
    if (!this.isFull) return Promise.resolve();
    return new Promise((resolve) => this.#writable.push(resolve));
  }

  close(): void {
    this.isClosed = true;
    this.#listener = null;
  }

  say(frame: string): void {
    this.#listener?.onText(frame);
  }

  end(end: SocketEnd): void {
    this.hasEnded = true;
    this.isFull = false;
    for (const resolve of this.#writable.splice(0)) resolve();
    this.#listener?.onEnd(end);
  }
}

/** What comes of one attempt to connect: a socket, or why there is none; null never answers. */
type Attempt = ScriptedSocket | Error | null;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Joins a call whose attempts to connect go as they are told, the last again and again. */
function joining(attempts: Attempt[], options: Partial<SidebandOptions> = {}) {
  const times: number[] = [];
  const dialled: DialOptions[] = [];
  const joined = joinCall({
    dial: async (request) => {
      times.push(Date.now());
      dialled.push(request);
      const { signal } = request;
      if (signal.aborted) throw new DialError('cancelled', null);
      const attempt = attempts[Math.min(times.length, attempts.length) - 1] ?? null;
      if (attempt instanceof ScriptedSocket) return attempt;
      if (attempt !== null) throw attempt;
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new DialError('cancelled', null)), { once: true });
      });
    },
    url: 'ws://h/v1/realtime?call_id=rtc_1',
    headers: { Authorization: 'Bearer secret-token' },
    connectTimeoutMs: 1_000,
    maxRetries: 4,
    random: () => 0.5,
    now: Date.now,
    signal: new AbortController().signal,
    ...options,
  });
  return { times, dialled, joined };
}

/** Why there is no socket. */
function reasonOf(joined: Promise<RealtimeSocket>): Promise<string> {
  return joined.then(
    () => 'it was joined',
    (error: unknown) => (error as Error).message,
  );
}

/** What a listener hears. */
function hear(socket: RealtimeSocket): unknown[] {
  const heard: unknown[] = [];
  socket.listen({ onText: (frame) => heard.push(frame), onEnd: (end) => heard.push(end) });
  return heard;
}

/** A joined call with a listener. */
async function joinedCall(attempts: [ScriptedSocket, ...Attempt[]], options: Partial<SidebandOptions> = {}) {
  const { joined, ...rest } = joining(attempts, options);
  const socket = await joined;
  return { ...rest, socket, heard: hear(socket), first: attempts[0] };
}

describe('joining', () => {
  test('connects at once, with what it was given', async () => {
    const { dialled, joined, times } = joining([new ScriptedSocket()]);
    await joined;
    expect([times, dialled]).toEqual([
      [0],
      [
        {
          url: 'ws://h/v1/realtime?call_id=rtc_1',
          headers: { Authorization: 'Bearer secret-token' },
          connectTimeoutMs: 1_000,
          signal: expect.any(AbortSignal),
        },
      ],
    ]);
  });

  test.each<[name: string, failure: Error]>([
    ['the call is not known yet', GONE],
    ['the login is refused', DENIED],
    ['nobody listens', new DialError('could not connect: connect ECONNREFUSED', null)],
    ['a header is wrong', new TypeError('Invalid character in header content')],
  ])(
    'is tried again where %s, with longer and longer waits, and told where it fails',
    async (_name, failure) => {
      const { joined, times } = joining([failure]);
      const told = reasonOf(joined);
      await vi.runAllTimersAsync();
      expect(await told).toBe(`the realtime call could not be joined: ${failure.message}`);
      expect(times).toEqual([0, 200, 600, 1400, 3000]);
    },
  );

  test('the first connection counts', async () => {
    const socket = new ScriptedSocket();
    const { joined, times } = joining([DENIED, GONE, socket]);
    await vi.runAllTimersAsync();
    (await joined).send('hello');
    expect([times, socket.sent]).toEqual([[0, 200, 600], ['hello']]);
  });

  test('is tried once where nothing is to be tried again', async () => {
    const { joined, times } = joining([DENIED], { maxRetries: 0 });
    await expect(joined).rejects.toThrow('HTTP status 401');
    expect(times).toEqual([0]);
  });

  test.each<[name: string, attempt: Attempt]>([
    ['during an attempt', null],
    ['between two attempts', GONE],
  ])('is cancelled %s, and leaves nothing', async (_name, attempt) => {
    const abort = new AbortController();
    const { joined, times } = joining([attempt], { signal: abort.signal });
    const told = reasonOf(joined);
    await vi.advanceTimersByTimeAsync(100);
    abort.abort(new Error('stopped'));
    await vi.runAllTimersAsync();
    expect(await told).toMatch(/^the realtime call could not be joined: /);
    expect([times, vi.getTimerCount()]).toEqual([[0], 0]);
  });
});

describe('a call that is joined', () => {
  test('is an ordinary socket', async () => {
    const { first, heard, socket } = await joinedCall([new ScriptedSocket()]);
    socket.send('one');
    first.say('two');
    socket.pause();
    const wasPaused = first.isPaused;
    socket.resume();
    first.isFull = true;
    expect([first.sent, heard, wasPaused, first.isPaused, socket.isFull, socket.hasEnded]).toEqual([
      ['one'],
      ['two'],
      true,
      false,
      true,
      false,
    ]);
  });

  test('ends when the peer closes it', async () => {
    const { first, heard, socket, times } = await joinedCall([new ScriptedSocket()]);
    first.end({ kind: 'closed', code: 1000 });
    socket.send('too late');
    await vi.runAllTimersAsync();
    expect([heard, socket.hasEnded, socket.isFull, first.sent, times]).toEqual([
      [{ kind: 'closed', code: 1000 }],
      true,
      false,
      [],
      [0],
    ]);
    await socket.writable();
  });

  test('is closed without a word, and twice is fine', async () => {
    const { first, heard, socket, times } = await joinedCall([new ScriptedSocket()]);
    socket.close();
    socket.close();
    first.end(LOST);
    await vi.runAllTimersAsync();
    expect([heard, first.isClosed, socket.hasEnded, times]).toEqual([[], true, true, [0]]);
  });

  test('that was lost before anyone listened is joined again when someone does', async () => {
    const [first, second] = [new ScriptedSocket(), new ScriptedSocket()];
    const { joined, times } = joining([first, second]);
    const socket = await joined;
    first.end(LOST);
    expect(socket.hasEnded).toBe(true);
    const heard = hear(socket);
    await vi.runAllTimersAsync();
    second.say('hello');
    expect([heard, times, socket.hasEnded]).toEqual([['hello'], [0, 0], false]);
  });
});

describe('a call whose connection is lost', () => {
  test('is joined again at once, and what was sent meanwhile arrives in its order', async () => {
    const second = new ScriptedSocket();
    const { first, heard, socket, times } = await joinedCall([new ScriptedSocket(), second]);
    socket.send('before');
    first.end(LOST);
    socket.send('one');
    socket.send('two');
    expect([socket.hasEnded, socket.isFull]).toEqual([false, false]);
    await vi.runAllTimersAsync();
    socket.send('after');
    second.say('hello');
    expect([first.sent, second.sent, heard, times]).toEqual([
      ['before'],
      ['one', 'two', 'after'],
      ['hello'],
      [0, 0],
    ]);
  });

  test('is joined again with waits, as long as the call is there', async () => {
    const last = new ScriptedSocket();
    const { first, heard, times } = await joinedCall([new ScriptedSocket(), DENIED, DENIED, last]);
    first.end(LOST);
    await vi.runAllTimersAsync();
    last.say('hello');
    expect([heard, times]).toEqual([['hello'], [0, 0, 200, 600]]);
  });

  test('fails when it cannot be joined again', async () => {
    const { first, heard, socket, times } = await joinedCall([new ScriptedSocket(), DENIED]);
    first.end(LOST);
    socket.send('never arrives');
    await vi.runAllTimersAsync();
    expect([heard, socket.hasEnded, times]).toEqual([
      [
        {
          kind: 'failed',
          message:
            'the connection to the realtime service was lost, and the call could not be joined again: ' +
            'could not connect: HTTP status 401',
        },
      ],
      true,
      [0, 0, 200, 600, 1400, 3000],
    ]);
  });

  test('fails at once when the call is not there any more', async () => {
    const { first, heard, times } = await joinedCall([new ScriptedSocket(), GONE]);
    first.end(LOST);
    await vi.runAllTimersAsync();
    expect([heard, times]).toEqual([
      [
        {
          kind: 'failed',
          message:
            'the connection to the realtime service was lost, and the call could not be joined again: ' +
            'could not connect: HTTP status 404',
        },
      ],
      [0, 0],
    ]);
  });

  test('fails when it is lost again and again, soon after each joining', async () => {
    const sockets = Array.from({ length: 10 }, () => new ScriptedSocket());
    const { heard, times } = await joinedCall(sockets as [ScriptedSocket, ...ScriptedSocket[]]);
    for (const socket of sockets) {
      socket.end(LOST);
      await vi.runAllTimersAsync();
    }
    expect([heard, times]).toEqual([
      [
        {
          kind: 'failed',
          message: 'the connection to the realtime service was lost, each time it was made again',
        },
      ],
      [0, 0, 200, 600, 1400, 3000],
    ]);
  });

  test('is joined again as often as it is lost, where each connection was steady', async () => {
    const sockets = Array.from({ length: 20 }, () => new ScriptedSocket());
    const { heard, times } = await joinedCall(sockets as [ScriptedSocket, ...ScriptedSocket[]]);
    for (const socket of sockets.slice(0, -1)) {
      await vi.advanceTimersByTimeAsync(10_000);
      socket.end(LOST);
      await vi.advanceTimersByTimeAsync(0);
    }
    sockets.at(-1)?.say('still here');
    expect([heard, times]).toEqual([['still here'], sockets.map((_socket, index) => 10_000 * index)]);
  });

  test('is closed while it is joined again: nothing more is tried, and nobody hears of it', async () => {
    const { first, heard, socket, times } = await joinedCall([new ScriptedSocket(), DENIED]);
    first.end(LOST);
    await vi.advanceTimersByTimeAsync(100);
    socket.close();
    await vi.runAllTimersAsync();
    expect([heard, times, vi.getTimerCount(), socket.hasEnded]).toEqual([[], [0, 0], 0, true]);
  });

  test('is not read after it was joined again, if it was not read before', async () => {
    const second = new ScriptedSocket();
    const { first, socket } = await joinedCall([new ScriptedSocket(), second]);
    socket.pause();
    first.end(LOST);
    await vi.runAllTimersAsync();
    expect(second.isPaused).toBe(true);
    socket.resume();
    expect(second.isPaused).toBe(false);
  });

  test('makes senders wait while too much waits already, until it is joined again', async () => {
    const second = new ScriptedSocket();
    const { first, socket } = await joinedCall([new ScriptedSocket(), DENIED, second]);
    first.end(LOST);
    const frame = 'x'.repeat(256 * 1024);
    const wasFull = Array.from({ length: 4 }, () => {
      const { isFull } = socket;
      socket.send(frame);
      return isFull;
    });
    expect([wasFull, socket.isFull]).toEqual([[false, false, false, false], true]);
    const writable = socket.writable();
    await vi.runAllTimersAsync();
    await writable;
    expect([socket.isFull, second.sent.length]).toEqual([false, 4]);
  });

  test.each<[name: string, end: (socket: RealtimeSocket) => void]>([
    ['is closed', (socket) => socket.close()],
    ['cannot be joined again', () => {}],
  ])('lets senders go when it %s', async (_name, end) => {
    const { first, socket } = await joinedCall([new ScriptedSocket(), DENIED]);
    first.end(LOST);
    socket.send('x'.repeat(1024 * 1024));
    const writable = socket.writable();
    end(socket);
    await vi.runAllTimersAsync();
    await writable;
    expect([socket.isFull, socket.hasEnded]).toEqual([false, true]);
  });

  test('lets a sender go that waited for the connection that was lost', async () => {
    const { first, socket } = await joinedCall([new ScriptedSocket(), new ScriptedSocket()]);
    first.isFull = true;
    const writable = socket.writable();
    first.end(LOST);
    await writable;
    await vi.runAllTimersAsync();
    expect(socket.hasEnded).toBe(false);
  });
});

test('over a real connection: refused, joined, lost, joined again', async () => {
  vi.useRealTimers();
  let handshakes = 0;
  const upstream = await RealtimeUpstream.open({
    refuse: () => {
      handshakes += 1;
      return handshakes === 1 ? { status: '401 Unauthorized' } : null;
    },
  });
  const socket = await joinCall({
    dial,
    url: `${upstream.url.replace('http', 'ws')}/v1/realtime?call_id=rtc_1`,
    headers: { 'x-own': '1' },
    connectTimeoutMs: 10_000,
    maxRetries: 1,
    random: () => 0,
    now: () => performance.now(),
    signal: new AbortController().signal,
  });
  const heard = hear(socket);
  const first = await upstream.until('a socket', () => upstream.sockets[0]);
  connectionOf(first).destroy();
  const second = await upstream.until('another socket', () => upstream.sockets[1]);
  socket.send('{"type":"hello"}');
  await upstream.socket(1);
  second.socket.close(4000);
  await upstream.until('the close', () => second.closed ?? undefined);
  await vi.waitUntil(() => heard.length > 0);
  expect([heard, second.received, upstream.handshakes.map(({ url }) => url)]).toEqual([
    [{ kind: 'closed', code: 4000 }],
    [{ type: 'hello' }],
    Array(3).fill('/v1/realtime?call_id=rtc_1'),
  ]);
});
