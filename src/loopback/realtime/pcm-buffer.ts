const BLOCK_BYTES = 32 * 1024;

/**
 * Audio that arrives in pieces of any size and is addressed by its place in the whole stream, of which the beginning
 * may be gone. Offsets are bytes since the first piece ever appended.
 */
export class PcmBuffer {
  #blocks: Uint8Array[] = [];
  /** The offset at which the first block begins; a multiple of the block size. */
  #origin = 0;
  #start = 0;
  #end = 0;

  get start(): number {
    return this.#start;
  }

  get end(): number {
    return this.#end;
  }

  get length(): number {
    return this.#end - this.#start;
  }

  append(piece: Uint8Array): void {
    for (let taken = 0; taken < piece.length;) {
      const place = this.#end - this.#origin;
      const within = place % BLOCK_BYTES;
      const index = (place - within) / BLOCK_BYTES;
      const block = (this.#blocks[index] ??= new Uint8Array(BLOCK_BYTES));
      const part = piece.subarray(taken, taken + BLOCK_BYTES - within);
      block.set(part, within);
      taken += part.length;
      this.#end += part.length;
    }
  }

  /** Lets go of everything before an offset. */
  dropBefore(offset: number): void {
    this.#start = Math.max(this.#start, Math.min(offset, this.#end));
    const unused = Math.floor((this.#start - this.#origin) / BLOCK_BYTES);
    if (unused === 0) return;
    this.#blocks.splice(0, unused);
    this.#origin += unused * BLOCK_BYTES;
  }

  /** A copy of what lies between two offsets; what is no longer, or not yet, there is left out. */
  copy(from: number, to: number): Uint8Array {
    const first = Math.max(from, this.#start);
    const last = Math.max(first, Math.min(to, this.#end));
    const copy = new Uint8Array(last - first);
    for (let offset = first; offset < last;) {
      const place = offset - this.#origin;
      const within = place % BLOCK_BYTES;
      const block = this.#blocks[(place - within) / BLOCK_BYTES]!;
      const part = block.subarray(within, within + Math.min(BLOCK_BYTES - within, last - offset));
      copy.set(part, offset - first);
      offset += part.length;
    }
    return copy;
  }

  clear(): void {
    this.dropBefore(this.#end);
  }
}
