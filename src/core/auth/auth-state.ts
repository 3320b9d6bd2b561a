import type { Secret } from '../../util/secret.ts';

/** Who is logged in, as stored on disk. */
export type AuthState =
  { readonly kind: 'none' } | { readonly kind: 'apiKey'; readonly apiKey: Secret } | ChatgptAuth;

/** A ChatGPT login. `email` and `planType` come from the identity token and are null if it does not name them. */
export interface ChatgptAuth {
  readonly kind: 'chatgpt';
  readonly accessToken: Secret;
  readonly accountId: string | null;
  readonly email: string | null;
  /** The plan's word as the token has it, for example `pro`; not checked against any list. */
  readonly planType: string | null;
}
