import { backoffMs } from '../util/backoff.ts';
import { errorMessage } from '../util/errors.ts';
import { sleep } from '../util/sleep.ts';
import { callIdOf } from './call.ts';
import type { Headers } from './headers.ts';

/** Sends an HTTP request and resolves with the head of the answer; `fetch` has this shape. */
export type SendHttp = (
  url: string,
  request: {
    readonly method: 'POST';
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}>;

export interface CreateCallOptions {
  readonly send: SendHttp;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  /** How often it is tried again after a server error, and when the service cannot be reached. */
  readonly maxRetries: number;
  /** How long each attempt may take, in milliseconds. */
  readonly timeoutMs: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

export interface CreatedCall {
  readonly callId: string;
  /** The answer to the client's offer, as the service gave it. */
  readonly sdp: string;
}

/** The longest answer that is taken, in bytes, and how much of a refusal is told, in bytes or characters. */
const LONGEST_ANSWER = 1024 * 1024;
const TOLD_REFUSAL = 1_000;

/** Why a call was not made. */
class CallError extends Error {
  readonly isRetryable: boolean;

  constructor(reason: string, isRetryable: boolean, options?: ErrorOptions) {
    super(`the realtime call could not be created: ${reason}`, options);
    this.isRetryable = isRetryable;
  }
}

/** Makes a call. Rejects with an `Error` that says what the service answered, and names its request id. */
export async function createCall(options: CreateCallOptions): Promise<CreatedCall> {
  const { maxRetries, random, signal } = options;
  for (let retry = 1; ; retry += 1) {
    try {
      return await attempt(options);
    } catch (error) {
      const isRetryable = error instanceof CallError && error.isRetryable;
      if (signal.aborted || !isRetryable || retry > maxRetries) throw error;
      await sleep(backoffMs(retry, random), signal);
    }
  }
}

async function attempt(options: CreateCallOptions): Promise<CreatedCall> {
  const { body, headers, send, signal, timeoutMs, url } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const bounds = AbortSignal.any([signal, timeout]);
  try {
    const response = await send(url, { method: 'POST', headers: { ...headers }, body, signal: bounds });
    const answer = await readAnswer(response.body);
    if (response.status < 200 || response.status > 299)
      throw refusal(response.status, response.headers, answer);
    return created(answer, response.headers.get('location'));
  } catch (error) {
    if (error instanceof CallError) throw error;
    const reason = timeout.aborted ? `no answer within ${timeoutMs} ms` : networkReason(error);
    throw new CallError(reason, true, { cause: error });
  }
}

function created(answer: Buffer | null, location: string | null): CreatedCall {
  if (answer === null) throw new CallError(`the answer is longer than ${LONGEST_ANSWER} bytes`, false);
  if (location === null) throw new CallError('the answer has no Location header', false);
  const callId = callIdOf(location);
  if (callId === null) throw new CallError(`the Location \`${location}\` names no call`, false);
  return { callId, sdp: utf8(answer) };
}

function utf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new CallError('the answer is no UTF-8 text', false, { cause: error });
  }
}

/** Null for an answer that is too long. */
async function readAnswer(body: AsyncIterable<Uint8Array> | null): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > LONGEST_ANSWER) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const REQUEST_ID_HEADERS = ['x-request-id', 'x-oai-request-id', 'cf-ray'];

function refusal(
  status: number,
  headers: { get(name: string): string | null },
  answer: Buffer | null,
): CallError {
  const ids = REQUEST_ID_HEADERS.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [`${name} ${value}`];
  });
  const place = [`HTTP status ${status}`, ...ids].join(', ');
  // What the service says of its own failure helps nobody.
  const detail = status === 500 ? 'the service is under high demand; try again later' : messageOf(answer);
  return new CallError(detail === '' ? place : `${place}: ${detail}`, status >= 500);
}

function messageOf(answer: Buffer | null): string {
  const text = answer?.subarray(0, TOLD_REFUSAL).toString('utf8').trim() ?? '';
  try {
    const { error } = JSON.parse(answer?.toString('utf8') ?? '') as { error?: { message?: unknown } };
    return typeof error?.message === 'string' ? error.message.slice(0, TOLD_REFUSAL) : text;
  } catch {
    return text;
  }
}

/** `fetch` hides why a connection failed behind one message for all reasons. */
function networkReason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)}: ${errorMessage(cause)}`;
}
