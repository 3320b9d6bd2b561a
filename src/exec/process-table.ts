import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { SharedRun } from './shared-run.ts';

/** A process of the machine, as far as the system lets it be seen. */
export interface ProcessEntry {
  readonly pid: number;
  /** The process that started it; 1, or another caretaker, once that one is gone. */
  readonly parent: number;
  readonly group: number;
  /** False for one that has ended and that nobody has taken note of. */
  readonly isLive: boolean;
  /** Its id together with the time of its start, which no other process ever has. */
  readonly key: string;
}

/** Entries that are read before others have their turn. */
const AT_A_TIME = 64;

const scan = new SharedRun(readTable);

/** All processes at a moment after the call, on Linux; null elsewhere. Those who ask at the same time share one look. */
export function processTable(): Promise<ProcessEntry[] | null> {
  return process.platform === 'linux' ? scan.run() : Promise.resolve(null);
}

/** Some processes and all that they have started, and those in turn, as far as whoever started them still is there. */
export function withDescendants(
  table: readonly ProcessEntry[],
  isSeed: (entry: ProcessEntry) => boolean,
): ProcessEntry[] {
  const children = new Map<number, ProcessEntry[]>();
  for (const entry of table) {
    const siblings = children.get(entry.parent);
    if (siblings === undefined) children.set(entry.parent, [entry]);
    else siblings.push(entry);
  }
  const found = new Set(table.filter(isSeed));
  // A set also gives what is added to it while it is gone through.
  for (const { pid } of found) for (const child of children.get(pid) ?? []) found.add(child);
  return [...found];
}

async function readTable(): Promise<ProcessEntry[] | null> {
  let names: string[];
  try {
    names = readdirSync('/proc').filter((name) => /^\d+$/u.test(name));
  } catch {
    return null;
  }
  const entries: ProcessEntry[] = [];
  for (const [index, name] of names.entries()) {
    if (index % AT_A_TIME === AT_A_TIME - 1) await nextTurn();
    const entry = readEntry(name);
    if (entry !== null) entries.push(entry);
  }
  return entries;
}

/** Read at once: it is a matter of microseconds, and the system never lets it wait for the process. */
function readEntry(name: string): ProcessEntry | null {
  let line: string;
  try {
    line = readFileSync(`/proc/${name}/stat`, 'latin1');
  } catch {
    // It is gone.
    return null;
  }
  // The name in parentheses can have any character in it. What follows are the third to the last of the fields.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  return {
    pid: Number(name),
    parent: Number(parent),
    group: Number(group),
    isLive: state !== 'Z' && state !== 'X',
    key: `${name} ${fields[19]}`,
  };
}
