/** Tokens that one response used. */
export interface ResponseUsage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningOutputTokens: number;
  readonly totalTokens: number;
}

/** An item of a response as the API sends it. */
export type ResponseItem = Readonly<Record<string, unknown>> & { readonly type: string };

/** What a streamed event means. Types that are not listed are `other` and change nothing. */
export type ResponseEvent =
  | { type: 'itemAdded'; item: ResponseItem }
  | { type: 'textDelta'; itemId: string | null; delta: string }
  | { type: 'itemDone'; item: ResponseItem }
  | { type: 'completed'; usage: ResponseUsage | null }
  | { type: 'failed'; code: string | null; message: string }
  | { type: 'other'; eventType: string };

/** Decodes the data of one streamed event; null when it is no event at all. Never throws. */
export function decodeResponseEvent(data: string): ResponseEvent | null {
  let event: Fields | null;
  try {
    event = fields(JSON.parse(data));
  } catch {
    return null;
  }
  const eventType = event?.['type'];
  if (event === null || typeof eventType !== 'string') return null;
  return DECODERS[eventType]?.(event) ?? { type: 'other', eventType };
}

type Fields = Readonly<Record<string, unknown>>;

const DECODERS: Readonly<Record<string, (event: Fields) => ResponseEvent | null>> = {
  'response.output_item.added': (event) => withItem(event, (item) => ({ type: 'itemAdded', item })),
  'response.output_item.done': (event) => withItem(event, (item) => ({ type: 'itemDone', item })),
  'response.output_text.delta': (event) => {
    const delta = event['delta'];
    return typeof delta === 'string' ? { type: 'textDelta', itemId: text(event['item_id']), delta } : null;
  },
  'response.completed': (event) => ({
    type: 'completed',
    usage: usage(fields(fields(event['response'])?.['usage'])),
  }),
  'response.failed': (event) => failure(fields(fields(event['response'])?.['error'])),
  'response.incomplete': (event) => {
    const reason = text(fields(fields(event['response'])?.['incomplete_details'])?.['reason']);
    return {
      type: 'failed',
      code: 'incomplete',
      message: `incomplete response: ${reason ?? 'no reason given'}`,
    };
  },
  error: (event) => failure(fields(event['error']) ?? event),
};

function withItem(event: Fields, make: (item: ResponseItem) => ResponseEvent): ResponseEvent | null {
  const item = fields(event['item']);
  return item === null || typeof item['type'] !== 'string' ? null : make(item as ResponseItem);
}

function failure(error: Fields | null): ResponseEvent {
  return {
    type: 'failed',
    code: text(error?.['code']),
    message: text(error?.['message']) ?? 'the response failed without a message',
  };
}

function usage(counts: Fields | null): ResponseUsage | null {
  if (counts === null) return null;
  const inputTokens = count(counts['input_tokens']);
  const outputTokens = count(counts['output_tokens']);
  return {
    inputTokens,
    cachedInputTokens: count(fields(counts['input_tokens_details'])?.['cached_tokens']),
    outputTokens,
    reasoningOutputTokens: count(fields(counts['output_tokens_details'])?.['reasoning_tokens']),
    totalTokens:
      typeof counts['total_tokens'] === 'number' ? counts['total_tokens'] : inputTokens + outputTokens,
  };
}

function fields(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function count(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
