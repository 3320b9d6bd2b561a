import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { errorCode } from '../../util/error-code.ts';

/** What became of reading one file. */
export type InstructionFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string }
  /** `text` is without blank space around it; `isCut` tells that the file goes on. */
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean };

/**
 * Reads the first `maxBytes` of a file as UTF-8. Only a regular file is read, wherever a link to it leads; nothing blocks on a
 * pipe or a device. Never throws.
 */
export function readInstructionFile(path: string, maxBytes: number): InstructionFile {
  try {
    const file = openSync(path, constants.O_RDONLY | NO_WAITING);
    try {
      if (!fstatSync(file).isFile()) return { kind: 'unusable', reason: 'it is not a regular file' };
      return decoded(bytesOf(file, maxBytes + 1), maxBytes);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    return { kind: 'unusable', reason: `it cannot be read (${code})` };
  }
}

/** Opening a pipe would otherwise wait for its other end. Windows has no such flag, and no such pipes among files. */
const NO_WAITING = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

/** At most so many bytes from the beginning. */
function bytesOf(file: number, most: number): Buffer {
  const pieces: Buffer[] = [];
  for (let left = most; left > 0;) {
    const piece = Buffer.alloc(Math.min(left, PIECE_BYTES));
    const count = readSync(file, piece);
    if (count === 0) break;
    pieces.push(piece.subarray(0, count));
    left -= count;
  }
  return Buffer.concat(pieces);
}

/** The limit may be far larger than any file, so it is not what is allocated. */
const PIECE_BYTES = 64 * 1024;

function decoded(bytes: Buffer, maxBytes: number): InstructionFile {
  const isCut = bytes.length > maxBytes;
  try {
    // As a stream, a character that the limit has cut in two is left out instead of being an error.
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const text = decoder.decode(bytes.subarray(0, maxBytes), { stream: isCut });
    if (text.includes('\0')) return { kind: 'unusable', reason: 'it is not a text' };
    return { kind: 'text', text: text.trim(), isCut };
  } catch {
    return { kind: 'unusable', reason: 'it is not valid UTF-8' };
  }
}
