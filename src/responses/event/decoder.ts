import { errorEventError, failedResponseError, incompleteResponseError } from '../error/failed-response.ts';
import { streamError } from '../error/responses-error.ts';
import { parseItem } from '../item/parse.ts';
import { integerOf, objectOf, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { readCompleted } from './completed.ts';
import type { ModelVerification, StreamSignal } from './event.ts';
import { rateLimitsOfEvent } from './rate-limit-event.ts';
import { serverModelOf } from './server-model.ts';

/** Decodes the events of one response. */
export class EventDecoder {
  #lastServerModel: string | null = null;

  /** What an event means, in order; nothing if it has not the shape of its type. Never throws. */
  decode(event: JsonObject): StreamSignal[] {
    const eventType = event['type'];
    if (typeof eventType !== 'string') return [];
    const signals: StreamSignal[] = [];
    const model = serverModelOf(event);
    if (model !== null && model !== this.#lastServerModel) {
      this.#lastServerModel = model;
      signals.push({ type: 'serverModel', model });
    }
    const decode = DECODERS.get(eventType);
    const signal = decode === undefined ? ({ type: 'other', eventType, event } as const) : decode(event);
    if (signal !== null) signals.push(signal);
    return signals;
  }
}

type DecodeEvent = (event: JsonObject) => StreamSignal | null;

const DECODERS: ReadonlyMap<string, DecodeEvent> = new Map<string, DecodeEvent>([
  ['response.created', created],
  ['response.output_item.added', (event) => withItem('itemAdded', event)],
  ['response.output_item.done', (event) => withItem('itemDone', event)],
  ['response.output_text.delta', textDelta],
  ['response.custom_tool_call_input.delta', toolInputDelta],
  ['response.reasoning_summary_text.delta', reasoningSummaryDelta],
  ['response.reasoning_text.delta', reasoningTextDelta],
  ['response.reasoning_summary_part.added', reasoningSummaryPartAdded],
  ['response.completed', completed],
  ['response.failed', ({ response }) => ({ type: 'failed', error: failedResponseError(objectOf(response)) })],
  [
    'response.incomplete',
    ({ response }) => ({ type: 'failed', error: incompleteResponseError(objectOf(response)) }),
  ],
  ['response.metadata', metadata],
  ['codex.rate_limits', rateLimits],
  ['error', errorTold],
]);

function created({ response }: JsonObject): StreamSignal | null {
  if (response === undefined || response === null) return null;
  return { type: 'created', responseId: textOf(objectOf(response)?.['id']) };
}

function withItem(type: 'itemAdded' | 'itemDone', event: JsonObject): StreamSignal | null {
  const item = parseItem(event['item']);
  return item === null ? null : { type, item };
}

function textDelta(event: JsonObject): StreamSignal | null {
  const delta = textOf(event['delta']);
  return delta === null ? null : { type: 'textDelta', itemId: textOf(event['item_id']), delta };
}

function toolInputDelta(event: JsonObject): StreamSignal | null {
  const delta = textOf(event['delta']);
  const callId = textOf(event['call_id']);
  const itemId = textOf(event['item_id']) ?? callId;
  return delta === null || itemId === null ? null : { type: 'toolInputDelta', itemId, callId, delta };
}

function reasoningSummaryDelta(event: JsonObject): StreamSignal | null {
  const delta = textOf(event['delta']);
  const summaryIndex = integerOf(event['summary_index']);
  if (delta === null || summaryIndex === null) return null;
  return { type: 'reasoningSummaryDelta', itemId: textOf(event['item_id']), summaryIndex, delta };
}

function reasoningTextDelta(event: JsonObject): StreamSignal | null {
  const delta = textOf(event['delta']);
  const contentIndex = integerOf(event['content_index']);
  if (delta === null || contentIndex === null) return null;
  return { type: 'reasoningTextDelta', itemId: textOf(event['item_id']), contentIndex, delta };
}

function reasoningSummaryPartAdded(event: JsonObject): StreamSignal | null {
  const summaryIndex = integerOf(event['summary_index']);
  if (summaryIndex === null) return null;
  return { type: 'reasoningSummaryPartAdded', itemId: textOf(event['item_id']), summaryIndex };
}

function completed({ response }: JsonObject): StreamSignal | null {
  if (response === undefined || response === null) return null;
  const outcome = readCompleted(response);
  if (outcome.ok) return outcome.event;
  return { type: 'failed', error: streamError(`failed to parse ResponseCompleted: ${outcome.problem}`) };
}

const KNOWN_VERIFICATION: ModelVerification = 'trusted_access_for_cyber';

function metadata(event: JsonObject): StreamSignal | null {
  const told = objectOf(event['metadata'])?.['openai_verification_recommendation'];
  if (!Array.isArray(told) || !told.includes(KNOWN_VERIFICATION)) {
    return { type: 'other', eventType: 'response.metadata', event };
  }
  return { type: 'modelVerification', verifications: [KNOWN_VERIFICATION] };
}

function rateLimits(event: JsonObject): StreamSignal | null {
  const snapshot = rateLimitsOfEvent(event);
  return snapshot === null ? null : { type: 'rateLimits', rateLimits: snapshot };
}

function errorTold(event: JsonObject): StreamSignal {
  const error = errorEventError(event);
  return error === null ? { type: 'other', eventType: 'error', event } : { type: 'errorTold', error };
}
