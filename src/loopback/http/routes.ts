import { invalidRequest } from '../api-error.ts';
import type { ApiRefusal } from '../api-error.ts';

/** What a request is for. */
export type Route =
  | { readonly kind: 'models' }
  | { readonly kind: 'responses' }
  | { readonly kind: 'responsesSocket' }
  | { readonly kind: 'realtimeSocket'; readonly version: 1 | 2; readonly model: string }
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
  if (key !== 'UPGRADE /v1/realtime') return refused(404, 'The loopback server does not serve this address.');
  if (searchParams.has('call_id')) return refused(404, 'There is no call with this id.', 'call_id_not_found');
  const version = searchParams.get('intent') === 'quicksilver' ? 1 : 2;
  return { kind: 'realtimeSocket', version, model: searchParams.get('model') ?? MODEL_NAME };
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
