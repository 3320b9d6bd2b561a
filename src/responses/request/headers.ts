import { windowId } from './request.ts';
import type { RequestContext, SessionIdentity } from './request.ts';

export type OptionalHeaders = Readonly<Record<string, string | null>>;

const WEBSOCKET_VERSION = 'responses_websockets=2026-02-06';

/** The headers of a request for a response by HTTP, besides the provider's, the defaults and the credential. */
export function responseHeaders(
  identity: SessionIdentity,
  context: RequestContext,
  turnState: string | null,
): OptionalHeaders {
  return {
    ...conversationHeaders(identity, context),
    'x-codex-turn-state': turnState,
    'x-codex-turn-metadata': context.turnMetadata,
    ...traceHeaders(context),
    'content-type': 'application/json',
    accept: 'text/event-stream',
  };
}

/** The headers of a handshake. The trace of the request that happens to open the connection is not its own. */
export function handshakeHeaders(
  identity: SessionIdentity,
  context: RequestContext,
  turnState: string | null,
): OptionalHeaders {
  return {
    ...conversationHeaders(identity, context),
    'x-codex-turn-state': turnState,
    'x-codex-turn-metadata': context.turnMetadata,
    'OpenAI-Beta': WEBSOCKET_VERSION,
    'x-responsesapi-include-timing-metrics': identity.includesTimingMetrics === true ? 'true' : null,
  };
}

/** The headers of a request to compact a history. */
export function compactHeaders(identity: SessionIdentity, context: RequestContext): OptionalHeaders {
  return {
    'x-codex-installation-id': identity.installationId,
    ...agentHeaders(identity),
    'x-codex-parent-thread-id': identity.parentThreadId ?? null,
    'x-codex-window-id': windowId(identity, context),
    session_id: identity.threadId,
    ...traceHeaders(context),
    'content-type': 'application/json',
  };
}

/** The headers of a request to summarise memories. */
export function memoryHeaders(identity: SessionIdentity): OptionalHeaders {
  return { ...agentHeaders(identity), 'content-type': 'application/json' };
}

function conversationHeaders(identity: SessionIdentity, context: RequestContext): OptionalHeaders {
  return {
    'x-codex-beta-features': identity.betaFeatures?.join(',') || null,
    'x-client-request-id': identity.threadId,
    session_id: identity.threadId,
    ...agentHeaders(identity),
    'x-codex-parent-thread-id': identity.parentThreadId ?? null,
    'x-codex-window-id': windowId(identity, context),
  };
}

function agentHeaders({ isMemoryGeneration, subagent }: SessionIdentity): OptionalHeaders {
  return {
    'x-openai-subagent': subagent ?? null,
    'x-openai-memgen-request': isMemoryGeneration === true ? 'true' : null,
  };
}

function traceHeaders({ trace }: RequestContext): OptionalHeaders {
  return { traceparent: trace?.traceparent ?? null, tracestate: trace?.tracestate ?? null };
}
