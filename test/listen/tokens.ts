import { createHmac } from 'node:crypto';

export const SECRET = 'a secret of thirty-two bytes, or more';

/** A token as an issuer makes it; `header` and `signature` make a wrong one. */
export function jwt(
  claims: unknown,
  { header = { alg: 'HS256', typ: 'JWT' }, secret = SECRET }: { header?: unknown; secret?: string } = {},
): string {
  const content = `${encode(header)}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
}

export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
