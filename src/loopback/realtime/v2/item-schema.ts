import * as z from 'zod';
import { LONGEST_TEXT } from './session-schema.ts';

/** The items that a client may put into a conversation. */

const text = z.string().max(LONGEST_TEXT, 'the text is too long');

const base = {
  id: z.string().min(1).max(64).optional(),
  object: z.literal('realtime.item').optional(),
  status: z.enum(['completed', 'incomplete', 'in_progress']).optional(),
};

const inputText = z.strictObject({ type: z.literal('input_text'), text });

const userContent = z.discriminatedUnion('type', [
  inputText,
  z.strictObject({
    type: z.literal('input_audio'),
    audio: z.string(),
    transcript: text.nullable().optional(),
  }),
  z.strictObject({
    type: z.literal('input_image'),
    image_url: z.string(),
    detail: z.enum(['auto', 'low', 'high']).optional(),
  }),
]);

const assistantContent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('output_text'), text }),
  z.strictObject({
    type: z.literal('output_audio'),
    audio: z.string().optional(),
    transcript: text.optional(),
  }),
]);

const message = z.discriminatedUnion('role', [
  z.strictObject({
    ...base,
    type: z.literal('message'),
    role: z.literal('user'),
    content: z.array(userContent).min(1),
  }),
  z.strictObject({
    ...base,
    type: z.literal('message'),
    role: z.literal('system'),
    content: z.array(inputText).min(1),
  }),
  z.strictObject({
    ...base,
    type: z.literal('message'),
    role: z.literal('assistant'),
    content: z.array(assistantContent).min(1),
  }),
]);

const functionCall = z.strictObject({
  ...base,
  type: z.literal('function_call'),
  name: z.string().min(1).max(128),
  arguments: text,
  call_id: z.string().min(1).max(64).optional(),
});

const functionCallOutput = z.strictObject({
  ...base,
  type: z.literal('function_call_output'),
  call_id: z.string().min(1),
  output: text,
});

export const itemParam = z.discriminatedUnion('type', [message, functionCall, functionCallOutput]);

export type ItemParam = z.output<typeof itemParam>;
