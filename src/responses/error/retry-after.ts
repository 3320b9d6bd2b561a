import type { ResponseHeaders } from '../http/transport.ts';

/**
 * How long the headers of an answer ask to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or
 * as a date. Null if they say nothing that can be read, or name a time that has passed.
 */
export function retryAfterMs(headers: ResponseHeaders, now: number): number | null {
  const milliseconds = decimal(headers.get('retry-after-ms'));
  if (milliseconds !== null) return Math.ceil(milliseconds);
  const text = headers.get('retry-after');
  const seconds = decimal(text);
  if (seconds !== null) return Math.ceil(seconds * 1000);
  const date = text === null ? Number.NaN : Date.parse(text);
  return date > now ? date - now : null;
}

function decimal(text: string | null): number | null {
  return text !== null && /^\s*\d+(?:\.\d+)?\s*$/u.test(text) ? Number(text) : null;
}
