import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { v7 as uuidV7 } from 'uuid';
import { onTestFinished } from 'vitest';
import type { CoreEnvironment } from '../../src/core/environment.ts';
import type { Core } from '../../src/core/index.ts';
import { dial } from '../../src/realtime/socket.ts';
import { openConnection, RpcError } from '../../src/rpc/index.ts';
import type { RpcConnection } from '../../src/rpc/index.ts';
import { AppServer } from '../../src/server/index.ts';
import { openCore } from './in-process-core.ts';

const WAIT_MS = 15_000;

export interface InProcessServer {
  readonly core: Core;
  readonly home: string;
  /** Opens a connection with the experimental capability. */
  readonly connect: () => Promise<InProcessClient>;
}

/** A server in this process that reaches the network, and whose clients are in this process as well. */
export function openServer(config: string, overrides: Partial<CoreEnvironment> = {}): InProcessServer {
  const core = openCore((event, params) => server.notify(event, params), {
    http: fetch,
    dial,
    now: Date.now,
    newId: uuidV7,
    ask: (question, params, signal) => server.ask(question, params, signal),
    ...overrides,
  });
  const server: AppServer = new AppServer(core);
  const home = core.environment.codexHome;
  writeFileSync(join(home, 'config.toml'), config);
  onTestFinished(() => core.close());
  return { core, home, connect: () => InProcessClient.open(server) };
}

/** A client of a server in the same process. */
export class InProcessClient {
  /** Every notification, in order. */
  readonly heard: { readonly method: string; readonly params: Readonly<Record<string, unknown>> }[] = [];
  readonly #rpc: RpcConnection;
  readonly #served: RpcConnection;
  /** Every question of the server's that came, in order, each with the way to answer it. */
  readonly asked: {
    readonly method: string;
    readonly params: unknown;
    readonly answer: (result: unknown) => void;
    readonly refuse: () => void;
  }[] = [];
  readonly #watchers = new Set<() => void>();

  private constructor(server: AppServer) {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    this.#served = openConnection({ input: toServer, output: toClient });
    this.#rpc = openConnection({ input: toClient, output: toServer });
    this.#rpc.onNotification((method, params) => {
      this.heard.push({ method, params: params as Readonly<Record<string, unknown>> });
      for (const look of [...this.#watchers]) look();
    });
    this.#rpc.onRequest(
      (method, params) =>
        new Promise((answer, reject) => {
          this.asked.push({ method, params, answer, refuse: () => reject(new RpcError(-32_000, 'no')) });
          for (const look of [...this.#watchers]) look();
        }),
    );
    this.#rpc.listen();
    server.accept(this.#served);
    onTestFinished(() => this.close());
  }

  static async open(server: AppServer): Promise<InProcessClient> {
    const client = new InProcessClient(server);
    const clientInfo = { name: 'test', version: '1' };
    await client.call('initialize', { clientInfo, capabilities: { experimentalApi: true } });
    return client;
  }

  /** Sends a request and gives its result. Rejects with `RpcError` for an error answer. */
  async call<T = Record<string, unknown>>(method: string, params: object): Promise<T> {
    return (await this.#rpc.request(method, params)) as T;
  }

  async startThread(): Promise<string> {
    return (await this.call<{ thread: { id: string } }>('thread/start', {})).thread.id;
  }

  async startTurn(threadId: string, words: string): Promise<string> {
    const input = [{ type: 'text', text: words }];
    return (await this.call<{ turn: { id: string } }>('turn/start', { threadId, input })).turn.id;
  }

  /** How often a method was heard, for one thread. */
  count(method: string, threadId: string): number {
    return this.heard.filter((each) => each.method === method && each.params['threadId'] === threadId).length;
  }

  /** Waits until a method was heard so often for one thread. */
  async until(method: string, threadId: string, count = 1): Promise<void> {
    await this.#wait(`${count} times ${method}`, () => this.count(method, threadId) >= count);
  }

  #wait(what: string, isThere: () => boolean): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        const came = this.heard.map((each) => each.method).join(', ');
        reject(new Error(`expected ${what}; got: ${came || 'nothing'}`));
      }, WAIT_MS);
      const look = (): void => {
        if (!isThere()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Waits until so many questions have come. */
  async untilAsked(count = 1): Promise<void> {
    await this.#wait(`${count} questions`, () => this.asked.length >= count);
  }

  async close(): Promise<void> {
    await Promise.all([this.#served.close(), this.#rpc.close()]);
  }
}
