import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { errorCode } from '../../util/error-code.ts';
import { decodeLine } from './line.ts';
import type { SessionMeta } from './line.ts';
import { peekLineType } from './peek.ts';
import { messagePreview } from './preview.ts';

/** What a list needs of `session_meta`: all but what is long. */
export type HeadMeta = Omit<SessionMeta, 'base_instructions' | 'dynamic_tools'>;

/** What the first lines of a rollout file say of its thread. */
export interface RolloutHead {
  readonly kind: 'thread';
  readonly meta: HeadMeta;
  /** What the thread is shown by. */
  readonly preview: string;
  /** The first user message as it is. */
  readonly firstUserMessage: string;
  /** Whether the whole file was searched for later changes of `meta`; its beginning alone does not tell them. */
  readonly isCurrent?: true;
}

/** Why a file is not shown in a list. */
export type RolloutHeadProblem =
  /** The first lines hold no usable `session_meta`. */
  | { readonly kind: 'notAThread' }
  /** The user has said nothing yet, or not within the part that is read. */
  | { readonly kind: 'noUserMessage'; readonly meta: HeadMeta }
  /** `code` is the errno name. */
  | { readonly kind: 'unreadable'; readonly code: string };

/** Lines within which `session_meta` has to be, and lines after these within which a user message has to be. */
const META_LINES = 10;
const MESSAGE_LINES = 200;
const FIRST_CHUNK_BYTES = 16 * 1024;
const LAST_CHUNK_BYTES = 256 * 1024;
/** Enough of a line to tell its type. */
const KEPT_BYTES = 128;
const MAX_HEAD_BYTES = 8 * 1024 * 1024;

/** Reads as much of a file's beginning as a list needs, and never more than 8 MiB. Never throws. */
export async function readHead(path: string): Promise<RolloutHead | RolloutHeadProblem> {
  try {
    const file = await open(path, 'r');
    try {
      return await readOpenHead(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    return { kind: 'unreadable', code: errorCode(error) };
  }
}

async function readOpenHead(file: FileHandle): Promise<RolloutHead | RolloutHeadProblem> {
  let meta: HeadMeta | null = null;
  let lines = 0;
  for await (const line of headLines(file)) {
    lines += 1;
    const entry = decodeRelevant(line);
    if (entry?.type === 'session_meta' && meta === null) meta = headMeta(entry.payload);
    if (entry?.type === 'event_msg' && entry.payload.type === 'user_message' && meta !== null) {
      const { message } = entry.payload;
      return { kind: 'thread', meta, preview: messagePreview(message), firstUserMessage: message };
    }
    if (lines >= (meta === null ? META_LINES : META_LINES + MESSAGE_LINES)) break;
  }
  return meta === null ? { kind: 'notAThread' } : { kind: 'noUserMessage', meta };
}

function headMeta({ base_instructions: _text, dynamic_tools: _tools, ...meta }: SessionMeta): HeadMeta {
  return meta;
}

function decodeRelevant(line: Buffer): ReturnType<typeof decodeLine> {
  return isRelevant(line) ? decodeLine(line.toString()) : null;
}

function isRelevant(line: Buffer): boolean {
  const type = peekLineType(line);
  return type === null || type === 'session_meta' || type === 'event_msg';
}

/**
 * The lines of a file's beginning, blank ones left out; the last may have no line feed where the file ends. Long lines
 * that do not matter lose their middle.
 */
async function* headLines(file: FileHandle): AsyncGenerator<Buffer> {
  let unfinished: Buffer = Buffer.alloc(0);
  let chunkBytes = FIRST_CHUNK_BYTES;
  for (let position = 0; position < MAX_HEAD_BYTES;) {
    const length = Math.min(chunkBytes, MAX_HEAD_BYTES - position);
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) {
      if (unfinished.length > 0) yield unfinished;
      return;
    }
    position += bytesRead;
    chunkBytes = Math.min(2 * chunkBytes, LAST_CHUNK_BYTES);
    let rest = Buffer.concat([unfinished, buffer.subarray(0, bytesRead)]);
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      if (end > 0) yield rest.subarray(0, end);
      rest = rest.subarray(end + 1);
    }
    unfinished = isRelevant(rest) ? rest : rest.subarray(0, KEPT_BYTES);
  }
}
