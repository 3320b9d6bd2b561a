import * as z from 'zod/mini';
import { jsonValue, uint32 } from '../scalars.ts';

export const AppsListParams = z.object({
  cursor: z.nullish(z.string()),
  limit: z.nullish(uint32),
  threadId: z.nullish(z.string()),
  /** Off unless `true`. */
  forceRefetch: z.nullish(z.boolean()),
});
export type AppsListParams = z.infer<typeof AppsListParams>;

export const AppsListResponse = z.object({
  /** Always empty: the server has no apps. */
  data: z.array(jsonValue),
  nextCursor: z.nullable(z.string()),
});
export type AppsListResponse = z.infer<typeof AppsListResponse>;
