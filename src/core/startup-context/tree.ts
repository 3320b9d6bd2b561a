import { opendir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { byBytes } from './byte-order.ts';
import { oneLine } from './one-line.ts';

export interface TreeOptions {
  /** A folder whose entries are not shown, wherever it lies in the tree. */
  readonly closed: string | null;
  readonly signal: AbortSignal;
}

/** The entries of the root, and those of its folders. */
const DEPTH = 2;
/** The most entries of one folder that are shown. */
const SHOWN = 20;
/** The most entries of one folder that are read; beyond them nothing is counted. */
const READ = 2000;
/** How many entries are fetched at once. */
const BUFFER = 256;

/** Names that are made by tools, and tell nothing of a project. */
const GENERATED: ReadonlySet<string> = new Set([
  '__pycache__',
  'build',
  'dist',
  'node_modules',
  'out',
  'target',
]);

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

interface Listing {
  readonly entries: readonly Entry[];
  /** Whether there are more entries than were read. */
  readonly isCut: boolean;
}

/**
 * A line for every entry of a folder and of its folders, indented by two spaces for each level: folders first, then by
 * name. Links are not followed. A folder that cannot be read is empty. Throws the signal's reason.
 */
export function treeLines(folder: string, options: TreeOptions): Promise<string[]> {
  return linesBelow(folder, 0, options);
}

async function linesBelow(folder: string, depth: number, options: TreeOptions): Promise<string[]> {
  if (depth === DEPTH || isClosed(folder, options)) return [];
  const { entries, isCut } = await listing(folder, options.signal);
  const indent = '  '.repeat(depth);
  const lines: string[] = [];
  for (const { name, isFolder } of entries.slice(0, SHOWN)) {
    lines.push(`${indent}- ${oneLine(name)}${isFolder ? '/' : ''}`);
    if (isFolder) lines.push(...(await linesBelow(join(folder, name), depth + 1, options)));
  }
  const left = entries.length - SHOWN;
  if (isCut) lines.push(`${indent}- … more entries`);
  else if (left > 0) lines.push(`${indent}- … ${left} more ${left === 1 ? 'entry' : 'entries'}`);
  return lines;
}

function isClosed(folder: string, { closed }: TreeOptions): boolean {
  return closed !== null && resolve(folder) === resolve(closed);
}

async function listing(folder: string, signal: AbortSignal): Promise<Listing> {
  signal.throwIfAborted();
  const entries: Entry[] = [];
  let isCut = false;
  try {
    let read = 0;
    for await (const entry of await opendir(folder, { bufferSize: BUFFER })) {
      isCut = read === READ;
      if (isCut || signal.aborted) break;
      read += 1;
      if (isShown(entry.name)) entries.push({ name: entry.name, isFolder: entry.isDirectory() });
    }
  } catch {
    // What could be read before is shown.
  }
  signal.throwIfAborted();
  return { entries: entries.sort(byKindAndName), isCut };
}

function isShown(name: string): boolean {
  return !name.startsWith('.') && !GENERATED.has(name);
}

function byKindAndName(a: Entry, b: Entry): number {
  return Number(b.isFolder) - Number(a.isFolder) || byBytes(a.name, b.name);
}
