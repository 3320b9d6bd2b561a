import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from '../../util/error-code.ts';

/** What became of reading one file. */
export type SkillFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string }
  /** `isCut` tells that the file goes on. */
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean };

/** Opening a pipe would otherwise wait for its other end. Windows has no such flag, and no such pipes among files. */
const NO_WAITING = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

/** Reads the first `maxBytes` of a file as UTF-8. Only a regular file is read, wherever a link to it leads. Never throws. */
export async function readSkillFile(path: string, maxBytes: number): Promise<SkillFile> {
  try {
    const file = await open(path, constants.O_RDONLY | NO_WAITING);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) return { kind: 'unusable', reason: 'not a regular file' };
      const bytes = Buffer.alloc(Math.min(maxBytes, stats.size) + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      const isCut = bytesRead > maxBytes;
      // As a stream, a character that the limit has cut in two is left out.
      const decoder = new TextDecoder();
      const text = decoder.decode(bytes.subarray(0, Math.min(bytesRead, maxBytes)), { stream: isCut });
      return { kind: 'text', text, isCut };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return { kind: 'absent' };
    return { kind: 'unusable', reason: `cannot be read (${errorCode(error)})` };
  }
}

/** Whether an error of the file system says that there is nothing at the place. */
export function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
