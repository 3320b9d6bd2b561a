import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a token has to be signed with, and what it has to say. */
export interface JwtRules {
  readonly secret: Buffer;
  /** Null where any will do. */
  readonly issuer: string | null;
  readonly audience: string | null;
  readonly maxClockSkewSeconds: number;
}

/** What is wrong with a token; the words are part of the protocol. */
export type JwtProblem =
  | 'invalid websocket jwt'
  | 'expired websocket jwt'
  | 'websocket jwt is not valid yet'
  | 'websocket jwt issuer mismatch'
  | 'websocket jwt audience mismatch';

/**
 * Checks a JSON Web Token that is signed with HMAC-SHA256; no other algorithm is accepted. Gives what is wrong with
 * it, or null. `nowSeconds` is Unix time.
 */
export function jwtProblem(token: string, rules: JwtRules, nowSeconds: number): JwtProblem | null {
  const parts = token.split('.');
  const [header, payload, signature] = parts;
  if (parts.length !== 3 || header === undefined || payload === undefined || signature === undefined) {
    return 'invalid websocket jwt';
  }
  if (!isSigned(`${header}.${payload}`, signature, rules.secret)) return 'invalid websocket jwt';
  const head = decodeObject(header);
  // Extensions named as critical must be understood, and none is.
  if (head?.['alg'] !== 'HS256' || 'crit' in head) return 'invalid websocket jwt';
  const claims = decodeObject(payload);
  if (claims === null) return 'invalid websocket jwt';
  return claimsProblem(claims, rules, nowSeconds);
}

function claimsProblem(
  claims: Readonly<Record<string, unknown>>,
  { audience, issuer, maxClockSkewSeconds }: JwtRules,
  nowSeconds: number,
): JwtProblem | null {
  const { aud, exp, iss, nbf } = claims;
  if (!isTime(exp) || (nbf !== undefined && !isTime(nbf))) return 'invalid websocket jwt';
  if (nowSeconds > exp + maxClockSkewSeconds) return 'expired websocket jwt';
  if (nbf !== undefined && nowSeconds < nbf - maxClockSkewSeconds) return 'websocket jwt is not valid yet';
  if (issuer !== null && iss !== issuer) return 'websocket jwt issuer mismatch';
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  if (audience !== null && !audiences.includes(audience)) return 'websocket jwt audience mismatch';
  return null;
}

function isSigned(content: string, signature: string, secret: Buffer): boolean {
  const expected = createHmac('sha256', secret).update(content).digest();
  const given = decodeBase64Url(signature);
  return given !== null && given.length === expected.length && timingSafeEqual(given, expected);
}

function decodeObject(part: string): Record<string, unknown> | null {
  const bytes = decodeBase64Url(part);
  if (bytes === null) return null;
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** Node skips what is no base64; here only the one spelling of the bytes counts. */
function decodeBase64Url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
