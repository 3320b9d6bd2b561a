/** What a patch is going to do to one file, or has done. */
export interface PlannedChange {
  /** The absolute path that the patch names; symbolic links in it are not resolved. */
  readonly path: string;
  /** Where that file really is, through all symbolic links; this is the file that is read and written. */
  readonly realPath: string;
  readonly kind: 'add' | 'delete' | 'update';
  /** The absolute path that an update moves the file to, or null. */
  readonly movePath: string | null;
  readonly realMovePath: string | null;
  /** The path as the patch has it, after a move the new one. */
  readonly patchPath: string;
  /** The whole text before, null where there was no file. */
  readonly before: string | null;
  /** The whole text afterwards, null where there is to be no file. */
  readonly after: string | null;
  /** The permission bits that the file has and keeps; null for a new file, which gets the usual ones. */
  readonly mode: number | null;
  /**
   * What a `fileChange` item shows: the content of an added or deleted file; for an update the hunks of a unified
   * diff with one line of context and, where it moves, a last line that names the new path, as the reference has it.
   */
  readonly diff: string;
}

const LETTERS = { add: 'A', update: 'M', delete: 'D' } as const;

/** What the model is told of an applied patch: a sentence, then one line for each file, such as `M src/main.ts`. */
export function patchSummary(changes: readonly PlannedChange[]): string {
  const lines = changes.map((change) => `${LETTERS[change.kind]} ${change.patchPath}\n`);
  return `The patch is applied. These files changed:\n${lines.join('')}`;
}
