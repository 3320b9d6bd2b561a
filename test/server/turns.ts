import { expect } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import type { ConfigOptions, InputItem } from '../support/responses-upstream.ts';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The usage of one scripted answer, as it is told. */
export const USAGE = {
  totalTokens: 120,
  inputTokens: 100,
  cachedInputTokens: 10,
  outputTokens: 20,
  reasoningOutputTokens: 5,
};

export const NO_USAGE = times(0);

/** The usage of so many scripted answers. */
export function times(count: number): typeof USAGE {
  return Object.fromEntries(
    Object.entries(USAGE).map(([name, tokens]) => [name, tokens * count]),
  ) as typeof USAGE;
}

/** The limits where the provider tells none. */
export const NO_LIMITS = {
  limitId: 'codex',
  limitName: null,
  primary: null,
  secondary: null,
  credits: null,
  planType: null,
  rateLimitReachedType: null,
};

export const ACTIVE = { type: 'active', activeFlags: [] };
export const IDLE = { type: 'idle' };
export const SYSTEM_ERROR = { type: 'systemError' };

export interface TurnResult {
  readonly turn: Readonly<Record<string, unknown>> & { readonly id: string };
}

/** The error of an answer that says no. */
export function refused<T>(reason: string, message: T): { code: number; message: T; data: object } {
  return { code: -32600, message, data: { reason } };
}

export function text(words: string): object {
  return { type: 'text', text: words };
}

export function textElement(words: string): object {
  return { type: 'text', text: words, text_elements: [] };
}

/** A message of the user's as the model is given it. */
export function user(...words: string[]): object {
  const content = words.map((part) => ({ type: 'input_text', text: part }));
  return { type: 'message', role: 'user', content };
}

/** A message of the model's as it is given back. */
export function assistant(words: string): object {
  return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: words }] };
}

/** The texts of one item of an input, joined. */
export function wordsOf(item: InputItem | undefined): string {
  return (item?.content ?? []).map((part) => part.text ?? '').join('\n');
}

/** An input with each context message replaced by a short word, so that only their places are compared. */
export function layout(input: readonly InputItem[]): string[] {
  return input.map((item) => {
    const words = wordsOf(item);
    if (item.role === 'developer')
      return words.includes('<model_switch>') ? 'developer(switch)' : 'developer';
    if (words.startsWith('<environment_context>')) return 'environment';
    if (words.startsWith('<turn_aborted>')) return 'aborted';
    if (words.startsWith('The conversation before this point')) return `summary: ${words.split('\n').at(-1)}`;
    return item.type === 'message' ? `${item.role}: ${words}` : item.type;
  });
}

export interface OpenOptions extends ConfigOptions {
  /** Further top-level keys of the configuration. */
  readonly top?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly thread?: object;
}

export interface OpenThread {
  readonly upstream: ResponsesUpstream;
  readonly daemon: TestDaemon;
  readonly threadId: string;
}

/** A daemon with one thread, whose model is known unless the options name another. */
export async function openThread(options: OpenOptions = {}): Promise<OpenThread> {
  const { env = {}, model = 'gpt-5.5', thread, top } = options;
  const upstream = await ResponsesUpstream.open();
  const daemon = await TestDaemon.open({ config: upstream.config(top, { ...options, model }), env });
  const threadId = await daemon.startThread(thread);
  await daemon.waitForNotification('thread/started');
  return { upstream, daemon, threadId };
}

/** Starts a turn and gives its id. */
export async function startTurn(
  { daemon, threadId }: Pick<OpenThread, 'daemon' | 'threadId'>,
  words: string,
  more: object = {},
): Promise<string> {
  const result = await daemon.request<TurnResult>('turn/start', { threadId, input: [text(words)], ...more });
  return result.turn.id;
}

/** The view of a turn when its end was told. */
export async function endOf(daemon: TestDaemon, turnId: string): Promise<TurnResult['turn']> {
  const { turn } = (await daemon.waitForNotification(
    'turn/completed',
    (params) => (params as unknown as TurnResult).turn.id === turnId,
  )) as unknown as TurnResult;
  return turn;
}

/** Holds a whole turn: starts it, answers its n-th request by `answer`, and waits for its end. */
export async function wholeTurn(
  thread: OpenThread,
  words: string,
  more: object = {},
): Promise<{ turnId: string; index: number }> {
  const index = thread.upstream.requests.length;
  const turnId = await startTurn(thread, words, more);
  (await thread.upstream.request(index)).answer(`m${index}`, [`answer ${index}`]);
  expect((await endOf(thread.daemon, turnId))['status']).toBe('completed');
  return { turnId, index };
}

/** A turn as it is told, with the places that depend on the time left open. */
export function turnView(id: string, status: string, error: object | null = null): object {
  const isOver = status !== 'inProgress';
  return {
    id,
    items: [],
    itemsView: 'notLoaded',
    status,
    error,
    startedAt: expect.any(Number),
    completedAt: isOver ? expect.any(Number) : null,
    durationMs: isOver ? expect.any(Number) : null,
  };
}

/** The notifications of a turn on one thread, whole. */
export function script(threadId: string, turnId: string) {
  const item = (method: string, time: string, content: object): WireMessage => ({
    method,
    params: { item: content, threadId, turnId, [time]: expect.any(Number) },
  });
  const started = (content: object): WireMessage => item('item/started', 'startedAtMs', content);
  const done = (content: object): WireMessage => item('item/completed', 'completedAtMs', content);
  const message = (id: string, words: string): object => ({
    type: 'agentMessage',
    id,
    text: words,
    phase: null,
    memoryCitation: null,
  });
  return {
    itemStarted: started,
    itemCompleted: done,
    status: (status: object): WireMessage => ({
      method: 'thread/status/changed',
      params: { threadId, status },
    }),
    warning: (words: unknown): WireMessage => ({ method: 'warning', params: { threadId, message: words } }),
    started: { method: 'turn/started', params: { threadId, turn: turnView(turnId, 'inProgress') } },
    completed: (status: string, error?: object): WireMessage => ({
      method: 'turn/completed',
      params: { threadId, turn: turnView(turnId, status, error) },
    }),
    input: (...content: object[]): WireMessage[] => {
      const said = { type: 'userMessage', id: expect.stringMatching(UUID), content };
      return [started(said), done(said)];
    },
    limits: (rateLimits: object = NO_LIMITS): WireMessage => ({
      method: 'account/rateLimits/updated',
      params: { rateLimits },
    }),
    answer: (id: string, deltas: readonly string[]): WireMessage[] => [
      started(message(id, '')),
      ...deltas.map((delta) => ({
        method: 'item/agentMessage/delta',
        params: { threadId, turnId, itemId: id, delta },
      })),
      done(message(id, deltas.join(''))),
    ],
    usage: (total: object = USAGE, last: object = USAGE): WireMessage => ({
      method: 'thread/tokenUsage/updated',
      params: { threadId, turnId, tokenUsage: { total, last, modelContextWindow: 258_400 } },
    }),
    error: (error: object, willRetry = false): WireMessage => ({
      method: 'error',
      params: { error, willRetry, threadId, turnId },
    }),
  };
}
