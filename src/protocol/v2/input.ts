import * as z from 'zod/mini';
import { uint } from '../scalars.ts';

/** Byte offsets into the UTF-8 form of a text, end exclusive. */
export const ByteRange = z.object({ start: uint, end: uint });
export type ByteRange = z.infer<typeof ByteRange>;

/** A span of an input text that the client shows in its own way. */
export const TextElement = z.object({
  byteRange: ByteRange,
  placeholder: z._default(z.nullable(z.string()), null),
});
export type TextElement = z.infer<typeof TextElement>;

/** One piece of what the user gives to a turn. `text_elements` is snake_case on the wire. */
export const UserInput = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('text'),
    text: z.string(),
    text_elements: z._default(z.array(TextElement), []),
  }),
  z.object({ type: z.literal('image'), url: z.string() }),
  z.object({ type: z.literal('localImage'), path: z.string() }),
  z.object({ type: z.literal('skill'), name: z.string(), path: z.string() }),
  z.object({ type: z.literal('mention'), name: z.string(), path: z.string() }),
]);
export type UserInput = z.infer<typeof UserInput>;
