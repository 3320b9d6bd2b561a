import { readRegularFileSync } from '../../util/regular-file.ts';

/** What became of reading one file. */
export type InstructionFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string }
  /** `text` is without blank space around it; `isCut` tells that the file goes on. */
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean };

/** Reads the first `maxBytes` of a file as UTF-8. Only a regular file is read, wherever a link to it leads. Never throws. */
export function readInstructionFile(path: string, maxBytes: number): InstructionFile {
  const file = readRegularFileSync(path, maxBytes);
  switch (file.kind) {
    case 'bytes':
      return decoded(file.bytes, file.isCut);
    case 'irregular':
      return { kind: 'unusable', reason: 'it is not a regular file' };
    case 'failed':
      if (file.code === 'ENOENT' || file.code === 'ENOTDIR') return { kind: 'absent' };
      return { kind: 'unusable', reason: `it cannot be read (${file.code})` };
  }
}

function decoded(bytes: Buffer, isCut: boolean): InstructionFile {
  try {
    // As a stream, a character that the limit has cut in two is left out instead of being an error.
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const text = decoder.decode(bytes, { stream: isCut });
    if (text.includes('\0')) return { kind: 'unusable', reason: 'it is not a text' };
    return { kind: 'text', text: text.trim(), isCut };
  } catch {
    return { kind: 'unusable', reason: 'it is not valid UTF-8' };
  }
}
