import * as z from 'zod/mini';
import { jsonValue } from '../scalars.ts';

export const HookErrorInfo = z.object({ path: z.string(), message: z.string() });
export type HookErrorInfo = z.infer<typeof HookErrorInfo>;

export const HooksListEntry = z.object({
  /** As the request spelled it. */
  cwd: z.string(),
  /** Always empty: the server runs no hooks. */
  hooks: z.array(jsonValue),
  warnings: z.array(z.string()),
  errors: z.array(HookErrorInfo),
});
export type HooksListEntry = z.infer<typeof HooksListEntry>;

export const HooksListParams = z.object({
  /** The server's own working directory if there is none. */
  cwds: z._default(z.array(z.string()), []),
});
export type HooksListParams = z.infer<typeof HooksListParams>;

/** One entry for each working directory, in the order of the request. */
export const HooksListResponse = z.object({ data: z.array(HooksListEntry) });
export type HooksListResponse = z.infer<typeof HooksListResponse>;
