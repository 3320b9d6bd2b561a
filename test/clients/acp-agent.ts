import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { afterEach } from 'vitest';
import { readExchange } from './acp-log.ts';
import type { Exchange } from './acp-log.ts';
import { clientPlace } from './program.ts';
import type { ClientPlace } from './program.ts';

const require = createRequire(import.meta.url);
const ADAPTER = require.resolve('@agentclientprotocol/codex-acp');
const WAIT_MS = 15_000;

/** One update of a session, as far as the tests look at it. */
export interface SessionUpdate {
  readonly sessionUpdate: string;
  readonly content?: { readonly type: string; readonly text: string };
  readonly _meta?: unknown;
  readonly availableCommands?: readonly { readonly name: string }[];
}

export interface Prompted {
  readonly stopReason: string;
  readonly usage: Readonly<Record<string, number>> | null;
}

export interface AcpAgentOptions {
  /** Text of Parley's `config.toml`. */
  readonly config?: string;
  /** What the adapter starts; without it, Parley on its embedded upstream. */
  readonly program?: string;
  /** Further variables. */
  readonly env?: Readonly<Record<string, string>>;
}

interface AcpMessage {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly update: SessionUpdate };
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

const running = new Set<AcpAgent>();

afterEach(async () => {
  await Promise.all([...running].map((agent) => agent.dispose()));
});

/** The adapter as it is published, started on Parley and spoken to as an editor does. Ended after each test. */
export class AcpAgent {
  readonly place: ClientPlace;
  /** Every update of a session, in order. */
  readonly updates: SessionUpdate[] = [];
  readonly #process: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #exited: Promise<void>;
  readonly #messages: AcpMessage[] = [];
  readonly #watchers = new Set<() => void>();
  #stderr = '';
  #lastId = 0;

  constructor({ config = '', program, env = {} }: AcpAgentOptions) {
    this.place = clientPlace({ config });
    this.#process = spawn(process.execPath, [ADAPTER], {
      env: {
        ...this.place.env,
        CODEX_PATH: program ?? this.place.program,
        APP_SERVER_LOGS: this.place.logs,
        ...env,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.#exited = new Promise((done) => this.#process.once('exit', () => done()));
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.#process.stdin.on('error', () => {});
    createInterface({ input: this.#process.stdout }).on('line', (line) => this.#receive(line));
    running.add(this);
  }

  /** Starts the adapter and opens the connection. */
  static async open(options: AcpAgentOptions = {}): Promise<AcpAgent> {
    const agent = new AcpAgent(options);
    await agent.request('initialize', { protocolVersion: 1, clientCapabilities: {} });
    return agent;
  }

  /** What the adapter and Parley said to each other until now. */
  get exchange(): Exchange {
    return readExchange(this.place.logs);
  }

  /** What the agent said until now, over all turns. */
  get spokenText(): string {
    return this.updates
      .flatMap(({ sessionUpdate, content }) =>
        sessionUpdate === 'agent_message_chunk' && content !== undefined ? [content.text] : [],
      )
      .join('');
  }

  /** Sends a request and gives its result; an error answer fails the test. */
  async request<T = Record<string, unknown>>(method: string, params: object): Promise<T> {
    this.#lastId += 1;
    const id = this.#lastId;
    this.#write({ id, method, params });
    const answer = await this.until(`the answer to ${method}`, () =>
      this.#messages.find((message) => message.id === id && message.method === undefined),
    );
    if (answer.error !== undefined) throw new Error(`${method} was refused: ${JSON.stringify(answer.error)}`);
    return answer.result as T;
  }

  notify(method: string, params: object): void {
    this.#write({ method, params });
  }

  async newSession(params: { mcpServers?: readonly object[] } = {}): Promise<string> {
    const { sessionId } = await this.request<{ sessionId: string }>('session/new', {
      cwd: this.place.workingDirectory,
      mcpServers: [],
      ...params,
    });
    return sessionId;
  }

  async prompt(sessionId: string, text: string): Promise<Prompted> {
    return this.request<Prompted>('session/prompt', { sessionId, prompt: [{ type: 'text', text }] });
  }

  /** Waits until `find` gives something, looking again whenever a message comes. */
  async until<T>(what: string, find: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`expected ${what}; got: ${JSON.stringify(this.#messages)}\n${this.#stderr}`));
      }, WAIT_MS);
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  async dispose(): Promise<void> {
    running.delete(this);
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  #write(message: object): void {
    this.#process.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  #receive(line: string): void {
    const message = JSON.parse(line) as AcpMessage;
    this.#messages.push(message);
    if (message.method === 'session/update' && message.params !== undefined) {
      this.updates.push(message.params.update);
    }
    for (const look of [...this.#watchers]) look();
  }
}
