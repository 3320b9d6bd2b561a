import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';

/** A playground that runs as a process of its own, on the loopback upstream unless told otherwise. */
export interface Playground {
  readonly daemon: TestDaemon;
  /** The address of the page, with its token. */
  readonly url: string;
  /** The address of the page without its token. */
  readonly origin: string;
  readonly token: string;
}

export interface PlaygroundOptions {
  readonly args?: readonly string[];
  /** Text of `config.toml`. */
  readonly config?: string;
  /** The folder that the agent works in. */
  readonly cwd?: string;
  /** Opens the page in the browser of the system, which the program does unless it is told not to. */
  readonly opensBrowser?: boolean;
}

/** Starts the built program and waits until it tells the address of its page. It is ended after the test. */
export async function startPlayground({
  args = [],
  opensBrowser = false,
  ...daemonOptions
}: PlaygroundOptions = {}): Promise<Playground> {
  const daemon = new TestDaemon({
    ...daemonOptions,
    args: ['playground', '--loopback', ...(opensBrowser ? [] : ['--no-open']), ...args],
    env: opensBrowser ? { PATH: '/nowhere' } : {},
  });
  onTestFinished(() => daemon.dispose());
  const url = await daemon.until('the address of the page', () =>
    daemon.garbage.map((line) => /http:\S+/.exec(line)?.[0]).find((found) => found !== undefined),
  );
  const { hash, origin } = new URL(url);
  return { daemon, url, origin, token: new URLSearchParams(hash.slice(1)).get('token') ?? '' };
}

/** Another client of the playground's daemon, beside the page. */
export interface OtherClient {
  /** Sends a request and gives its result; an error answer fails the test. */
  request(method: string, params: object): Promise<unknown>;
  /** The notifications of that name that came so far. */
  notifications(method: string): WireMessage[];
  /** What the daemon asks; waits for the first question. */
  asked(): Promise<WireMessage>;
  answer(id: unknown, result: object): void;
}

/** Connects as any program can that knows the token. The connection is closed after the test. */
export async function connectTo({ origin, token }: Playground): Promise<OtherClient> {
  const socket = new WebSocket(origin.replace(/^http/, 'ws'), ['parley', `parley.bearer.${token}`]);
  onTestFinished(() => socket.terminate());
  const messages: WireMessage[] = [];
  const answers = new Map<unknown, (answer: WireMessage) => void>();
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString('utf8')) as WireMessage;
    messages.push(message);
    if (message.method === undefined) answers.get(message.id)?.(message);
  });
  await once(socket, 'open');
  const request = async (method: string, params: object): Promise<unknown> => {
    const id = answers.size + 1;
    const answer = await new Promise<WireMessage>((resolve) => {
      answers.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
    if (answer.error !== undefined) throw new Error(`${method} was refused: ${JSON.stringify(answer.error)}`);
    return answer.result;
  };
  const capabilities = { experimentalApi: true };
  await request('initialize', { clientInfo: { name: 'other', version: '1.0.0' }, capabilities });
  const question = ({ id, method }: WireMessage): boolean => id !== undefined && method !== undefined;
  return {
    request,
    notifications: (method) => messages.filter((message) => message.method === method),
    asked: async () => {
      await expect.poll(() => messages.some(question)).toBe(true);
      return messages.find(question)!;
    },
    answer: (id, result) => socket.send(JSON.stringify({ id, result })),
  };
}
