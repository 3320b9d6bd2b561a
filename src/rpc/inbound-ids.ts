import type { RawId } from './envelope.ts';

interface OpenRequest {
  readonly rawId: RawId;
  readonly afterAnswer: (() => void)[];
}

/**
 * Gives each inbound request a number of its own. vscode-jsonrpc keys its queue by id, where `7` and `"7"` are one
 * key and a repeated id replaces the request before it; with a number for each request, none is lost.
 */
export class InboundIds {
  readonly #open = new Map<number, OpenRequest>();
  #last = 0;
  #whenAnswered: (() => void)[] = [];

  add(rawId: RawId): number {
    this.#last += 1;
    this.#open.set(this.#last, { rawId, afterAnswer: [] });
    return this.#last;
  }

  /** Calls back as soon as the answer to an open request has been written. */
  afterAnswer(number: number, callback: () => void): void {
    this.#open.get(number)?.afterAnswer.push(callback);
  }

  /** Writes the answer to a request, forgets the request, and calls what waited for the answer. */
  answer(number: number, write: (rawId: RawId) => void): void {
    const request = this.#open.get(number);
    if (request === undefined) return;
    this.#open.delete(number);
    write(request.rawId);
    for (const callback of request.afterAnswer) callback();
    if (this.#open.size === 0) for (const resolve of this.#whenAnswered.splice(0)) resolve();
  }

  /** Resolves once every request that was read has been answered. */
  allAnswered(): Promise<void> {
    if (this.#open.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenAnswered.push(resolve));
  }
}
