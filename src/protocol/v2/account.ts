import * as z from 'zod/mini';

export const PlanType = z.enum([
  'free',
  'go',
  'plus',
  'pro',
  'prolite',
  'team',
  'self_serve_business_usage_based',
  'business',
  'enterprise_cbp_usage_based',
  'enterprise',
  'edu',
  'unknown',
]);
export type PlanType = z.infer<typeof PlanType>;

export const AuthMode = z.enum(['apikey', 'chatgpt', 'chatgptAuthTokens', 'agentIdentity']);
export type AuthMode = z.infer<typeof AuthMode>;

export const Account = z.discriminatedUnion('type', [
  z.object({ type: z.literal('apiKey') }),
  z.object({ type: z.literal('chatgpt'), email: z.string(), planType: PlanType }),
  z.object({ type: z.literal('amazonBedrock') }),
]);
export type Account = z.infer<typeof Account>;

export const LoginAccountParams = z.discriminatedUnion('type', [
  z.object({ type: z.literal('apiKey'), apiKey: z.string() }),
  z.object({ type: z.literal('chatgpt'), codexStreamlinedLogin: z.nullish(z.boolean()) }),
  z.object({ type: z.literal('chatgptDeviceCode') }),
  z.object({
    type: z.literal('chatgptAuthTokens'),
    accessToken: z.string(),
    chatgptAccountId: z.string(),
    chatgptPlanType: z.nullish(z.string()),
  }),
]);
export type LoginAccountParams = z.infer<typeof LoginAccountParams>;

export const LoginAccountResponse = z.discriminatedUnion('type', [
  z.object({ type: z.literal('apiKey') }),
  z.object({ type: z.literal('chatgpt'), loginId: z.string(), authUrl: z.string() }),
  z.object({
    type: z.literal('chatgptDeviceCode'),
    loginId: z.string(),
    verificationUrl: z.string(),
    userCode: z.string(),
  }),
  z.object({ type: z.literal('chatgptAuthTokens') }),
]);
export type LoginAccountResponse = z.infer<typeof LoginAccountResponse>;

export const LogoutAccountResponse = z.object({});
export type LogoutAccountResponse = z.infer<typeof LogoutAccountResponse>;

export const GetAccountParams = z.object({
  /** Asks for fresh tokens before answering; off unless `true`. */
  refreshToken: z.nullish(z.boolean()),
});
export type GetAccountParams = z.infer<typeof GetAccountParams>;

export const GetAccountResponse = z.object({
  /** Null without a login, and whenever the model provider does not use OpenAI credentials. */
  account: z.nullable(Account),
  requiresOpenaiAuth: z.boolean(),
});
export type GetAccountResponse = z.infer<typeof GetAccountResponse>;

export const AccountLoginCompletedNotification = z.object({
  loginId: z.nullable(z.string()),
  success: z.boolean(),
  error: z.nullable(z.string()),
});
export type AccountLoginCompletedNotification = z.infer<typeof AccountLoginCompletedNotification>;

export const AccountUpdatedNotification = z.object({
  authMode: z.nullable(AuthMode),
  planType: z.nullable(PlanType),
});
export type AccountUpdatedNotification = z.infer<typeof AccountUpdatedNotification>;

export const CancelLoginAccountParams = z.object({ loginId: z.string() });
export type CancelLoginAccountParams = z.infer<typeof CancelLoginAccountParams>;

export const CancelLoginAccountStatus = z.enum(['canceled', 'notFound']);
export type CancelLoginAccountStatus = z.infer<typeof CancelLoginAccountStatus>;

export const CancelLoginAccountResponse = z.object({ status: CancelLoginAccountStatus });
export type CancelLoginAccountResponse = z.infer<typeof CancelLoginAccountResponse>;
