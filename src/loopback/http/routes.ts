import { invalidRequest } from '../api-error.ts';
import type { ApiRefusal } from '../api-error.ts';

/** What a request is for. */
export type Route =
  | { readonly kind: 'models' }
  | { readonly kind: 'responses' }
  | { readonly kind: 'responsesSocket' }
  | { readonly kind: 'realtimeSocket'; readonly version: 1 | 2; readonly model: string }
  | { readonly kind: 'newCall'; readonly model: string }
  | { readonly kind: 'hangup'; readonly callId: string }
  /** A WebSocket that joins a call. */
  | { readonly kind: 'callSocket'; readonly version: 1 | 2; readonly callId: string }
  | { readonly kind: 'refused'; readonly refusal: ApiRefusal };

export interface RequestLine {
  readonly method: string;
  /** Path and query, as in the request. */
  readonly url: string;
  readonly isUpgrade: boolean;
  readonly hasOrigin: boolean;
}

/** The name under which the loopback lists itself as a model. */
export const MODEL_NAME = 'loopback';

export function routeRequest({ method, url, isUpgrade, hasOrigin }: RequestLine): Route {
  if (hasOrigin) return refused(403, 'Requests of web pages, which carry an Origin header, are not served.');
  const target = parseTarget(url);
  if (target === null) return refused(400, 'The address of the request cannot be read.');
  const { pathname, searchParams } = target;
  const key = `${isUpgrade ? 'UPGRADE' : method} ${pathname}`;
  if (key === 'GET /v1/models') return { kind: 'models' };
  if (key === 'POST /v1/responses') return { kind: 'responses' };
  if (key === 'UPGRADE /v1/responses') return { kind: 'responsesSocket' };
  const model = searchParams.get('model') ?? MODEL_NAME;
  if (key === 'POST /v1/realtime/calls') return { kind: 'newCall', model };
  const [, hangupId] = /^POST \/v1\/realtime\/calls\/([^/]+)\/hangup$/.exec(key) ?? [];
  if (hangupId !== undefined) return { kind: 'hangup', callId: hangupId };
  if (key !== 'UPGRADE /v1/realtime') return refused(404, 'The loopback server does not serve this address.');
  const version = searchParams.get('intent') === 'quicksilver' ? 1 : 2;
  const callId = searchParams.get('call_id');
  if (callId !== null) return { kind: 'callSocket', version, callId };
  return { kind: 'realtimeSocket', version, model };
}

function parseTarget(url: string): URL | null {
  try {
    return new URL(url, 'http://loopback');
  } catch {
    return null;
  }
}

function refused(status: number, message: string, code: string | null = null): Route {
  return { kind: 'refused', refusal: { status, problem: invalidRequest(code, message) } };
}
