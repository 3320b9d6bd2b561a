import { afterEach } from 'vitest';
import { ResponsesSession, systemClock } from '../../../src/responses/index.ts';
import { webSocketDial } from '../../../src/responses/websocket/dial.ts';
import type {
  MessageItem,
  RequestContext,
  ResponseEvent,
  ResponsesError,
  ResponsesProvider,
  ResponsesRequest,
  TurnScope,
  UpstreamOptions,
} from '../../../src/responses/index.ts';

export const THREAD = '0199f0c2-0000-7000-8000-000000000001';
export const INSTALLATION = '7f6c0a8e-1111-4222-8333-444455556666';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const open = new Set<ResponsesSession>();

afterEach(() => {
  for (const session of open) session.close();
  open.clear();
});

export type OptionChanges = Partial<Omit<UpstreamOptions, 'provider'>> & {
  readonly provider?: Partial<ResponsesProvider>;
};

export function upstreamOptions(
  baseUrl: string,
  { provider, ...changes }: OptionChanges = {},
): UpstreamOptions {
  return {
    identity: { threadId: THREAD, installationId: INSTALLATION },
    provider: {
      baseUrl: () => `${baseUrl}/v1`,
      queryParams: () => ({}),
      headers: () => ({}),
      requestMaxRetries: 0,
      streamIdleTimeoutMs: 300_000,
      websocketConnectTimeoutMs: 15_000,
      supportsWebsockets: false,
      isAzure: false,
      ...provider,
    },
    authorize: () => Promise.resolve({ ok: true, headers: { Authorization: 'Bearer test-token' } }),
    defaultHeaders: () => ({ originator: 'test', 'User-Agent': 'test/1' }),
    http: (url, request) => fetch(url, request),
    dial: webSocketDial(),
    clock: systemClock,
    random: () => 0.5,
    logger: quiet,
    ...changes,
  };
}

/** A session against a server on loopback. Closed after each test. */
export function openSession(baseUrl: string, changes: OptionChanges = {}): ResponsesSession {
  const session = new ResponsesSession(upstreamOptions(baseUrl, changes));
  open.add(session);
  return session;
}

export function userMessage(text: string): MessageItem {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

export function request(changes: Partial<ResponsesRequest> = {}): ResponsesRequest {
  return {
    model: 'test-model',
    instructions: 'Be brief.',
    input: [userMessage('hello')],
    tools: [],
    parallelToolCalls: false,
    reasoning: null,
    serviceTier: null,
    text: null,
    ...changes,
  };
}

/** The body that `request()` is sent as. */
export const BODY = {
  model: 'test-model',
  instructions: 'Be brief.',
  input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] }],
  tools: [],
  tool_choice: 'auto',
  parallel_tool_calls: false,
  reasoning: null,
  store: false,
  stream: true,
  include: [],
  prompt_cache_key: THREAD,
  client_metadata: { 'x-codex-installation-id': INSTALLATION },
};

export const CONTEXT: RequestContext = { windowGeneration: 0, turnMetadata: null };

export interface AskOptions {
  readonly request?: ResponsesRequest;
  readonly context?: RequestContext;
  readonly turn?: TurnScope;
  readonly signal?: AbortSignal;
}

/** Streams one response and gives what came of it. */
export async function ask(
  session: ResponsesSession,
  options: AskOptions = {},
): Promise<{ events: ResponseEvent[]; error: ResponsesError | null }> {
  const events: ResponseEvent[] = [];
  const { context = CONTEXT, signal = new AbortController().signal, turn = session.beginTurn() } = options;
  try {
    for await (const event of session.stream(options.request ?? request(), { context, signal, turn })) {
      events.push(event);
    }
    return { events, error: null };
  } catch (error) {
    return { events, error: error as ResponsesError };
  }
}

/** An error without what only a debugger needs. */
export function plain(error: ResponsesError | null): object | null {
  if (error === null) return null;
  const { isRetryable, kind, message, planType, rateLimits, requestId, resetsAt, retryAfterMs, status } =
    error;
  return { kind, message, status, requestId, isRetryable, retryAfterMs, rateLimits, planType, resetsAt };
}

/** A plain error with nothing but a kind and a message. */
export function bare(kind: string, message: string, changes: object = {}): object {
  return {
    kind,
    message,
    status: null,
    requestId: null,
    isRetryable: false,
    retryAfterMs: null,
    rateLimits: null,
    planType: null,
    resetsAt: null,
    ...changes,
  };
}
