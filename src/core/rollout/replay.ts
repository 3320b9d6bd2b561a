import type { Turn } from '../../protocol/index.ts';
import type { ResponseItem } from '../../responses/index.ts';
import { parseItem } from '../../responses/index.ts';
import { errorMessage } from '../../util/errors.ts';
import { isForeignEvent, isForeignLine } from './foreign-line.ts';
import { withoutImagesOf } from '../images/index.ts';
import type { Compacted, LineType } from './line.ts';
import { decodeLine } from './line.ts';
import { withOpenItems } from './open-items.ts';
import type { OpenItems } from './open-items.ts';
import { peekLineType } from './peek.ts';
import type { FileLine } from './read-lines.ts';
import { readLines } from './read-lines.ts';
import { RolloutError } from './rollout-error.ts';
import type { HistorySpan, StoredThread } from './thread-replay.ts';
import { ThreadReplay } from './thread-replay.ts';

export interface ReadStoredOptions {
  /** False leaves the items of the turns out, so that they are not kept in memory. */
  readonly turns: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads what a rollout file tells of its thread, in one pass, without reading what the model was given and said. Damaged
 * lines are left out. Throws `RolloutError`, or the signal's reason.
 */
export async function readStored(path: string, options: ReadStoredOptions): Promise<StoredThread> {
  const replay = new ThreadReplay({ keepsItems: options.turns });
  let end = 0;
  let skipped = 0;
  for await (const lines of linesOf(path, 0, options.signal)) {
    for (const line of lines) {
      if (!replayLine(replay, line)) skipped += 1;
      end = line.offset + line.bytes.length;
    }
  }
  if (end === 0) throw new RolloutError('empty', path, 'is empty');
  const stored = replay.result(end, skipped);
  if (stored === null) throw new RolloutError('noSessionMeta', path, 'does not say what thread it holds');
  return stored;
}

/** False for a line that is damaged. */
function replayLine(replay: ThreadReplay, { bytes, index, offset }: FileLine): boolean {
  const type = peekLineType(bytes);
  if (type === 'response_item') {
    replay.turnList.addResponseItem(offset, () => decodeLine(bytes.toString())?.payload);
    return true;
  }
  if (type === 'other' || (type === 'event_msg' && isForeignEvent(bytes))) {
    replay.turnList.skip();
    return true;
  }
  const text = bytes.toString();
  const entry = decodeLine(text);
  if (entry !== null) {
    replay.add(entry, { index, offset });
    return true;
  }
  replay.turnList.skip();
  return isForeignLine(text);
}

/**
 * The turns as they are when they are read: what is still open was interrupted, unless it is the one that runs, which has
 * its open items besides. `running` is null where no turn runs.
 */
export function settled(turns: readonly Turn[], running: OpenItems | null = null): Turn[] {
  const last = running === null ? undefined : turns.at(-1);
  return turns.map((turn) => {
    if (turn === last && running !== null) return withOpenItems(turn, running);
    return turn.status === 'inProgress' ? { ...turn, status: 'interrupted' } : turn;
  });
}

/** The lines that make the model's history. */
const HISTORY_LINES: ReadonlySet<LineType | 'other'> = new Set([
  'response_item',
  'compacted',
  'refused_images',
]);

/** Makes a history of the one before and a summary, for files that hold nothing but the summary. */
export type Summarize = (before: readonly ResponseItem[], message: string) => readonly ResponseItem[];

/**
 * Reads the model's history as the lines leave it, beginning at the last one that gives a whole history. Items of unknown
 * types and damaged lines are left out. Throws `RolloutError`, or the signal's reason.
 */
export async function readHistory(
  path: string,
  stored: Pick<StoredThread, 'history'>,
  summarize: Summarize,
  options: { readonly signal?: AbortSignal } = {},
): Promise<ResponseItem[]> {
  const span = stored.history;
  let items: ResponseItem[] = [];
  const isDropped = droppedBy(span);
  for await (const lines of linesOf(path, span.start, options.signal)) {
    for (const { bytes, offset } of lines) {
      if (offset >= span.end) return items;
      const type = peekLineType(bytes);
      if ((type !== null && !HISTORY_LINES.has(type)) || isDropped(offset)) continue;
      const entry = decodeLine(bytes.toString());
      if (entry?.type === 'response_item') items.push(...knownItems([entry.payload]));
      else if (entry?.type === 'compacted') items = compacted(items, entry.payload, summarize);
      else if (entry?.type === 'refused_images') items = withoutImagesOf(items, entry.payload.call_id);
    }
  }
  return items;
}

function compacted(
  before: ResponseItem[],
  { message, replacement_history }: Compacted,
  summarize: Summarize,
) {
  return Array.isArray(replacement_history)
    ? knownItems(replacement_history)
    : [...summarize(before, message)];
}

function knownItems(values: readonly unknown[]): ResponseItem[] {
  return values.map(parseItem).filter((item): item is ResponseItem => item !== null && item.type !== 'other');
}

/** Tells whether a line was rolled back. To be asked in the order of the lines. */
function droppedBy({ dropped }: HistorySpan): (offset: number) => boolean {
  let next = 0;
  return (offset) => {
    while (offset >= (dropped[next]?.end ?? Infinity)) next += 1;
    return offset >= (dropped[next]?.start ?? Infinity);
  };
}

async function* linesOf(path: string, start: number, signal?: AbortSignal): AsyncGenerator<FileLine[]> {
  signal?.throwIfAborted();
  try {
    for await (const lines of readLines(path, { start })) {
      signal?.throwIfAborted();
      yield lines;
    }
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw new RolloutError('unreadable', path, `cannot be read: ${errorMessage(error)}`, { cause: error });
  }
}
