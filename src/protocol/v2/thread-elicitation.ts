import * as z from 'zod/mini';
import { uint64 } from '../scalars.ts';

/** A client asks the user something on its own, outside the protocol. */
export const ThreadIncrementElicitationParams = z.object({ threadId: z.string() });
export type ThreadIncrementElicitationParams = z.infer<typeof ThreadIncrementElicitationParams>;

export const ThreadIncrementElicitationResponse = z.object({
  /** How many such questions of the thread are open. */
  count: uint64,
  /** Whether there is one. */
  paused: z.boolean(),
});
export type ThreadIncrementElicitationResponse = z.infer<typeof ThreadIncrementElicitationResponse>;

/** One of these questions is over. */
export const ThreadDecrementElicitationParams = z.object({ threadId: z.string() });
export type ThreadDecrementElicitationParams = z.infer<typeof ThreadDecrementElicitationParams>;

export const ThreadDecrementElicitationResponse = z.object({ count: uint64, paused: z.boolean() });
export type ThreadDecrementElicitationResponse = z.infer<typeof ThreadDecrementElicitationResponse>;
