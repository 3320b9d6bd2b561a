import * as z from 'zod/mini';
import { uint } from '../scalars.ts';

/** A place in a text file; line and column count from 1. */
export const TextPosition = z.object({ line: uint, column: uint });
export type TextPosition = z.infer<typeof TextPosition>;

export const TextRange = z.object({ start: TextPosition, end: TextPosition });
export type TextRange = z.infer<typeof TextRange>;

/** A configuration file or key could not be used. `path` and `range` are absent when the place is unknown. */
export const ConfigWarningNotification = z.object({
  summary: z.string(),
  details: z.nullable(z.string()),
  path: z.nullish(z.string()),
  range: z.nullish(TextRange),
});
export type ConfigWarningNotification = z.infer<typeof ConfigWarningNotification>;

/** Something in use will go away. `details` may say what to use in its place. */
export const DeprecationNoticeNotification = z.object({
  summary: z.string(),
  details: z.nullable(z.string()),
});
export type DeprecationNoticeNotification = z.infer<typeof DeprecationNoticeNotification>;
