import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { Plan } from './plan.ts';
import { responseObject, usageOf } from './response-object.ts';
import type { ResponseIdentity, ResponseState, WireResponse } from './response-object.ts';
import { splitWords } from '../words.ts';

type Unnumbered<Event> = Event extends { response: Response }
  ? Omit<Event, 'sequence_number' | 'response'> & { readonly response: WireResponse }
  : Omit<Event, 'sequence_number'>;

/** An event of a response, but for its number in the sequence. Checked against the API's own types. */
export type ResponseEvent = Unnumbered<ResponseStreamEvent>;

/** An event and its time, in milliseconds from the start of the response. */
export interface TimedEvent {
  readonly atMs: number;
  readonly event: ResponseEvent;
}

export interface ResponseScript {
  readonly events: readonly TimedEvent[];
  /** The items that the finished response consists of. */
  readonly output: readonly ResponseOutputItem[];
}

export interface ScriptOptions {
  readonly identity: ResponseIdentity;
  /** Null for a request that is only to be remembered. */
  readonly plan: Exclude<Plan, { kind: 'refuse' }> | null;
  readonly inputBytes: number;
  readonly newId: (prefix: string) => string;
}

/** All events of a response, from `response.created` to the one that ends it. */
export function responseScript({ identity, plan, inputBytes, newId }: ScriptOptions): ResponseScript {
  const state = (value: ResponseState): WireResponse => responseObject(identity, value);
  const begun = state({ status: 'in_progress', output: [] });
  const opening: TimedEvent[] = [
    at(0, { type: 'response.created', response: begun }),
    at(0, { type: 'response.in_progress', response: begun }),
  ];
  if (plan?.kind === 'fail') {
    const error = { code: plan.code, message: plan.message };
    const response = state({ status: 'failed', output: [], error });
    return { events: [...opening, at(0, { type: 'response.failed', response })], output: [] };
  }
  const item = plan === null ? null : itemScript(plan, newId);
  const output = item === null ? [] : [item.item];
  const usage = usageOf(inputBytes, item?.outputBytes ?? 0);
  const response = state({ status: 'completed', output, usage });
  const closing = at(item?.endMs ?? 0, { type: 'response.completed', response });
  return { events: [...opening, ...(item?.events ?? []), closing], output };
}

interface ItemScript {
  readonly item: ResponseOutputItem;
  readonly events: readonly TimedEvent[];
  readonly endMs: number;
  readonly outputBytes: number;
}

function itemScript(
  plan: Exclude<Plan, { kind: 'refuse' | 'fail' }>,
  newId: (prefix: string) => string,
): ItemScript {
  switch (plan.kind) {
    case 'say':
      return messageScript(plan.text, plan.overMs, newId('msg'));
    case 'call':
      return callScript(plan.name, plan.arguments, newId('fc'), newId('call'));
    case 'customCall':
      return customCallScript(plan.name, plan.input, newId('ctc'), newId('call'));
  }
}

function messageScript(text: string, overMs: number, id: string): ItemScript {
  const place = { item_id: id, output_index: 0, content_index: 0 };
  const message = { id, type: 'message', role: 'assistant' } as const;
  const part = { type: 'output_text', text, annotations: [], logprobs: [] } as const;
  const emptyPart = { ...part, text: '', annotations: [], logprobs: [] };
  const item: ResponseOutputItem = {
    ...message,
    status: 'completed',
    content: [{ ...part, annotations: [], logprobs: [] }],
  };
  const words = splitWords(text);
  const deltas = words.map((delta, index) =>
    at((index * overMs) / words.length, {
      type: 'response.output_text.delta',
      ...place,
      delta,
      logprobs: [],
    }),
  );
  const events = [
    at(0, {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...message, status: 'in_progress', content: [] },
    }),
    at(0, { type: 'response.content_part.added', ...place, part: emptyPart }),
    ...deltas,
    at(overMs, { type: 'response.output_text.done', ...place, text, logprobs: [] }),
    at(overMs, {
      type: 'response.content_part.done',
      ...place,
      part: { ...part, annotations: [], logprobs: [] },
    }),
    at(overMs, { type: 'response.output_item.done', output_index: 0, item }),
  ];
  return { item, events, endMs: overMs, outputBytes: Buffer.byteLength(text) };
}

function callScript(name: string, callArguments: string, id: string, callId: string): ItemScript {
  const call = { id, type: 'function_call', call_id: callId, name } as const;
  const item: ResponseOutputItem = { ...call, status: 'completed', arguments: callArguments };
  const place = { item_id: id, output_index: 0 };
  const events = [
    at(0, {
      type: 'response.output_item.added',
      output_index: 0,
      item: { ...call, status: 'in_progress', arguments: '' },
    }),
    at(0, { type: 'response.function_call_arguments.delta', ...place, delta: callArguments }),
    at(0, { type: 'response.function_call_arguments.done', ...place, name, arguments: callArguments }),
    at(0, { type: 'response.output_item.done', output_index: 0, item }),
  ];
  return { item, events, endMs: 0, outputBytes: Buffer.byteLength(callArguments) };
}

function customCallScript(name: string, input: string, id: string, callId: string): ItemScript {
  const call = { id, type: 'custom_tool_call', call_id: callId, name } as const;
  const item: ResponseOutputItem = { ...call, input };
  const place = { item_id: id, output_index: 0 };
  const events = [
    at(0, { type: 'response.output_item.added', output_index: 0, item: { ...call, input: '' } }),
    at(0, { type: 'response.custom_tool_call_input.delta', ...place, delta: input }),
    at(0, { type: 'response.custom_tool_call_input.done', ...place, input }),
    at(0, { type: 'response.output_item.done', output_index: 0, item }),
  ];
  return { item, events, endMs: 0, outputBytes: Buffer.byteLength(input) };
}

function at(atMs: number, event: ResponseEvent): TimedEvent {
  return { atMs, event };
}
