import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import { errorMessage } from '../util/errors.ts';
import { within } from '../util/within.ts';
import type { Sdk } from './sdk.ts';
import type { ServerProcess, StartServerProcess, StdioSettings } from './server-settings.ts';
import { TextTail } from './text-tail.ts';

/** How much a message may be long, and how much may wait for a server that does not read, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

/** How many messages may wait for a server that does not read. */
const MAX_WAITING = 1_024;

/** So many lines in a row that are no message are not said by mistake. */
const MAX_STRAY_LINES = 100;

/** How long a server has to end by itself when its input ends, and its last output to arrive, in milliseconds. */
const LEAVE_MS = 200;

const STDERR_KEPT = 4_096;

const LINE_FEED = 10;

export interface StdioTransportOptions {
  readonly settings: StdioSettings;
  readonly startProcess: StartServerProcess;
  readonly sdk: Pick<Sdk, 'deserializeMessage' | 'serializeMessage'>;
}

/** Speaks to a program by its standard streams, one message a line. What is no message is passed over, unless nothing else comes. */
export class StdioTransport implements Transport {
  readonly #options: StdioTransportOptions;
  readonly #stderr = new TextTail(STDERR_KEPT);
  #process: ServerProcess | null = null;
  /** What came of a line that has not ended yet. */
  readonly #unfinished: Buffer[] = [];
  #unfinishedBytes = 0;
  /** How many messages have been written, and not been taken yet. */
  #waiting = 0;
  /** How many lines in a row have been no message. */
  #strayLines = 0;
  #exit: string | null = null;
  /** Why the server was given up. */
  #fault: string | null = null;
  #isClosed = false;
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;

  constructor(options: StdioTransportOptions) {
    this.#options = options;
  }

  /** Why a program was given up, or what is known of the end of one that has ended by itself; null while it runs. */
  get exit(): string | null {
    if (this.#fault !== null) return this.#fault;
    if (this.#exit === null) return null;
    const { lastLine } = this.#stderr;
    return lastLine === '' ? this.#exit : `${this.#exit} and said: ${lastLine}`;
  }

  /** What the program said last on its standard error. */
  get lastWords(): string {
    return this.#stderr.lastLine;
  }

  async start(): Promise<void> {
    const { settings, startProcess } = this.#options;
    const process = await startProcess(settings);
    this.#process = process;
    if (this.#isClosed) return this.#end(process);
    process.stdin.on('error', () => {});
    process.stderr.setEncoding('utf8').on('data', (text: string) => this.#stderr.add(text));
    process.stderr.on('error', () => {});
    process.stdout.on('error', () => {});
    process.stdout.on('data', (chunk: Buffer) => this.#receive(chunk));
    const outputEnded = new Promise<void>((resolve) => void process.stdout.once('close', resolve));
    void process.exited.then(async ({ code, signal }) => {
      this.#exit = signal === null ? `it ended with code ${code ?? '?'}` : `it was ended by ${signal}`;
      await within(LEAVE_MS, outputEnded);
      this.#closed();
    });
    void outputEnded.then(async () => {
      // A server that has closed its output can answer nothing any more.
      if (!(await within(LEAVE_MS, process.exited))) await this.close();
    });
  }

  send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#process?.stdin;
    if (stdin === undefined || !stdin.writable) return Promise.reject(new Error('the server has ended'));
    const line = this.#options.sdk.serializeMessage(message);
    if (stdin.writableLength + Buffer.byteLength(line) > MAX_BYTES) {
      return Promise.reject(new Error('the server does not read what it is sent'));
    }
    // What the system takes at once is told to have been taken a little later.
    if (this.#waiting >= MAX_WAITING && stdin.writableLength > 0) {
      const fault = `it does not read what it is sent: ${MAX_WAITING} messages wait for it`;
      this.#giveUp(fault);
      return Promise.reject(new Error(fault));
    }
    this.#waiting += 1;
    return new Promise((resolve, reject) => {
      stdin.write(line, (error) => {
        this.#waiting -= 1;
        if (error == null) resolve();
        else reject(new Error(`the server cannot be written to: ${errorMessage(error)}`));
      });
    });
  }

  async close(): Promise<void> {
    const process = this.#process;
    this.#closed();
    if (process !== null) await this.#end(process);
  }

  async #end(process: ServerProcess): Promise<void> {
    process.stdin.end();
    await within(LEAVE_MS, process.exited);
    await process.end();
    process.stdin.destroy();
    process.stdout.destroy();
    process.stderr.destroy();
  }

  #receive(chunk: Buffer): void {
    if (this.#isClosed) return;
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      const line = Buffer.concat([...this.#unfinished.splice(0), chunk.subarray(start, end)]);
      this.#unfinishedBytes = 0;
      start = end + 1;
      this.#read(line.toString('utf8'));
      if (this.#isClosed) return;
    }
    const rest = chunk.subarray(start);
    if (rest.length === 0) return;
    this.#unfinished.push(rest);
    this.#unfinishedBytes += rest.length;
    if (this.#unfinishedBytes <= MAX_BYTES) return;
    this.#unfinished.length = 0;
    this.#giveUp('a message is too long');
  }

  #read(line: string): void {
    let message: JSONRPCMessage;
    try {
      message = this.#options.sdk.deserializeMessage(line.trimEnd());
    } catch {
      this.onerror?.(new Error('a line is no message'));
      this.#strayLines += 1;
      if (this.#strayLines < MAX_STRAY_LINES) return;
      this.#giveUp(`it has printed ${MAX_STRAY_LINES} lines in a row that are no messages`);
      return;
    }
    this.#strayLines = 0;
    this.onmessage?.(message);
  }

  #giveUp(fault: string): void {
    if (this.#isClosed) return;
    this.#fault = fault;
    this.onerror?.(new Error(fault));
    void this.close();
  }

  #closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onclose?.();
  }
}
