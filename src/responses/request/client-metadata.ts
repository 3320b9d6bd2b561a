import { isHeaderValue } from '../../util/header-value.ts';
import { windowId } from './request.ts';
import type { RequestContext, SessionIdentity } from './request.ts';

/**
 * What a frame of a WebSocket says of the request. A connection that serves many requests has one handshake, so what
 * HTTP says in headers stands here. A member that is undefined is not sent.
 */
export function clientMetadata(
  identity: SessionIdentity,
  context: RequestContext,
): Readonly<Record<string, string | undefined>> {
  const { trace, turnMetadata } = context;
  return {
    'x-codex-installation-id': identity.installationId,
    'x-codex-window-id': windowId(identity, context),
    'x-openai-subagent': identity.subagent ?? undefined,
    'x-codex-parent-thread-id': identity.parentThreadId ?? undefined,
    'x-codex-turn-metadata': turnMetadata !== null && isHeaderValue(turnMetadata) ? turnMetadata : undefined,
    ws_request_header_traceparent: trace?.traceparent,
    ws_request_header_tracestate: trace?.tracestate ?? undefined,
  };
}
