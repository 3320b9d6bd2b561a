import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { errorCode } from './error-code.ts';

/** What became of reading one file. */
export type RegularFile =
  /** `isCut` tells that the file goes on behind the bytes. */
  | { readonly kind: 'bytes'; readonly bytes: Buffer; readonly isCut: boolean }
  /** A folder, a pipe, a device, or one of the files by which a system tells of itself. */
  | { readonly kind: 'irregular' }
  /** `code` is that of the system call that failed, such as `ENOENT`. */
  | { readonly kind: 'failed'; readonly code: string };

/**
 * Reads the first `maxBytes` of a file that lies on a disk, wherever a link to it leads. What is checked is what is read, also
 * where another process puts something else in its place meanwhile; nothing blocks on a pipe or a device. A file that is
 * said to have no bytes is not read: so it is with those that a system makes up. Never rejects.
 */
export async function readRegularFile(path: string, maxBytes: number): Promise<RegularFile> {
  try {
    // Opening a device can do something, so it is not opened where it can be told before.
    if (!isRegular(await stat(path))) return { kind: 'irregular' };
    const file = await open(path, FLAGS);
    try {
      const found = await file.stat();
      if (!isRegular(found)) return { kind: 'irregular' };
      const bytes = roomFor(found, maxBytes);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await file.read(bytes, filled, bytes.length - filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return { kind: 'bytes', bytes: bytes.subarray(0, filled), isCut: found.size > maxBytes };
    } finally {
      await file.close();
    }
  } catch (error) {
    return { kind: 'failed', code: errorCode(error) };
  }
}

/** As `readRegularFile`, for small files that are needed at once. Never throws. */
export function readRegularFileSync(path: string, maxBytes: number): RegularFile {
  try {
    if (!isRegular(statSync(path))) return { kind: 'irregular' };
    const file = openSync(path, FLAGS);
    try {
      const found = fstatSync(file);
      if (!isRegular(found)) return { kind: 'irregular' };
      const bytes = roomFor(found, maxBytes);
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(file, bytes, filled, bytes.length - filled, null);
        if (count === 0) break;
        filled += count;
      }
      return { kind: 'bytes', bytes: bytes.subarray(0, filled), isCut: found.size > maxBytes };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { kind: 'failed', code: errorCode(error) };
  }
}

/** The bytes as UTF-8. Of a file that goes on, a character that the limit has cut in two is left out. */
export function textOfFile(
  { bytes, isCut }: Extract<RegularFile, { kind: 'bytes' }>,
  options: { readonly fatal?: boolean; readonly ignoreBOM?: boolean } = {},
): string {
  return new TextDecoder('utf-8', options).decode(bytes, { stream: isCut });
}

/** Opening a pipe would otherwise wait for its other end. Windows has no such flags, and no such pipes among files. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

function isRegular(found: Stats): boolean {
  return found.isFile() && !SYSTEM_FOLDERS.some((folder) => isMountedAt(folder, found));
}

/** Where Linux tells of itself and of its processes, in files that look like any other. */
const SYSTEM_FOLDERS: readonly string[] = process.platform === 'linux' ? ['/proc', '/sys'] : [];

function isMountedAt(folder: string, { dev }: Stats): boolean {
  const device = statSync(folder, { throwIfNoEntry: false })?.dev;
  return device === dev && device !== statSync('/').dev;
}

/** Allocated by the size of the file, because the limit may be far larger than any file. */
function roomFor({ size }: Stats, maxBytes: number): Buffer {
  return Buffer.alloc(Math.min(size, maxBytes));
}
