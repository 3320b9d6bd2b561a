import * as z from 'zod';
import type { ApiProblem } from '../../api-error.ts';
import { problemOf } from '../../zod-problem.ts';
import { readEventObject } from '../../event-object.ts';
import { itemParam } from './item-schema.ts';
import {
  LONGEST_TEXT,
  maxOutputTokens,
  outputModalities,
  reasoning,
  sessionUpdate,
  toolChoice,
  tools,
} from './session-schema.ts';

const base = { event_id: z.string().max(512).optional() };

const responseParams = z.strictObject({
  audio: z.record(z.string(), z.unknown()).optional(),
  conversation: z.enum(['auto', 'none']).optional(),
  input: z
    .array(z.union([itemParam, z.strictObject({ type: z.literal('item_reference'), id: z.string() })]))
    .optional(),
  instructions: z.string().max(LONGEST_TEXT).optional(),
  max_output_tokens: maxOutputTokens.optional(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullable().optional(),
  output_modalities: outputModalities.optional(),
  parallel_tool_calls: z.boolean().optional(),
  prompt: z.record(z.string(), z.unknown()).nullable().optional(),
  reasoning: reasoning.optional(),
  tool_choice: toolChoice.optional(),
  tools: tools.optional(),
});

const SCHEMAS = {
  'session.update': z.strictObject({
    ...base,
    type: z.literal('session.update'),
    session: sessionUpdate,
  }),
  'input_audio_buffer.append': z.strictObject({
    ...base,
    type: z.literal('input_audio_buffer.append'),
    audio: z.string(),
  }),
  'input_audio_buffer.commit': z.strictObject({ ...base, type: z.literal('input_audio_buffer.commit') }),
  'input_audio_buffer.clear': z.strictObject({ ...base, type: z.literal('input_audio_buffer.clear') }),
  'output_audio_buffer.clear': z.strictObject({ ...base, type: z.literal('output_audio_buffer.clear') }),
  'conversation.item.create': z.strictObject({
    ...base,
    type: z.literal('conversation.item.create'),
    item: itemParam,
    previous_item_id: z.string().nullable().optional(),
  }),
  'conversation.item.retrieve': z.strictObject({
    ...base,
    type: z.literal('conversation.item.retrieve'),
    item_id: z.string(),
  }),
  'conversation.item.delete': z.strictObject({
    ...base,
    type: z.literal('conversation.item.delete'),
    item_id: z.string(),
  }),
  'conversation.item.truncate': z.strictObject({
    ...base,
    type: z.literal('conversation.item.truncate'),
    item_id: z.string(),
    content_index: z.literal(0, 'there is only content 0'),
    audio_end_ms: z.int().min(0),
  }),
  'response.create': z.strictObject({
    ...base,
    type: z.literal('response.create'),
    response: responseParams.nullable().optional(),
  }),
  'response.cancel': z.strictObject({
    ...base,
    type: z.literal('response.cancel'),
    response_id: z.string().nullable().optional(),
  }),
};

type Schemas = typeof SCHEMAS;
export type ClientEventType = keyof Schemas;
export type ClientEventOf<Type extends ClientEventType> = z.output<Schemas[Type]>;
export type ClientEvent = { [Type in ClientEventType]: ClientEventOf<Type> }[ClientEventType];
export type ResponseParams = z.output<typeof responseParams>;

export type ClientEventOutcome =
  | { readonly ok: true; readonly event: ClientEvent }
  | { readonly ok: false; readonly problem: ApiProblem; readonly eventId: string | null };

const TYPES = Object.keys(SCHEMAS);

/** Reads one text frame of a client. */
export function readClientEvent(frame: string): ClientEventOutcome {
  const outcome = readEventObject(frame, TYPES);
  if (!outcome.ok) return outcome;
  const { value, eventId } = outcome;
  const result = SCHEMAS[outcome.type as ClientEventType].safeParse(value);
  if (!result.success) return { ok: false, problem: problemOf(result.error, value), eventId };
  return { ok: true, event: result.data };
}
