import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Authenticate } from './auth/authenticator.ts';

/** Who is let in, and what is there besides the socket. */
export interface HttpRules {
  /** Whether `/healthz` and `/readyz` are answered. */
  readonly hasHealth: boolean;
  /** Origins of web pages that may connect. Null asks for no origin at all, where no web page can come from. */
  readonly allowedOrigins: readonly string[] | null;
  /** Null lets everyone in. */
  readonly authenticate: Authenticate | null;
}

/** What a request is answered with instead of a socket. */
export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const HEALTH_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** The answer to a request, or null where it is to become a WebSocket. The order of the checks is part of the protocol. */
export function replyTo(
  { headers, method = '', url = '' }: Pick<IncomingMessage, 'headers' | 'method' | 'url'>,
  rules: HttpRules,
): Reply | null {
  const { allowedOrigins, authenticate, hasHealth } = rules;
  const { origin, upgrade } = headers;
  if (origin !== undefined && allowedOrigins !== null && !allowedOrigins.includes(origin)) {
    return { status: 403, body: '' };
  }
  const isRead = method === 'GET' || method === 'HEAD';
  if (hasHealth && HEALTH_PATHS.has(url.split('?', 1)[0] ?? '')) {
    return isRead ? { status: 200, body: '' } : { status: 405, body: '', headers: { allow: 'GET, HEAD' } };
  }
  if (method !== 'GET') {
    return { status: 405, body: 'Request method must be `GET`', headers: { allow: 'GET' } };
  }
  if (!hasToken(headers.connection, 'upgrade')) {
    return { status: 400, body: "Connection header did not include 'upgrade'" };
  }
  if (!hasToken(upgrade, 'websocket')) {
    return { status: 400, body: "Upgrade header did not include 'websocket'" };
  }
  const refusal = authenticate?.(headers) ?? null;
  return refusal === null ? null : { status: 401, body: refusal, headers: { 'www-authenticate': 'Bearer' } };
}

export function writeReply(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  response.writeHead(status, { ...headersOf(body), ...headers }).end(body);
}

/** Answers on a connection that asked for an upgrade, and ends it. */
export function writeRawReply(socket: Duplex, { status, body, headers = {} }: Reply): void {
  const lines = Object.entries({ ...headersOf(body), ...headers, connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n${body}`);
}

function headersOf(body: string): Record<string, string> {
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  return body === '' ? length : { 'content-type': 'text/plain; charset=utf-8', ...length };
}

function hasToken(header: string | undefined, token: string): boolean {
  return header?.split(',').some((part) => part.trim().toLowerCase() === token) === true;
}
