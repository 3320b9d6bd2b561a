import type { ResponseItem } from '../../responses/index.ts';
import { imagesLength, isTooLongForImages, withRoomForImages } from '../images/index.ts';

/** Stands in for the output of a call that has none, because the turn ended before it. */
const ABORTED = 'aborted';

/** What a thread and its model have said, in the order in which it is sent. The oldest of too many images become a text. */
export class History {
  #items: ResponseItem[] = [];
  #imagesLength = 0;

  get items(): readonly ResponseItem[] {
    return this.#items;
  }

  record(...items: readonly ResponseItem[]): void {
    const said = items.filter(({ type }) => type !== 'other');
    this.#items.push(...said);
    this.#imagesLength += imagesLength(said);
    if (isTooLongForImages(this.#imagesLength)) this.replace(this.#items);
  }

  replace(items: readonly ResponseItem[]): void {
    this.#items = withRoomForImages(items);
    this.#imagesLength = imagesLength(this.#items);
  }

  /** The history as a request carries it: every call has an output, and every output its call. */
  forModel(): ResponseItem[] {
    return withPairedCalls(this.#items);
  }

  /** The tokens that all items are likely to take. */
  estimatedTokens(): number {
    return this.#items.reduce((total, item) => total + estimatedTokens(item), 0);
  }
}

/** Items as a request may carry them: every call has an output, and every output its call. */
export function withPairedCalls(items: readonly ResponseItem[]): ResponseItem[] {
  const answered = new Set(items.flatMap((item) => outputOf(item) ?? []));
  const called = new Set(items.flatMap((item) => callOf(item) ?? []));
  return items.flatMap((item) => {
    const output = outputOf(item);
    if (output !== null) return called.has(output) ? [item] : [];
    const call = callOf(item);
    return call === null || answered.has(call) ? [item] : [item, abortedOutput(item, call)];
  });
}

/** The id of the call that an item is; null for an item that is none. */
export function callOf(item: ResponseItem): string | null {
  switch (item.type) {
    case 'function_call':
    case 'custom_tool_call':
      return item.call_id;
    case 'local_shell_call':
    case 'tool_search_call':
      return item.call_id ?? null;
    default:
      return null;
  }
}

/** The id of the call that an item answers; null for an item that answers none. */
export function outputOf(item: ResponseItem): string | null {
  switch (item.type) {
    case 'function_call_output':
    case 'custom_tool_call_output':
      return item.call_id;
    case 'tool_search_output':
      return item.call_id ?? null;
    default:
      return null;
  }
}

function abortedOutput(call: ResponseItem, callId: string): ResponseItem {
  switch (call.type) {
    case 'custom_tool_call':
      return { type: 'custom_tool_call_output', call_id: callId, output: ABORTED };
    case 'tool_search_call':
      return {
        type: 'tool_search_output',
        call_id: callId,
        status: 'completed',
        execution: 'client',
        tools: [],
      };
    default:
      return { type: 'function_call_output', call_id: callId, output: ABORTED };
  }
}

const BYTES_PER_TOKEN = 4;
/** What an inline image counts, in place of its data, in bytes. */
const IMAGE_BYTES = 7373;
/** What encrypted reasoning holds besides the reasoning, in bytes. */
const ENCRYPTION_OVERHEAD_BYTES = 650;

export function estimatedTokens(item: ResponseItem): number {
  if (
    (item.type === 'reasoning' || item.type === 'compaction') &&
    typeof item.encrypted_content === 'string'
  ) {
    const bytes = Math.floor((item.encrypted_content.length * 3) / 4) - ENCRYPTION_OVERHEAD_BYTES;
    return Math.ceil(Math.max(bytes, 0) / BYTES_PER_TOKEN);
  }
  let images = 0;
  const json = JSON.stringify(item, (_key, value: unknown) => {
    if (typeof value !== 'string' || !value.startsWith('data:')) return value;
    images += 1;
    return '';
  });
  return Math.ceil((Buffer.byteLength(json) + images * IMAGE_BYTES) / BYTES_PER_TOKEN);
}
