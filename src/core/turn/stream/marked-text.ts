/** A piece of a text: what is shown, or, under its tag, what stands in a block that is not. */
export interface TextPiece {
  readonly tag: string | null;
  readonly text: string;
}

export interface MarkedBlock {
  /** Without its brackets. */
  readonly tag: string;
  /** Whether the tags stand on lines of their own, which go with them. */
  readonly hasOwnLines: boolean;
}

/**
 * Takes a text apart that comes bit by bit and has blocks between `<tag>` and `</tag>` in it. A block that is never closed goes
 * to the end.
 */
export class MarkedText {
  readonly #blocks: readonly MarkedBlock[];
  #block: MarkedBlock | null = null;
  /** What may turn out to be the beginning of a tag. */
  #rest = '';
  #skipsLineBreak = false;

  constructor(blocks: readonly MarkedBlock[]) {
    this.#blocks = blocks;
  }

  push(text: string): TextPiece[] {
    this.#rest += text;
    const pieces: TextPiece[] = [];
    for (;;) {
      if (this.#skipsLineBreak && this.#rest !== '') {
        this.#skipsLineBreak = false;
        if (this.#rest.startsWith('\n')) this.#rest = this.#rest.slice(1);
      }
      const next = this.#nextTag();
      if (next === null) break;
      this.#take(pieces, next.at);
      this.#rest = this.#rest.slice(next.length);
      this.#skipsLineBreak = next.block.hasOwnLines;
      this.#block = this.#block === null ? next.block : null;
    }
    this.#take(pieces, this.#rest.length - this.#heldBack());
    return pieces;
  }

  /** What was held back, when nothing more comes. */
  end(): TextPiece[] {
    const pieces: TextPiece[] = [];
    this.#take(pieces, this.#rest.length);
    return pieces;
  }

  #take(pieces: TextPiece[], length: number): void {
    if (length > 0) pieces.push({ tag: this.#block?.tag ?? null, text: this.#rest.slice(0, length) });
    this.#rest = this.#rest.slice(length);
  }

  /** The tags that can come next, each with its block. */
  #awaited(): (readonly [tag: string, block: MarkedBlock])[] {
    if (this.#block !== null) return [[`</${this.#block.tag}>`, this.#block]];
    return this.#blocks.map((block) => [`<${block.tag}>`, block] as const);
  }

  #nextTag(): { at: number; length: number; block: MarkedBlock } | null {
    const found = this.#awaited()
      .map(([tag, block]) => ({ at: this.#rest.indexOf(tag), length: tag.length, block }))
      .filter(({ at }) => at !== -1);
    return found.toSorted((one, other) => one.at - other.at)[0] ?? null;
  }

  /** How long the end is that may be the beginning of a tag. */
  #heldBack(): number {
    const lengths = this.#awaited().map(([tag]) => {
      for (let length = Math.min(tag.length - 1, this.#rest.length); length > 0; length -= 1) {
        if (this.#rest.endsWith(tag.slice(0, length))) return length;
      }
      return 0;
    });
    return Math.max(...lengths);
  }
}

/** A whole text, taken apart: what is shown, and the text of each tag's blocks. */
export function takenApart(
  text: string,
  blocks: readonly MarkedBlock[],
): { readonly shown: string; readonly inBlocks: (tag: string) => string } {
  const marked = new MarkedText(blocks);
  const pieces = [...marked.push(text), ...marked.end()];
  const of = (wanted: string | null): string =>
    pieces.map((piece) => (piece.tag === wanted ? piece.text : '')).join('');
  return { shown: of(null), inBlocks: of };
}
