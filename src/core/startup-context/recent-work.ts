import { byBytes } from './byte-order.ts';
import { withoutEnvelope } from '../delegation-envelope.ts';
import type { FindGitRoot } from '../git/index.ts';
import { oneLine } from './one-line.ts';

/** A stored thread, as far as it says what was worked on. */
export interface RecentThread {
  /** Absolute; it may be gone. */
  readonly cwd: string;
  readonly firstUserMessage: string;
  /** Unix milliseconds. */
  readonly updatedAtMs: number;
  /** The branch that was checked out; null where it is not known. */
  readonly branch: string | null;
}

/** The most threads that are looked at. */
const MAX_THREADS = 40;
/** The most groups that are kept. */
const MAX_GROUPS = 8;
/** The most asks that are shown of the group that is worked on, and of any other. */
const MAX_OWN_ASKS = 8;
const MAX_OTHER_ASKS = 5;
/** The longest ask, in code points, and what stands for the rest of a longer one. */
const MAX_ASK_CHARACTERS = 240;
const ELLIPSIS = '...';

interface Entry {
  readonly thread: RecentThread;
  readonly root: string | null;
}

interface Group {
  /** The git root of its threads, else their working directory. */
  readonly path: string;
  readonly entries: readonly Entry[];
  readonly latestMs: number;
}

/** What was asked for lately, by repository or folder; null where there is nothing. Throws what `findGitRoot` throws. */
export async function recentWork(
  threads: readonly RecentThread[],
  { cwd, findGitRoot }: { cwd: string; findGitRoot: FindGitRoot },
): Promise<string | null> {
  const entries: Entry[] = [];
  // One after the other, so that a folder on a share that hangs does not keep every file system call of the process busy.
  for (const thread of threads.slice(0, MAX_THREADS)) {
    entries.push({ thread, root: await findGitRoot(thread.cwd) });
  }
  const ownPath = (await findGitRoot(cwd)) ?? cwd;
  const texts = groupsOf(entries)
    .sort((a, b) => byImportance(a, b, ownPath))
    .slice(0, MAX_GROUPS)
    .flatMap((group) => groupText(group, group.path === ownPath ? MAX_OWN_ASKS : MAX_OTHER_ASKS) ?? []);
  return texts.length === 0 ? null : texts.join('\n\n');
}

function groupsOf(entries: readonly Entry[]): Group[] {
  const byPath = new Map<string, Entry[]>();
  for (const entry of entries) {
    const path = entry.root ?? entry.thread.cwd;
    byPath.set(path, [...(byPath.get(path) ?? []), entry]);
  }
  return Array.from(byPath, ([path, members]) => {
    const newestFirst = members.toSorted((a, b) => b.thread.updatedAtMs - a.thread.updatedAtMs);
    return { path, entries: newestFirst, latestMs: newestFirst[0]?.thread.updatedAtMs ?? 0 };
  });
}

function byImportance(a: Group, b: Group, ownPath: string): number {
  return (
    Number(b.path === ownPath) - Number(a.path === ownPath) ||
    b.latestMs - a.latestMs ||
    byBytes(a.path, b.path)
  );
}

/** Null for a group of which nothing is known but that it is there. */
function groupText({ path, entries, latestMs }: Group, maxAsks: number): string | null {
  const [newest] = entries;
  const branch = oneLine(newest?.thread.branch?.trim() ?? '');
  const asks = asksOf(entries, maxAsks);
  if (asks.length === 0 && branch === '') return null;
  return [
    `### ${newest?.root == null ? 'Directory' : 'Repository'}: ${oneLine(path)}`,
    `Sessions: ${entries.length}`,
    `Last active: ${timeText(latestMs)}`,
    ...(branch === '' ? [] : [`Branch of the last session: ${branch}`]),
    ...(asks.length === 0 ? [] : ['', 'What the user asked for, newest first:', ...asks]),
  ].join('\n');
}

function asksOf(entries: readonly Entry[], maxAsks: number): string[] {
  const lines = new Map<string, string>();
  for (const { thread } of entries) {
    if (lines.size === maxAsks) break;
    const ask = oneLine(withoutEnvelope(thread.firstUserMessage).trim().replace(/\s+/gu, ' '));
    const key = JSON.stringify([thread.cwd, ask]);
    if (ask !== '' && !lines.has(key)) lines.set(key, `- ${oneLine(thread.cwd)}: ${shortened(ask)}`);
  }
  return [...lines.values()];
}

function shortened(ask: string): string {
  // A code point takes at most two units.
  const characters = Array.from(ask.slice(0, 2 * MAX_ASK_CHARACTERS + 2));
  if (characters.length <= MAX_ASK_CHARACTERS) return ask;
  return `${characters.slice(0, MAX_ASK_CHARACTERS - ELLIPSIS.length).join('')}${ELLIPSIS}`;
}

function timeText(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}+00:00`;
}
