import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { errorCode } from '../util/error-code.ts';

/** The largest file, in bytes, that a patch may change. */
export const FILE_LIMIT = 16 * 1024 * 1024;

/** The most lines that such a file may have. */
export const LINE_LIMIT = 1_000_000;

/** What stands at a path. `mode` are the permission bits. */
export type FileState =
  | { readonly kind: 'missing' }
  | { readonly kind: 'text'; readonly text: string; readonly mode: number }
  /** `reason` completes a sentence that begins with the path, such as "is a folder". */
  | { readonly kind: 'unfit'; readonly reason: string };

/** Reads one file for a patch; anything that is not there or cannot be patched is told, never thrown. */
export type ReadFileState = (path: string) => Promise<FileState>;

/**
 * What stands at a real path on disk. A symbolic link is not followed, a pipe or a device is not opened, and no more
 * than the limit is read.
 */
export async function readFileState(path: string): Promise<FileState> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return unfit('is a symbolic link');
    if (found.isDirectory()) return unfit('is a folder');
    if (!found.isFile()) return unfit('is not a regular file');
    const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
    const handle = await open(path, flags);
    try {
      return await openFileState(handle);
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' ? { kind: 'missing' } : unfit(`cannot be read: ${code}`);
  }
}

async function openFileState(handle: FileHandle): Promise<FileState> {
  const found = await handle.stat();
  if (!found.isFile()) return unfit('is not a regular file');
  const bytes = found.size > FILE_LIMIT ? null : await readUpTo(handle, FILE_LIMIT);
  if (bytes === null) return unfit(`is larger than ${FILE_LIMIT} bytes`);
  const text = decoded(bytes);
  if (text === null) return unfit('is binary or not UTF-8');
  if (lineCount(bytes) > LINE_LIMIT) return unfit(`has more than ${LINE_LIMIT} lines`);
  return { kind: 'text', text, mode: found.mode & 0o777 };
}

/** All bytes of a file, or null where there are more than the limit, whatever its size was said to be. */
async function readUpTo(handle: FileHandle, limit: number): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(64 * 1024));
    if (bytesRead === 0) return Buffer.concat(parts);
    total += bytesRead;
    if (total > limit) return null;
    parts.push(buffer.subarray(0, bytesRead));
  }
}

function decoded(bytes: Buffer): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function lineCount(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function unfit(reason: string): FileState {
  return { kind: 'unfit', reason };
}
