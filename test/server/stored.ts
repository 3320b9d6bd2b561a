import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import type { ConfigOptions } from '../support/responses-upstream.ts';
import type { OpenThread } from './turns.ts';

/** A thread as a client is told of it. */
export interface ThreadObject extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly path: string;
  readonly turns: readonly TurnObject[];
}

export interface TurnObject extends Readonly<Record<string, unknown>> {
  readonly id: string;
  readonly items: readonly (Readonly<Record<string, unknown>> & {
    readonly type: string;
    readonly id: string;
  })[];
}

/** What `thread/start`, `thread/resume` and `thread/fork` answer. */
export interface SessionAnswer extends Readonly<Record<string, unknown>> {
  readonly thread: ThreadObject;
}

/** A line of a rollout file. */
export interface Line {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** A thread in a folder of its own, outside any repository. */
export interface StoredThread extends OpenThread {
  readonly path: string;
  readonly folder: string;
}

export interface StoredOptions extends ConfigOptions {
  /** Further top-level keys of the configuration. */
  readonly top?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Parameters of `thread/start`. */
  readonly thread?: object;
  /** What the client says that it can, in place of the experimental capability. */
  readonly capabilities?: object | null;
}

/** A daemon that works in a folder of its own, with a model that is known. */
export async function openDaemon({ env = {}, model = 'gpt-5.5', top, ...options }: StoredOptions = {}) {
  const upstream = await ResponsesUpstream.open();
  const folder = testFolder();
  const config = upstream.config(top, { ...options, model });
  const daemon = await TestDaemon.open({
    config,
    env: { TZ: 'UTC', ...env },
    cwd: folder,
    ...(options.capabilities === undefined ? {} : { capabilities: options.capabilities }),
  });
  return { upstream, daemon, folder };
}

/** A daemon with one new thread. */
export async function openStored(options: StoredOptions = {}): Promise<StoredThread> {
  const opened = await openDaemon(options);
  const { thread } = await opened.daemon.request<SessionAnswer>('thread/start', options.thread ?? {});
  await opened.daemon.waitForNotification('thread/started');
  return { ...opened, threadId: thread.id, path: thread.path };
}

/** Ends the daemon and starts another one on the same home. */
export async function restart<T extends { daemon: TestDaemon; folder: string }>(
  opened: T,
  { config, env = {} }: { config?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<T> {
  await opened.daemon.stop();
  const daemon = await TestDaemon.open({
    home: opened.daemon.home,
    env: { TZ: 'UTC', ...env },
    cwd: opened.folder,
    ...(config === undefined ? {} : { config }),
  });
  return { ...opened, daemon };
}

/** The lines of a file; each has to be whole. */
export function linesOf(path: string): Line[] {
  const text = readFileSync(path, 'utf8');
  if (text !== '' && !text.endsWith('\n')) throw new Error(`the last line of ${path} is torn`);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);
}

/** A line as it has to be, whenever it was written. */
export function line(type: string, payload: object): object {
  return { timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/), type, payload };
}

export function event(type: string, payload: object = {}): object {
  return line('event_msg', { type, ...payload });
}

/** A line of a file that is made by hand. */
export function encoded(type: string, payload: object, timestamp = '2026-11-20T23:15:22.103Z'): string {
  return `${JSON.stringify({ timestamp, type, payload })}\n`;
}

export function encodedEvent(type: string, payload: object = {}): string {
  return encoded('event_msg', { type, ...payload });
}

/** The thread of the fixtures, and the names of their turns. */
export const FIXTURE_ID = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';
export const FIXTURE_TURN = '01a1fb3d-7000-7000-8000-00000000000';

/** Where the file of a thread belongs that was made in the second that the stamp names. */
export function storedPath(home: string, id = FIXTURE_ID, stamp = '2026-11-20T23-15-21'): string {
  const [date = ''] = stamp.split('T');
  return join(home, 'sessions', ...date.split('-'), `rollout-${stamp}-${id}.jsonl`);
}

/** Puts a file of lines where the daemon finds it. */
export function place(path: string, ...lines: readonly string[]): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, lines.join(''));
  return path;
}

/** Puts a file that another program could have written into a home. */
export function placeFixture(name: string, path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(resolve('test/fixtures/rollouts', name), path);
  return path;
}

/** The first line of a file that another program could have written. */
export function metaLine(more: object = {}): string {
  return encoded('session_meta', {
    id: FIXTURE_ID,
    timestamp: '2026-11-20T23:15:21.488Z',
    cwd: '/repo',
    originator: 'my_ide',
    cli_version: '0.129.0',
    source: 'cli',
    model_provider: 'test',
    base_instructions: { text: 'Be brief.' },
    ...more,
  });
}

