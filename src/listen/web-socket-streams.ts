import { Readable, Writable } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { RawData, WebSocket } from 'ws';
import { errorMessage } from '../util/errors.ts';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const LINE_END = Buffer.from('\n');

/** How much of what a client sent may wait to be read, in bytes, before its socket is left alone. */
const UNREAD_BYTES = 256 * 1024;

/** How much is handed to the operating system before the rest waits until it has been taken, in bytes. */
const STEP_BYTES = 512 * 1024;

export interface WebSocketStreamsOptions {
  readonly socket: WebSocket;
  /** The connection below the socket. */
  readonly transport: Duplex;
  /** How long the client may take to answer a close, in milliseconds. */
  readonly closeMs: number;
  readonly onError: (message: string) => void;
}

/**
 * A WebSocket as two streams of lines. A text message becomes a line, a line becomes a text message. Line feeds inside a
 * message become carriage returns: between the tokens of JSON both are white space, and inside a text both are wrong.
 *
 * What waits for the client is counted by the output's `writableLength` until the operating system has taken it; the
 * output takes whatever it is given and holds nobody back.
 */
export class WebSocketStreams {
  readonly input: Readable;
  readonly output: Writable;
  /** Resolves when the connection has ended. */
  readonly closed: Promise<void>;
  readonly #options: WebSocketStreamsOptions;
  #sentBytes = 0;
  #goodbye: { code: number; reason: string } = { code: 1000, reason: '' };

  constructor(options: WebSocketStreamsOptions) {
    const { socket } = options;
    this.#options = options;
    this.input = new Readable({ highWaterMark: UNREAD_BYTES, read: () => socket.resume() });
    this.output = new Writable({
      highWaterMark: Number.MAX_SAFE_INTEGER,
      writev: (chunks, done) => {
        const lines = chunks.flatMap(({ chunk }) => splitLines(chunk as Buffer));
        this.#send(lines, () => done());
      },
      final: (done) => {
        this.#close();
        done();
      },
    });
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('error', (error) => options.onError(errorMessage(error)));
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.input.push(null);
        this.output.destroy();
        resolve();
      });
    });
  }

  /** How much the operating system has taken so far. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** Names the code and reason with which the socket is closed when the output ends. */
  sayGoodbye(code: number, reason: string): void {
    this.#goodbye = { code, reason };
  }

  /** Ends both streams at once, leaves out what waits, and closes the socket behind what was handed to it. */
  drop(code: number, reason: string): void {
    this.sayGoodbye(code, reason);
    this.output.destroy();
    this.#close();
  }

  /** Cuts the connection. */
  terminate(): void {
    this.#options.socket.terminate();
  }

  #close(): void {
    const { closeMs, socket } = this.#options;
    const { code, reason } = this.#goodbye;
    // What the client still sends is read for the sake of its own close, which answers this one.
    socket.resume();
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), closeMs);
    void this.closed.then(() => clearTimeout(timer));
  }

  #receive(data: RawData, isBinary: boolean): void {
    const { socket } = this.#options;
    if (socket.readyState !== socket.OPEN) return;
    if (isBinary) {
      // There is no id in it to answer to, and whoever sent it would wait for ever.
      this.drop(1003, 'messages are JSON in text frames');
      return;
    }
    const line = data as Buffer;
    for (let at = line.indexOf(LINE_FEED); at !== -1; at = line.indexOf(LINE_FEED, at + 1)) {
      line[at] = CARRIAGE_RETURN;
    }
    this.input.push(line);
    if (!this.input.push(LINE_END)) socket.pause();
  }

  /**
   * Hands lines over step by step, so that it shows whether a client reads, and so that little is under way when it is
   * to be closed.
   */
  #send(lines: readonly Buffer[], done: () => void): void {
    const { socket, transport } = this.#options;
    let count = 0;
    let bytes = 0;
    while (count < lines.length && bytes < STEP_BYTES) {
      bytes += lines[count]?.length ?? 0;
      count += 1;
    }
    if (count === 0 || this.output.destroyed) return done();
    transport.cork();
    for (const line of lines.slice(0, count - 1)) socket.send(line, { binary: false });
    // A message that could not be sent needs no care here: the end of the connection follows.
    socket.send(lines[count - 1] ?? '', { binary: false }, () => {
      this.#sentBytes += bytes;
      this.#send(lines.slice(count), done);
    });
    transport.uncork();
  }
}

/** The lines of a chunk, which ends with a line feed. */
function splitLines(chunk: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < chunk.length;) {
    const end = chunk.indexOf(LINE_FEED, start);
    lines.push(chunk.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
