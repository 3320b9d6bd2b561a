import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { decodeLine } from './line.ts';
import type { SessionMeta } from './line.ts';
import { TYPE_MARK_OFFSET, typeMark } from './peek.ts';

/** The part of `session_meta` of which the latest line counts. */
type ChangingMeta = Pick<SessionMeta, 'git' | 'memory_mode'>;

/**
 * What a thread is after a later line: the first line counts, but for what can be changed. A fork repeats the lines of its
 * source, which have another id and count for nothing.
 */
export function latestMeta<Meta extends ChangingMeta & Pick<SessionMeta, 'id'>>(
  meta: Meta,
  later: SessionMeta,
): Meta {
  if (later.id !== meta.id) return meta;
  return { ...meta, git: later.git ?? null, memory_mode: later.memory_mode ?? meta.memory_mode };
}

export interface LatestMetaOptions {
  readonly chunkBytes?: number;
  /** How much of the file's end is searched. */
  readonly maxBytes?: number;
}

const CHUNK_BYTES = 256 * 1024;
const MAX_BYTES = 4 * 1024 * 1024;
/** The line is longer than any that says what a thread is. */
const MAX_LINE_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;
const MARK = Buffer.from(typeMark('session_meta'));
/** How far behind its line feed a line has said its type. */
const MARK_END = 1 + TYPE_MARK_OFFSET + MARK.length;

/**
 * The last `session_meta` of a thread in its file, searched from the end backwards, so that a long file costs no more than
 * its end. Null where the part that is searched has none. Throws the error of the file system.
 */
export async function readLatestMeta(
  path: string,
  id: string,
  { chunkBytes = CHUNK_BYTES, maxBytes = MAX_BYTES }: LatestMetaOptions = {},
): Promise<SessionMeta | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - maxBytes);
    for await (const start of lineStarts(file, from, size, chunkBytes)) {
      const entry = decodeLine(await readLine(file, start));
      if (entry?.type === 'session_meta' && entry.payload.id === id) return entry.payload;
    }
    return null;
  } finally {
    await file.close();
  }
}

/** Where lines begin that say what a thread is, the last one first. */
async function* lineStarts(
  file: FileHandle,
  from: number,
  size: number,
  chunkBytes: number,
): AsyncGenerator<number> {
  for (let end = size; end > from; end -= chunkBytes) {
    const position = Math.max(from, end - chunkBytes);
    // Over the end, so that what a line begins with is whole.
    const length = Math.min(size, end + MARK_END) - position;
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    const chunk = buffer.subarray(0, bytesRead);
    for (let at = end - position - 1; at >= 0; at -= 1) {
      at = chunk.lastIndexOf(LINE_FEED, at);
      if (at === -1) break;
      if (isMarked(chunk, at + 1)) yield position + at + 1;
    }
    if (position === 0 && isMarked(chunk, 0)) yield 0;
  }
}

function isMarked(chunk: Buffer, start: number): boolean {
  const at = start + TYPE_MARK_OFFSET;
  return at + MARK.length <= chunk.length && chunk.compare(MARK, 0, MARK.length, at, at + MARK.length) === 0;
}

async function readLine(file: FileHandle, start: number): Promise<string> {
  const pieces: Buffer[] = [];
  for (let bytes = 0; bytes < MAX_LINE_BYTES; bytes += CHUNK_BYTES) {
    const { buffer, bytesRead } = await file.read(
      Buffer.allocUnsafe(CHUNK_BYTES),
      0,
      CHUNK_BYTES,
      start + bytes,
    );
    const piece = buffer.subarray(0, bytesRead);
    const end = piece.indexOf(LINE_FEED);
    pieces.push(end === -1 ? piece : piece.subarray(0, end));
    if (end !== -1 || bytesRead < CHUNK_BYTES) break;
  }
  return Buffer.concat(pieces).toString();
}
