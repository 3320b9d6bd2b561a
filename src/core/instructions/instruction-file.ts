import { isMissing } from '../../util/error-code.ts';
import { readRegularFileSync, textOfFile } from '../../util/regular-file.ts';

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
      return decoded(file);
    case 'irregular':
      return { kind: 'unusable', reason: 'it is not a regular file' };
    case 'failed':
      if (isMissing(file.code)) return { kind: 'absent' };
      return { kind: 'unusable', reason: `it cannot be read (${file.code})` };
  }
}

function decoded(file: Parameters<typeof textOfFile>[0]): InstructionFile {
  try {
    const text = textOfFile(file, { fatal: true });
    if (text.includes('\0')) return { kind: 'unusable', reason: 'it is not a text' };
    return { kind: 'text', text: text.trim(), isCut: file.isCut };
  } catch {
    return { kind: 'unusable', reason: 'it is not valid UTF-8' };
  }
}
