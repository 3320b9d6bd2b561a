import type { ResponseHeaders } from '../http/transport.ts';
import type { ResponseEvent } from './event.ts';
import { rateLimitsOfHeaders } from './rate-limit-headers.ts';

/** What the headers of an answer tell before the response itself. */
export function eventsOfHeaders(headers: ResponseHeaders): ResponseEvent[] {
  const limits = rateLimitsOfHeaders(headers).map(
    (rateLimits) => ({ type: 'rateLimits', rateLimits }) as const,
  );
  return [...serverModel(headers), ...limits, ...modelsEtag(headers), ...reasoningIncluded(headers)];
}

/** What the headers of a handshake tell; it holds for every response on the connection. */
export function eventsOfHandshake(headers: ResponseHeaders): ResponseEvent[] {
  return [...serverModel(headers), ...modelsEtag(headers), ...reasoningIncluded(headers)];
}

function serverModel(headers: ResponseHeaders): ResponseEvent[] {
  const model = headers.get('openai-model');
  return model === null ? [] : [{ type: 'serverModel', model }];
}

function modelsEtag(headers: ResponseHeaders): ResponseEvent[] {
  const etag = headers.get('x-models-etag');
  return etag === null ? [] : [{ type: 'modelsEtag', etag }];
}

function reasoningIncluded(headers: ResponseHeaders): ResponseEvent[] {
  return headers.get('x-reasoning-included') === null ? [] : [{ type: 'reasoningIncluded' }];
}
