import * as z from 'zod/mini';

/** What the claims of an identity token say about the user. */
export interface Identity {
  readonly email: string | null;
  readonly planType: string | null;
  readonly accountId: string | null;
}

const claims = z.object({
  email: z.catch(z.nullish(z.string()), null),
  'https://api.openai.com/profile': z.catch(z.nullish(z.object({ email: z.nullish(z.string()) })), null),
  'https://api.openai.com/auth': z.catch(
    z.nullish(
      z.object({
        chatgpt_plan_type: z.catch(z.nullish(z.string()), null),
        chatgpt_account_id: z.catch(z.nullish(z.string()), null),
      }),
    ),
    null,
  ),
});

/**
 * Decodes the claims of an identity token. The signature is not checked: the token was stored by the user's own login
 * and is used for display only. A token that cannot be decoded says nothing.
 */
export function identityOf(token: string): Identity {
  const parsed = claims.safeParse(payloadOf(token));
  if (!parsed.success) return { email: null, planType: null, accountId: null };
  const profile = parsed.data['https://api.openai.com/profile'];
  const auth = parsed.data['https://api.openai.com/auth'];
  return {
    email: parsed.data.email ?? profile?.email ?? null,
    planType: auth?.chatgpt_plan_type ?? null,
    accountId: auth?.chatgpt_account_id ?? null,
  };
}

function payloadOf(token: string): unknown {
  const payload = token.split('.')[1] ?? '';
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  } catch {
    // Not a JSON Web Token; the schema refuses the undefined value.
    return undefined;
  }
}
