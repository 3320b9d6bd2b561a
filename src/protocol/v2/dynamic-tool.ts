import * as z from 'zod/mini';
import { jsonValue } from '../scalars.ts';
import { DynamicToolCallOutputContentItem } from './item.ts';

/** Has a client run a tool that it offered with `dynamicTools`. */
export const DynamicToolCallParams = z.object({
  threadId: z.string(),
  turnId: z.string(),
  /** The id of the item as well. */
  callId: z.string(),
  namespace: z.nullable(z.string()),
  tool: z.string(),
  arguments: jsonValue,
});
export type DynamicToolCallParams = z.infer<typeof DynamicToolCallParams>;

export const DynamicToolCallResponse = z.object({
  contentItems: z.array(DynamicToolCallOutputContentItem),
  success: z.boolean(),
});
export type DynamicToolCallResponse = z.infer<typeof DynamicToolCallResponse>;
