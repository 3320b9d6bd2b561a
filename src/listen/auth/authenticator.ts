import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { bearerOf } from './bearer.ts';
import { jwtProblem } from './jwt.ts';
import type { JwtRules } from './jwt.ts';

/** Who may connect: whoever has a token with this SHA-256 digest, or a token signed by these rules. */
export type AuthPolicy =
  | { readonly mode: 'capability-token'; readonly sha256: Buffer }
  | { readonly mode: 'signed-bearer-token'; readonly rules: JwtRules };

/** Says why a request is refused, in words that are part of the protocol, or null where it may pass. */
export type Authenticate = (headers: IncomingHttpHeaders) => string | null;

/** `now` gives Unix milliseconds. */
export function authenticator(policy: AuthPolicy, now: () => number): Authenticate {
  return (headers) => {
    const bearer = bearerOf(headers);
    if (bearer.kind === 'missing') return 'missing websocket bearer token';
    if (bearer.kind === 'malformed') return 'invalid authorization header';
    if (policy.mode === 'signed-bearer-token') return jwtProblem(bearer.token, policy.rules, now() / 1_000);
    const digest = createHash('sha256').update(bearer.token).digest();
    return timingSafeEqual(digest, policy.sha256) ? null : 'invalid websocket bearer token';
  };
}
