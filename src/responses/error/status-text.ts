import { STATUS_CODES } from 'node:http';
import { objectOf, parseObject, textOf } from '../json.ts';
import { displayUrl } from '../request/url.ts';
import type { Refusal } from './status-error.ts';

/** How much of a body that is not the API's is told, in bytes. */
const BODY_BYTES = 1_000;

/** A status and its usual name, such as `404 Not Found`. */
export function statusLine(status: number): string {
  const name = STATUS_CODES[status];
  return name === undefined ? String(status) : `${status} ${name}`;
}

/** Tells a status that has no meaning of its own, what was said with it, and whatever helps to trace the request. */
export function unexpectedStatusText(refusal: Refusal): string {
  const { body, headers, status, url } = refusal;
  const facts: readonly [name: string, value: string | null][] = [
    ['url', displayUrl(url)],
    ['cf-ray', headers.get('cf-ray')],
    ['request id', headers.get('x-request-id') ?? headers.get('x-oai-request-id')],
    ['auth error', headers.get('x-openai-authorization-error')],
    ['auth error code', authErrorCode(headers.get('x-error-json'))],
  ];
  const suffix = facts.map(([name, value]) => (value === null ? '' : `, ${name}: ${value}`)).join('');
  if (status === 403 && body.includes('Cloudflare') && body.includes('blocked')) {
    return `the request was blocked by Cloudflare on its way to the model provider (status ${statusLine(status)})${suffix}`;
  }
  return `unexpected status ${statusLine(status)}: ${bodyText(body)}${suffix}`;
}

function bodyText(body: string): string {
  const message = textOf(objectOf(parseObject(body)?.['error'])?.['message']);
  if (message !== null) return message;
  const text = body.trim();
  if (text === '') return 'Unknown error';
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= BODY_BYTES) return text;
  let end = BODY_BYTES;
  while (isContinuation(bytes[end])) end -= 1;
  return `${new TextDecoder().decode(bytes.subarray(0, end))}...`;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function authErrorCode(base64: string | null): string | null {
  if (base64 === null) return null;
  const json = parseObject(Buffer.from(base64, 'base64').toString('utf8'));
  return textOf(objectOf(json?.['error'])?.['code']);
}
