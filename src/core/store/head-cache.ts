import type { RolloutHead, RolloutHeadProblem } from '../rollout/head.ts';

type Head = RolloutHead | RolloutHeadProblem;

/** What tells one state of a file from another. */
export interface FileState {
  readonly path: string;
  readonly mtimeMs: number;
  readonly size: number;
}

interface CachedHead {
  readonly mtimeMs: number;
  readonly size: number;
  readonly head: Head;
  readonly characters: number;
}

export interface HeadCacheOptions {
  readonly maxEntries?: number;
  readonly maxCharacters?: number;
}

const MAX_ENTRIES = 16_384;
const MAX_CHARACTERS = 32 * 1024 * 1024;

/** Heads of rollout files, for as long as the files do not change. The ones that were not used for longest go first. */
export class HeadCache {
  readonly #maxEntries: number;
  readonly #maxCharacters: number;
  /** In the order of use, the latest last. */
  readonly #heads = new Map<string, CachedHead>();
  #characters = 0;

  constructor({ maxEntries = MAX_ENTRIES, maxCharacters = MAX_CHARACTERS }: HeadCacheOptions = {}) {
    this.#maxEntries = maxEntries;
    this.#maxCharacters = maxCharacters;
  }

  get({ path, mtimeMs, size }: FileState): Head | null {
    const cached = this.#heads.get(path);
    if (cached === undefined) return null;
    this.#remove(path, cached);
    if (cached.mtimeMs !== mtimeMs || cached.size !== size) return null;
    this.#add(path, cached);
    return cached.head;
  }

  set({ path, mtimeMs, size }: FileState, head: Head): void {
    const earlier = this.#heads.get(path);
    if (earlier !== undefined) this.#remove(path, earlier);
    this.#add(path, { mtimeMs, size, head, characters: charactersOf(head) });
    for (const [oldest, cached] of this.#heads) {
      if (this.#heads.size <= this.#maxEntries && this.#characters <= this.#maxCharacters) break;
      this.#remove(oldest, cached);
    }
  }

  #add(path: string, cached: CachedHead): void {
    this.#heads.set(path, cached);
    this.#characters += cached.characters;
  }

  #remove(path: string, cached: CachedHead): void {
    this.#heads.delete(path);
    this.#characters -= cached.characters;
  }
}

/** The length of what may be long. */
function charactersOf(head: Head): number {
  return head.kind === 'thread' ? head.firstUserMessage.length + head.preview.length : 0;
}
