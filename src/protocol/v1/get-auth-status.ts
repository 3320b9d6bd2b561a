import * as z from 'zod/mini';
import { AuthMode } from '../v2/account.ts';

export const GetAuthStatusParams = z.object({
  /** Has no effect: credentials are not given out. */
  includeToken: z.nullish(z.boolean()),
  refreshToken: z.nullish(z.boolean()),
});
export type GetAuthStatusParams = z.infer<typeof GetAuthStatusParams>;

export const GetAuthStatusResponse = z.object({
  /** Null without a login, and whenever the model provider does not use OpenAI credentials. */
  authMethod: z.nullable(AuthMode),
  /** Always null. */
  authToken: z.nullable(z.string()),
  requiresOpenaiAuth: z.nullable(z.boolean()),
});
export type GetAuthStatusResponse = z.infer<typeof GetAuthStatusResponse>;
