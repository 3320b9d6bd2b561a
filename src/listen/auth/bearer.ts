import type { IncomingHttpHeaders } from 'node:http';

/** The subprotocol that a web page asks for, and the prefix of the one that carries its token beside it. */
export const SUBPROTOCOL = 'parley';
const TOKEN_SUBPROTOCOL = 'parley.bearer.';

export type Bearer =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed' };

/**
 * The token of a request: that of its `Authorization` header, else that among its subprotocols, since a web page cannot
 * set a header for a WebSocket.
 */
export function bearerOf(headers: IncomingHttpHeaders): Bearer {
  const { authorization } = headers;
  if (authorization === undefined) return bearerOfSubprotocols(headers['sec-websocket-protocol']);
  const token = /^bearer[ \t]+(\S+)[ \t]*$/i.exec(authorization)?.[1];
  return token === undefined ? { kind: 'malformed' } : { kind: 'token', token };
}

function bearerOfSubprotocols(offered: string | undefined): Bearer {
  for (const name of offered?.split(',') ?? []) {
    const trimmed = name.trim();
    if (!trimmed.startsWith(TOKEN_SUBPROTOCOL)) continue;
    const token = trimmed.slice(TOKEN_SUBPROTOCOL.length);
    return token === '' ? { kind: 'malformed' } : { kind: 'token', token };
  }
  return { kind: 'missing' };
}
