import { streamError } from '../error/responses-error.ts';
import type { ResponsesError } from '../error/responses-error.ts';
import { statusError } from '../error/status-error.ts';
import { responseHeaders } from '../http/transport.ts';
import { integerOf, objectOf, textOf } from '../json.ts';
import type { JsonObject } from '../json.ts';

const CONNECTION_LIMIT = 'websocket_connection_limit_reached';

export interface ErrorFrame {
  readonly event: JsonObject;
  /** The frame as it came. */
  readonly text: string;
  /** The URL of the socket. */
  readonly url: string;
}

/**
 * The error that a frame of type `error` means, which is like the answer to an HTTP request. Null for other frames and
 * where no status is told, which is no failure of the request.
 */
export function errorOfFrame({ event, text, url }: ErrorFrame, now: number): ResponsesError | null {
  if (event['type'] !== 'error') return null;
  const error = objectOf(event['error']);
  if (error?.['code'] === CONNECTION_LIMIT) {
    const message = textOf(error['message']);
    return streamError(message ?? 'the connection has lasted as long as it may, which is 60 minutes');
  }
  const status = integerOf(event['status']) ?? integerOf(event['status_code']);
  if (status === null || status < 100 || status > 999 || (status >= 200 && status <= 299)) return null;
  return statusError({ status, headers: responseHeaders(entriesOf(event['headers'])), body: text, url }, now);
}

/** Headers as JSON; what is neither a text, a number nor a boolean is no header. */
function entriesOf(headers: unknown): [name: string, value: string][] {
  return Object.entries(objectOf(headers) ?? {}).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, String(value)]]
      : [],
  );
}
