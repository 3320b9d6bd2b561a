import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestDaemon } from '../support/daemon.ts';

/** A thread as a client sees it. */
export type ThreadObject = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly path: string;
  readonly name: string | null;
  readonly preview: string;
  readonly updatedAt: number;
  readonly status: { readonly type: string };
  readonly turns: readonly TurnObject[];
};

/** A stored turn as a client sees it. */
export type TurnObject = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly status: string;
  readonly items: readonly {
    readonly type: string;
    readonly text?: string;
    readonly content?: readonly { readonly text: string }[];
  }[];
};

export interface ThreadPage {
  readonly data: readonly ThreadObject[];
  readonly nextCursor: string | null;
  readonly backwardsCursor: string | null;
}

export async function listThreads(daemon: TestDaemon, params: object = {}): Promise<ThreadPage> {
  return daemon.request<ThreadPage>('thread/list', params);
}

export async function listedIds(daemon: TestDaemon, params: object = {}): Promise<string[]> {
  return (await listThreads(daemon, params)).data.map(({ id }) => id);
}

export async function readThread(
  daemon: TestDaemon,
  threadId: string,
  includeTurns = true,
): Promise<ThreadObject> {
  return (await daemon.request<{ thread: ThreadObject }>('thread/read', { threadId, includeTurns })).thread;
}

export async function resumeThread(
  daemon: TestDaemon,
  threadId: string,
  params: object = {},
): Promise<ThreadObject> {
  return (await daemon.request<{ thread: ThreadObject }>('thread/resume', { threadId, ...params })).thread;
}

/** The words of each turn's messages, in their order. */
export function conversationOf({ turns }: Pick<ThreadObject, 'turns'>): string[][] {
  return turns.map(({ items }) =>
    items.map(({ content, text, type }) => text ?? content?.map((part) => part.text).join('') ?? type),
  );
}

/** Every rollout file of a home, in use and archived, as paths below it. */
export function rolloutFiles(home: string): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(sessions|archived_sessions)[\\/].*\.jsonl$/u.test(path))
    .toSorted();
}

/** A line of a rollout file. */
export interface StoredLine {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The lines of a file, and what in it is no line: pieces of one that could not be written. */
export function linesOf(path: string): { lines: StoredLine[]; torn: string[] } {
  const lines: StoredLine[] = [];
  const torn: string[] = [];
  for (const text of readFileSync(path, 'utf8').split('\n')) {
    if (text === '') continue;
    const line = parseLine(text);
    if (line === null) torn.push(text);
    else lines.push(line);
  }
  return { lines, torn };
}

/** The name index of a home, parsed. */
export function nameIndex(home: string): Record<string, string>[] {
  return readFileSync(join(home, 'session_index.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string>);
}

function parseLine(text: string): StoredLine | null {
  try {
    return JSON.parse(text) as StoredLine;
  } catch {
    return null;
  }
}
