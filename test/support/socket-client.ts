import { afterEach } from 'vitest';
import { WebSocket } from 'ws';
import type { ClientOptions, RawData } from 'ws';
import { TestDaemon } from './daemon.ts';
import type { DaemonOptions, WireMessage } from './daemon.ts';

const WAIT_MS = 15_000;

const open = new Set<SocketClient>();

afterEach(() => {
  for (const client of open) client.socket.terminate();
  open.clear();
});

export interface ConnectOptions extends ClientOptions {
  readonly protocols?: readonly string[];
}

/** A client of a daemon on a WebSocket. Cut off after each test. */
export class SocketClient {
  readonly socket: WebSocket;
  /** Every message that came, in order. */
  readonly messages: WireMessage[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  #isClosed = false;
  #lastId = 0;
  #watchers = new Set<() => void>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    open.add(this);
    socket.on('message', (data: RawData) => {
      this.messages.push(JSON.parse((data as Buffer).toString('utf8')) as WireMessage);
      this.#look();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        this.#isClosed = true;
        resolve({ code, reason: reason.toString('utf8') });
        this.#look();
      });
    });
  }

  /** Opens a WebSocket, and nothing more. Rejects where the handshake is refused. */
  static async connect(
    url: string,
    { protocols = [], ...options }: ConnectOptions = {},
  ): Promise<SocketClient> {
    const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false, ...options });
    const client = new SocketClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => {});
    return client;
  }

  /** Connects and introduces itself, with the experimental capability unless told otherwise. */
  static async open(
    url: string,
    { capabilities = { experimentalApi: true }, ...options }: ConnectOptions & { capabilities?: object } = {},
  ): Promise<SocketClient> {
    const client = await SocketClient.connect(url, options);
    await client.request('initialize', { clientInfo: { name: 'test', version: '1.0.0' }, capabilities });
    client.write({ method: 'initialized' });
    return client;
  }

  write(message: unknown): void {
    this.socket.send(JSON.stringify(message));
  }

  async call(method: string, params?: unknown): Promise<WireMessage> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.write(params === undefined ? { id, method } : { id, method, params });
    return this.waitFor(
      `the answer to ${method}`,
      (message) => message.id === id && message.method === undefined,
    );
  }

  async request<T = Record<string, unknown>>(method: string, params?: unknown): Promise<T> {
    const answer = await this.call(method, params);
    if (answer.error !== undefined) throw new Error(`${method} was refused: ${JSON.stringify(answer.error)}`);
    return answer.result as T;
  }

  async startThread(params: object = {}): Promise<string> {
    const { thread } = await this.request<{ thread: { id: string } }>('thread/start', params);
    return thread.id;
  }

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

  /** Waits until `find` gives something, looking again whenever a message comes; fails when the connection ends. */
  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        const came = this.heardMethods.join(', ');
        reject(new Error(`expected ${what}, but ${why}; got: ${came || 'nothing'}`));
      };
      const timer = setTimeout(() => fail('it did not come'), WAIT_MS);
      const look = (): void => {
        const found = find();
        if (found === undefined) {
          if (this.#isClosed) fail('the connection ended');
          return;
        }
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** The methods of what came, in order; an answer is a word in brackets. */
  get heardMethods(): string[] {
    return this.messages.map((message) => message.method ?? `(answer ${String(message.id)})`);
  }

  #look(): void {
    for (const look of [...this.#watchers]) look();
  }
}

/** What a refused handshake was answered with. */
export async function refusalOf(
  url: string,
  options: ConnectOptions = {},
): Promise<{ status: number | undefined; body: string }> {
  const { protocols = [], ...rest } = options;
  const socket = new WebSocket(url, [...protocols], { perMessageDeflate: false, ...rest });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.terminate();
      reject(new Error('the handshake was not refused'));
    });
    socket.on('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
  });
}

export interface ListeningDaemon {
  readonly daemon: TestDaemon;
  /** As the banner tells them, in their order. */
  readonly urls: readonly string[];
  /** The first of them. */
  readonly url: string;
}

/** Starts a daemon on a free port of 127.0.0.1, unless `listen` names other places, and waits until they are open. */
export async function listeningDaemon({
  args = [],
  listen = ['ws://127.0.0.1:0'],
  ...options
}: DaemonOptions & { listen?: readonly string[] } = {}): Promise<ListeningDaemon> {
  const daemon = new TestDaemon({
    ...options,
    args: ['app-server', ...listen.flatMap((url) => ['--listen', url]), ...args],
  });
  const expected = listen.filter((url) => url !== 'stdio://' && url !== 'off').length;
  const urls = await stderrUntil(daemon, 'the addresses', (text) => {
    const found = [...text.matchAll(/listening on {2}(\S+)\n/g)].map((match) => match[1] ?? '');
    return found.length === expected ? found : undefined;
  });
  return { daemon, urls, url: urls[0] ?? '' };
}

/** Waits until `find` gives something of what the daemon wrote to standard error. */
export async function stderrUntil<T>(
  daemon: TestDaemon,
  what: string,
  find: (text: string) => T | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const { stderr } = daemon.process;
    const fail = (): void => settle(() => reject(new Error(`expected ${what}; got: ${daemon.stderr}`)));
    const settle = (report: () => void): void => {
      clearTimeout(timer);
      stderr.off('data', look);
      stderr.off('close', fail);
      report();
    };
    const timer = setTimeout(fail, WAIT_MS);
    const look = (): void => {
      const found = find(daemon.stderr);
      if (found !== undefined) settle(() => resolve(found));
    };
    stderr.on('data', look);
    stderr.once('close', fail);
    look();
  });
}
