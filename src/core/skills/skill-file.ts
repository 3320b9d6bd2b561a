import { isMissing } from '../../util/error-code.ts';
import { readRegularFile, textOfFile } from '../../util/regular-file.ts';

/** What became of reading one file. */
export type SkillFile =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string }
  /** `isCut` tells that the file goes on. */
  | { readonly kind: 'text'; readonly text: string; readonly isCut: boolean };

/** Reads the first `maxBytes` of a file as UTF-8. Only a regular file is read, wherever a link to it leads. Never rejects. */
export async function readSkillFile(path: string, maxBytes: number): Promise<SkillFile> {
  const file = await readRegularFile(path, maxBytes);
  switch (file.kind) {
    case 'bytes':
      return { kind: 'text', text: textOfFile(file), isCut: file.isCut };
    case 'irregular':
      return { kind: 'unusable', reason: 'not a regular file' };
    case 'failed':
      if (isMissing(file.code)) return { kind: 'absent' };
      return { kind: 'unusable', reason: `cannot be read (${file.code})` };
  }
}