export interface TurnLines {
  readonly words: string;
  readonly answer?: string;
  /** Parts of the `turn_context`; null leaves that line out. */
  readonly context?: object | null;
  readonly textElements?: readonly object[];
  /** Use of tokens that is told behind the answer. */
  readonly usage?: object;
  /** Whether the turn's end is told. */
  readonly isOpen?: boolean;
}

/** The lines of a turn, as the reference writes them. */
export function turnLines(id: string, options: TurnLines): string {
  const { answer, context = {}, isOpen = false, textElements = [], usage, words } = options;
  return [
    encodedEvent('task_started', { turn_id: id, started_at: 1795216522, model_context_window: 258_400 }),
    ...(context === null ? [] : [contextLine(id, context)]),
    encoded('response_item', message('user', words)),
    encodedEvent('user_message', {
      message: words,
      images: [],
      local_images: [],
      text_elements: textElements,
    }),
    ...(answer === undefined
      ? []
      : [
          encodedEvent('agent_message', { message: answer, phase: null, memory_citation: null }),
          encoded('response_item', message('assistant', answer)),
        ]),
    ...(usage === undefined ? [] : [encodedEvent('token_count', { info: usage, rate_limits: null })]),
    ...(isOpen
      ? []
      : [
          encodedEvent('task_complete', {
            turn_id: id,
            last_agent_message: answer ?? null,
            completed_at: 1795216523,
            duration_ms: 39,
            time_to_first_token_ms: 36,
          }),
        ]),
  ].join('');
}

export function contextLine(id: string, more: object = {}): string {
  return encoded('turn_context', {
    turn_id: id,
    cwd: '/repo',
    current_date: '2026-11-20',
    timezone: 'UTC',
    approval_policy: 'never',
    sandbox_policy: { type: 'read-only' },
    model: 'gpt-5.5',
    realtime_active: false,
    summary: 'auto',
    ...more,
  });
}

export function message(role: 'user' | 'assistant' | 'developer', words: string): object {
  const type = role === 'assistant' ? 'output_text' : 'input_text';
  return { type: 'message', role, content: [{ type, text: words }] };
}

/** What a `token_count` says that counts `count` scripted answers, of which one was the last. */
export function storedUsage(count: number): object {
  const one = {
    input_tokens: 100,
    cached_input_tokens: 10,
    output_tokens: 20,
    reasoning_output_tokens: 5,
    total_tokens: 120,
  };
  const total = Object.fromEntries(Object.entries(one).map(([name, tokens]) => [name, tokens * count]));
  return { total_token_usage: total, last_token_usage: one, model_context_window: 258_400 };
}

/** A turn that is over, as it is read back. */
export function readTurn(id: string, items: readonly object[], more: object = {}): object {
  return {
    id,
    items,
    itemsView: 'full',
    status: 'completed',
    error: null,
    startedAt: expect.any(Number),
    completedAt: expect.any(Number),
    durationMs: expect.any(Number),
    ...more,
  };
}

export function saidByUser(id: unknown, words: string, textElements: readonly object[] = []): object {
  return { type: 'userMessage', id, content: [{ type: 'text', text: words, text_elements: textElements }] };
}

export function saidByAgent(id: unknown, words: string): object {
  return { type: 'agentMessage', id, text: words, phase: null, memoryCitation: null };
}

/** The items of a turn as they were told while it ran. */
export function toldItems(daemon: TestDaemon, turnId: string): unknown[] {
  return daemon
    .notifications('item/completed')
    .filter(({ params }) => params?.['turnId'] === turnId)
    .map(({ params }) => params?.['item']);
}

/** Calls a method, and gives the answer with all that came up to it and, in the same breath, behind it. */
export async function told(
  daemon: TestDaemon,
  method: string,
  params: object,
): Promise<{ answer: WireMessage; before: WireMessage[]; after: () => Promise<WireMessage[]> }> {
  const start = daemon.messages.length;
  const answer = await daemon.call(method, params);
  const at = daemon.messages.indexOf(answer);
  return {
    answer,
    before: daemon.messages.slice(start, at),
    after: async () => {
      // What was caused by the call is told before the answer to a later one.
      const later = await daemon.call('thread/loaded/list', {});
      return daemon.messages.slice(at + 1, daemon.messages.indexOf(later));
    },
  };
}

/** The file's bytes, and null where there is none. */
export function bytesOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'latin1') : null;
}
