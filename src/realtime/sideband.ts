import { backoffMs } from '../util/backoff.ts';
import { errorMessage } from '../util/errors.ts';
import { sleep } from '../util/sleep.ts';
import type { Headers } from './headers.ts';
import { DialError } from './socket.ts';
import type { Dial, RealtimeSocket, SocketEnd, SocketListener } from './socket.ts';

export interface SidebandOptions {
  readonly dial: Dial;
  readonly url: string;
  readonly headers: Headers;
  readonly connectTimeoutMs: number;
  /** How often joining is tried again, at the start and after a loss. */
  readonly maxRetries: number;
  readonly random: () => number;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  /** Ends the joining; a socket that has been joined is ended by `close`. */
  readonly signal: AbortSignal;
}

/** How much may wait to be sent while the call is joined again, in characters; senders wait beyond it. */
const MAX_WAITING = 1024 * 1024;

/** The status of a call that is not there any more. */
const NOT_FOUND = 404;

/** A connection that is lost sooner is as good as none: joining it counts among the tries. In milliseconds. */
const STEADY_MS = 10_000;

/**
 * Joins a call by a socket of its own, which takes part in the call and outlives the loss of a connection. Every failure is
 * tried again. Rejects with an `Error` that says that joining failed, and why.
 */
export async function joinCall(options: SidebandOptions): Promise<RealtimeSocket> {
  try {
    const { socket } = await join(options, { retry: 0, isWorthRetry: () => true });
    return new SidebandSocket(socket, options);
  } catch (error) {
    throw new Error(`the realtime call could not be joined: ${errorMessage(error)}`, { cause: error });
  }
}

interface Tries {
  /** How many came before; the first is made at once. */
  readonly retry: number;
  readonly isWorthRetry: (error: unknown) => boolean;
}

/** Gives the socket, and how many retries it took. */
async function join(
  options: SidebandOptions,
  tries: Tries,
): Promise<{ readonly socket: RealtimeSocket; readonly retry: number }> {
  const { connectTimeoutMs, dial, headers, maxRetries, random, signal, url } = options;
  for (let { retry } = tries; ; retry += 1) {
    if (retry > 0) await sleep(backoffMs(retry, random), signal);
    try {
      return { socket: await dial({ url, headers, connectTimeoutMs, signal }), retry };
    } catch (error) {
      if (signal.aborted || retry >= maxRetries || !tries.isWorthRetry(error)) throw error;
    }
  }
}

/**
 * The socket of a call. When the connection is lost while the call lives on, it is joined again, and what is sent meanwhile
 * waits. It ends when the peer closes it, which is how a call ends, and when joining fails.
 */
class SidebandSocket implements RealtimeSocket {
  readonly #options: SidebandOptions;
  readonly #lifetime = new AbortController();
  #socket: RealtimeSocket;
  #isJoined = true;
  #joinedAt: number;
  /** How many tries it took to be joined again since a connection was steady. */
  #tries = 0;
  #isPaused = false;
  #hasEnded = false;
  #waiting: string[] = [];
  #waitingLength = 0;
  #senders: (() => void)[] = [];
  #listener: SocketListener | null = null;

  constructor(socket: RealtimeSocket, options: SidebandOptions) {
    this.#options = options;
    this.#socket = socket;
    this.#joinedAt = options.now();
  }

  listen(listener: SocketListener): void {
    this.#listener = listener;
    this.#listenTo(this.#socket);
  }

  pause(): void {
    this.#isPaused = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#socket.resume();
  }

  send(frame: string): void {
    if (this.#hasEnded) return;
    if (this.#isJoined) return this.#socket.send(frame);
    this.#waiting.push(frame);
    this.#waitingLength += frame.length;
  }

  get isFull(): boolean {
    return this.#isJoined ? this.#socket.isFull : !this.#hasEnded && this.#waitingLength >= MAX_WAITING;
  }

  async writable(): Promise<void> {
    if (this.#isJoined) return this.#socket.writable();
    if (this.isFull) await new Promise<void>((resolve) => this.#senders.push(resolve));
  }

  get hasEnded(): boolean {
    return this.#hasEnded || (this.#listener === null && this.#socket.hasEnded);
  }

  close(): void {
    this.#listener = null;
    this.#finish({ kind: 'closed', code: 1000 });
    this.#socket.close();
  }

  #listenTo(socket: RealtimeSocket): void {
    socket.listen({
      onText: (frame) => this.#listener?.onText(frame),
      onEnd: (end) => {
        if (end.kind === 'closed') this.#finish(end);
        else void this.#rejoin(end);
      },
    });
    if (this.#isPaused) socket.pause();
  }

  async #rejoin(lost: SocketEnd & { kind: 'failed' }): Promise<void> {
    if (this.#hasEnded) return;
    this.#isJoined = false;
    const { maxRetries, now } = this.#options;
    if (now() - this.#joinedAt >= STEADY_MS) this.#tries = 0;
    if (this.#tries > maxRetries) {
      return this.#finish({ kind: 'failed', message: `${lost.message}, each time it was made again` });
    }
    const { signal } = this.#lifetime;
    try {
      const { retry, socket } = await join(
        { ...this.#options, signal },
        { retry: this.#tries, isWorthRetry: (error) => !isGone(error) },
      );
      if (this.#hasEnded) return socket.close();
      this.#tries = retry + 1;
      this.#joinedAt = now();
      this.#socket = socket;
      this.#isJoined = true;
      for (const frame of this.#waiting.splice(0)) socket.send(frame);
      this.#waitingLength = 0;
      this.#wakeSenders();
      this.#listenTo(socket);
    } catch (error) {
      const message = `${lost.message}, and the call could not be joined again: ${errorMessage(error)}`;
      this.#finish({ kind: 'failed', message });
    }
  }

  #finish(end: SocketEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#lifetime.abort();
    this.#waiting = [];
    this.#wakeSenders();
    this.#listener?.onEnd(end);
  }

  #wakeSenders(): void {
    for (const wake of this.#senders.splice(0)) wake();
  }
}

function isGone(error: unknown): boolean {
  return error instanceof DialError && error.status === NOT_FOUND;
}
