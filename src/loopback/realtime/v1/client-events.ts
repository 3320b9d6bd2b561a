import * as z from 'zod';
import type { ApiProblem } from '../../api-error.ts';
import { readEventObject } from '../../event-object.ts';
import { problemOf } from '../../zod-problem.ts';

const LONGEST_TEXT = 1024 * 1024;

const VOICES = ['juniper', 'maple', 'spruce', 'ember', 'vale', 'breeze', 'arbor', 'sol', 'cove'] as const;

const text = z.string().max(LONGEST_TEXT, 'the text is too long');

/** The session object of this version. */
export const sessionUpdate = z.object({
  type: z.literal('quicksilver'),
  instructions: text.optional(),
  audio: z
    .object({
      input: z.object({
        format: z.object({
          type: z.literal('audio/pcm', 'the loopback takes audio/pcm only'),
          rate: z.literal(24_000, 'the rate has to be 24000'),
        }),
      }),
      output: z.object({ voice: z.enum(VOICES).optional() }),
    })
    .partial()
    .optional(),
});

export type SessionUpdate = z.output<typeof sessionUpdate>;

const SCHEMAS = {
  'session.update': z.object({
    type: z.literal('session.update'),
    session: sessionUpdate,
  }),
  'input_audio_buffer.append': z.object({
    type: z.literal('input_audio_buffer.append'),
    audio: z.string(),
  }),
  'conversation.item.create': z.object({
    type: z.literal('conversation.item.create'),
    item: z.object({
      type: z.literal('message'),
      role: z.literal('user'),
      content: z.array(z.object({ type: z.enum(['text', 'input_text']), text })).min(1),
    }),
  }),
  'conversation.handoff.append': z.object({
    type: z.literal('conversation.handoff.append'),
    handoff_id: z.string(),
    output_text: text,
  }),
};

type Schemas = typeof SCHEMAS;
export type ClientEventType = keyof Schemas;
export type ClientEventOf<Type extends ClientEventType> = z.output<Schemas[Type]>;
export type ClientEvent = { [Type in ClientEventType]: ClientEventOf<Type> }[ClientEventType];

export type ClientEventOutcome =
  | { readonly ok: true; readonly event: ClientEvent; readonly eventId: string | null }
  | { readonly ok: false; readonly problem: ApiProblem; readonly eventId: string | null };

/** Reads one text frame of a client. Fields that are not known are ignored: this version has no published shape. */
export function readClientEvent(frame: string): ClientEventOutcome {
  const outcome = readEventObject(frame, Object.keys(SCHEMAS));
  if (!outcome.ok) return outcome;
  const { value, eventId } = outcome;
  const result = SCHEMAS[outcome.type as ClientEventType].safeParse(value);
  if (!result.success) return { ok: false, problem: problemOf(result.error, value), eventId };
  return { ok: true, event: result.data, eventId };
}
