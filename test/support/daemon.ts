import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach } from 'vitest';

export const PROGRAM = resolve('dist/cli/main.js');

/** A JSON-RPC message as it came over the wire. */
export interface WireMessage {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

export interface DaemonOptions {
  /** Text of `config.toml`. */
  readonly config?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A home that another daemon of the same test made; its `config.toml` is written anew only if `config` is given. */
  readonly home?: string;
}

const WAIT_MS = 15_000;

const running = new Set<TestDaemon>();

afterEach(async () => {
  await Promise.all([...running].map((daemon) => daemon.dispose()));
});

/** The built daemon as a process of its own, spoken to over its standard streams. Ended after each test. */
export class TestDaemon {
  readonly home: string;
  readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Every message that came, in order. */
  readonly messages: WireMessage[] = [];
  /** Every line that came and is not JSON. */
  readonly garbage: string[] = [];
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  stderr = '';
  #lastId = 0;
  #watchers = new Set<() => void>();
  #rest = '';

  constructor({ config, args = ['app-server'], env = {}, cwd, home }: DaemonOptions = {}) {
    this.home = home ?? mkdtempSync(join(tmpdir(), 'parley-test-'));
    mkdirSync(this.home, { recursive: true });
    if (home === undefined || config !== undefined) {
      writeFileSync(join(this.home, 'config.toml'), config ?? '');
    }
    this.process = spawn(process.execPath, [PROGRAM, ...args], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: this.home, CODEX_HOME: this.home, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.exited = new Promise((done) => this.process.once('exit', (code, signal) => done({ code, signal })));
    this.process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.process.stdout.setEncoding('utf8').on('data', (text: string) => this.#receive(text));
    this.process.stdin.on('error', () => {});
    running.add(this);
  }

  /** Starts a daemon and opens the connection with the experimental capability, unless told otherwise. */
  static async open(options: DaemonOptions & { capabilities?: object | null } = {}): Promise<TestDaemon> {
    const daemon = new TestDaemon(options);
    const capabilities =
      options.capabilities === undefined ? { experimentalApi: true } : options.capabilities;
    await daemon.request('initialize', { clientInfo: { name: 'test', version: '1.0.0' }, capabilities });
    daemon.write({ method: 'initialized' });
    return daemon;
  }

  write(message: unknown): void {
    this.raw(`${JSON.stringify(message)}\n`);
  }

  raw(bytes: string | Buffer): void {
    this.process.stdin.write(bytes);
  }

  /** Sends a request and gives the whole answer, be it a result or an error. */
  async call(method: string, params?: unknown): Promise<WireMessage> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.write(params === undefined ? { id, method } : { id, method, params });
    return this.waitFor(
      `the answer to ${method}`,
      (message) => message.id === id && message.method === undefined,
    );
  }

  /** Sends a request and gives its result; an error answer fails the test. */
  async request<T = Record<string, unknown>>(method: string, params?: unknown): Promise<T> {
    const answer = await this.call(method, params);
    if (answer.error !== undefined) throw new Error(`${method} was refused: ${JSON.stringify(answer.error)}`);
    return answer.result as T;
  }

  async startThread(params: object = {}): Promise<string> {
    const { thread } = await this.request<{ thread: { id: string } }>('thread/start', params);
    return thread.id;
  }

  /** The first message that fits, from those that came and those to come. */
  async waitFor(what: string, fits: (message: WireMessage) => boolean): Promise<WireMessage> {
    return this.until(what, () => this.messages.find(fits));
  }

  async waitForNotification(
    method: string,
    fits: (params: Readonly<Record<string, unknown>>) => boolean = () => true,
  ): Promise<Readonly<Record<string, unknown>>> {
    const message = await this.waitFor(
      method,
      (candidate) => candidate.method === method && fits(candidate.params ?? {}),
    );
    return message.params ?? {};
  }

  /** Waits until `find` gives something, looking again whenever a message comes. */
  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolveWait, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const came = this.messages
          .map((message) => message.method ?? `answer ${String(message.id)}`)
          .join(', ');
        reject(new Error(`expected ${what}; got: ${came || 'nothing'}\n${this.stderr.slice(-2000)}`));
      }, WAIT_MS);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolveWait(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** The notifications that came, whole and in order, of the methods that begin with `prefix`. */
  notifications(prefix = ''): WireMessage[] {
    return this.messages.filter(({ id, method }) => id === undefined && method?.startsWith(prefix) === true);
  }

  /** Ends the input and waits until the daemon has left of itself. Its home stays for another daemon. */
  async stop(): Promise<void> {
    this.process.stdin.end();
    await this.exited;
  }

  /** Kills the daemon. Its home is removed when the last daemon on it is gone. */
  async dispose(): Promise<void> {
    this.process.stdin.destroy();
    this.process.kill('SIGKILL');
    await this.exited;
    running.delete(this);
    if ([...running].some(({ home }) => home === this.home)) return;
    rmSync(this.home, { recursive: true, force: true });
  }

  #receive(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      try {
        this.messages.push(JSON.parse(line) as WireMessage);
      } catch {
        this.garbage.push(line);
      }
    }
    for (const look of [...this.#watchers]) look();
  }
}
