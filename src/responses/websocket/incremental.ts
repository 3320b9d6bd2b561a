import { isDeepStrictEqual } from 'node:util';
import type { ResponseItem } from '../item/item.ts';
import type { RequestSettings } from '../request/body.ts';

/** A request as it would be sent in full; items of unknown types, which are never sent, are not part of it. */
export interface FullRequest {
  readonly settings: RequestSettings;
  readonly input: readonly ResponseItem[];
}

/** What of a request has to be sent: all of its input, or what comes after a response that the server remembers. */
export interface InputToSend {
  readonly previousResponseId: string | null;
  readonly input: readonly ResponseItem[];
}

/**
 * What the server at the other end of a connection remembers: the last request and the response to it. A request that
 * goes on where they ended needs only to send what is new.
 */
export class ConnectionMemory {
  #request: FullRequest | null = null;
  #response: { readonly id: string; readonly items: readonly ResponseItem[] } | null = null;

  /** Says what to send of a request, and takes it for the last one. The last response counts once. */
  next(request: FullRequest): InputToSend {
    const before = this.#request;
    const response = this.#response;
    this.#request = request;
    this.#response = null;
    const whole = { previousResponseId: null, input: request.input };
    if (before === null || response === null || response.id === '') return whole;
    const known = [...before.input, ...response.items];
    const isContinuation =
      known.length <= request.input.length &&
      isDeepStrictEqual(before.settings, request.settings) &&
      known.every((item, index) => isDeepStrictEqual(item, request.input[index]));
    if (!isContinuation) return whole;
    return { previousResponseId: response.id, input: request.input.slice(known.length) };
  }

  /** Takes in how the last request was answered. */
  keepResponse(id: string, items: readonly ResponseItem[]): void {
    this.#response = { id, items };
  }
}
