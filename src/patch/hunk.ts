/** One line of a chunk, without its mark and without a line end. */
export interface ChunkLine {
  readonly kind: 'context' | 'remove' | 'add';
  readonly text: string;
}

/** One place of a file that an update changes. */
export interface Chunk {
  /** The lines that are sought one after the other before the chunk's own lines are, from the `@@` lines. */
  readonly seek: readonly string[];
  readonly lines: readonly ChunkLine[];
  /** Whether the chunk has to stand at the very end of the file. */
  readonly endOfFile: boolean;
  /** The line of the patch, counted from one, on which the chunk begins. */
  readonly line: number;
}

/** What a patch does to one file. Paths are as the patch has them, `line` is where the patch says it, from one. */
export type Hunk =
  | { readonly kind: 'add'; readonly path: string; readonly content: string; readonly line: number }
  | { readonly kind: 'delete'; readonly path: string; readonly line: number }
  | {
      readonly kind: 'update';
      readonly path: string;
      readonly moveTo: string | null;
      readonly chunks: readonly Chunk[];
      readonly line: number;
    };
