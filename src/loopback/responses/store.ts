import type { InputItem } from './request.ts';

/** A response that a later request may continue. */
export interface RememberedResponse {
  /** Everything said up to and including this response. */
  readonly items: readonly InputItem[];
  /** What the items cost in memory, about. */
  readonly bytes: number;
}

export interface ResponseStoreLimits {
  readonly count: number;
  readonly bytes: number;
}

const LIMITS: ResponseStoreLimits = { count: 64, bytes: 64 * 1024 * 1024 };

/** Remembers the last responses; when there are too many, or too large ones, the oldest are forgotten. */
export class ResponseStore {
  readonly #limits: ResponseStoreLimits;
  /** Oldest first, as maps keep their order. */
  readonly #responses = new Map<string, RememberedResponse>();
  #bytes = 0;

  constructor(limits: ResponseStoreLimits = LIMITS) {
    this.#limits = limits;
  }

  find(id: string): RememberedResponse | null {
    return this.#responses.get(id) ?? null;
  }

  remember(id: string, response: RememberedResponse): void {
    this.#responses.set(id, response);
    this.#bytes += response.bytes;
    for (const [oldestId, oldest] of this.#responses) {
      if (this.#responses.size <= this.#limits.count && this.#bytes <= this.#limits.bytes) return;
      this.#responses.delete(oldestId);
      this.#bytes -= oldest.bytes;
    }
  }
}
