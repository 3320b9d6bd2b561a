import * as z from 'zod/mini';
import { Secret } from '../../util/secret.ts';
import type { AuthState } from './auth-state.ts';
import { identityOf } from './identity.ts';

const authFile = z.object({
  auth_mode: z.nullish(z.string()),
  OPENAI_API_KEY: z.nullish(z.string()),
  tokens: z.nullish(
    z.object({
      id_token: z.nullish(z.string()),
      access_token: z.string(),
      account_id: z.nullish(z.string()),
    }),
  ),
});

/**
 * Reads the text of `auth.json`. Without `auth_mode`, or with one that is not known here, an API key counts before
 * tokens. A login whose key or token is blank is none. Null if the text is not such a file.
 */
export function parseAuthFile(text: string): AuthState | null {
  const parsed = authFile.safeParse(parseJson(text));
  if (!parsed.success) return null;
  const { auth_mode: mode, OPENAI_API_KEY: key, tokens } = parsed.data;
  const apiKey = key?.trim() ?? '';
  const accessToken = tokens?.access_token.trim() ?? '';
  if (apiKey !== '' && mode !== 'chatgpt') return { kind: 'apiKey', apiKey: new Secret(apiKey) };
  if (accessToken === '' || mode === 'apikey') return { kind: 'none' };
  const identity = identityOf(tokens?.id_token ?? '');
  return {
    kind: 'chatgpt',
    accessToken: new Secret(accessToken),
    accountId: tokens?.account_id ?? identity.accountId,
    email: identity.email,
    planType: identity.planType,
  };
}

/** The text of `auth.json` for a login with an API key. */
export function apiKeyFile(apiKey: string): string {
  return JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: apiKey }, null, 2);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, so only the fact is passed on; no such file is an undefined value.
    return undefined;
  }
}
