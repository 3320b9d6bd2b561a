import { createParser } from 'eventsource-parser';
import { errorMessage } from '../util/errors.ts';
import { decodeResponseEvent } from './events.ts';
import type { ResponseEvent } from './events.ts';

export interface ResponsesRequest {
  /** The URL of the endpoint, query included. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly signal: AbortSignal;
  /** The longest silence between two events, in milliseconds. */
  readonly idleTimeoutMs: number;
}

/** Why a response could not be streamed to its end. */
export class ResponsesError extends Error {
  readonly kind: 'connection' | 'status' | 'disconnected' | 'failed';
  /** The HTTP status of a refused request. */
  readonly status: number | null;

  constructor(
    kind: 'connection' | 'status' | 'disconnected' | 'failed',
    message: string,
    options: { status?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'ResponsesError';
    this.kind = kind;
    this.status = options.status ?? null;
  }
}

/** How much of a refusal's body is kept for the error message, in characters. */
const REFUSAL_BODY_CHARACTERS = 1_000;

/**
 * Sends one request and yields its events until `completed`. Throws `ResponsesError`, also when the stream ends
 * without that event.
 */
export async function* streamResponse(request: ResponsesRequest): AsyncGenerator<ResponseEvent> {
  const idle = new AbortController();
  const signal = AbortSignal.any([request.signal, idle.signal]);
  const timer = setTimeout(() => idle.abort(), request.idleTimeoutMs);
  try {
    const response = await send(request, signal);
    const events: ResponseEvent[] = [];
    const parser = createParser({
      onEvent: ({ data }) => {
        const event = decodeResponseEvent(data);
        if (event !== null) events.push(event);
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of response) {
      timer.refresh();
      parser.feed(decoder.decode(chunk, { stream: true }));
      for (const event of events.splice(0)) {
        if (event.type === 'failed') throw new ResponsesError('failed', event.message);
        yield event;
        if (event.type === 'completed') return;
      }
    }
    throw new ResponsesError('disconnected', 'the stream ended before the response was completed');
  } catch (error) {
    if (error instanceof ResponsesError || request.signal.aborted) throw error;
    const reason = idle.signal.aborted ? `no event for ${request.idleTimeoutMs} ms` : errorMessage(error);
    throw new ResponsesError('disconnected', `the stream was lost: ${reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

async function send(request: ResponsesRequest, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  let response: Response;
  try {
    response = await fetch(request.url, {
      method: 'POST',
      headers: { ...request.headers, 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify(request.body),
      signal,
    });
  } catch (error) {
    if (signal.aborted) throw error;
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    throw new ResponsesError('connection', `could not reach the model provider: ${errorMessage(cause)}`, {
      cause: error,
    });
  }
  if (response.ok && response.body !== null) return response.body;
  const detail = refusalDetail(await response.text());
  const message = `the model provider answered with HTTP status ${response.status}${detail && `: ${detail}`}`;
  throw new ResponsesError('status', message, { status: response.status });
}

function refusalDetail(body: string): string {
  try {
    const message = (JSON.parse(body) as { error?: { message?: unknown } } | null)?.error?.message;
    if (typeof message === 'string') return message;
  } catch {
    // Not every proxy answers in JSON; its words are as good.
  }
  return body.trim().slice(0, REFUSAL_BODY_CHARACTERS);
}
