import type { StreamCall } from '../http/stream.ts';
import { serializeItems } from '../item/serialize.ts';
import { requestSettings } from '../request/body.ts';
import { clientMetadata } from '../request/client-metadata.ts';
import type { UpstreamOptions } from '../upstream.ts';
import type { ConnectionMemory } from './incremental.ts';

/** A request on a WebSocket. */
export interface SocketCall extends StreamCall {
  /** False only prepares the server for what is to come. */
  readonly generates: boolean;
}

/** The frame that asks for a response: with all of the input, or what the server does not remember of it. */
export function createFrame(
  { context, generates, request }: SocketCall,
  memory: ConnectionMemory,
  { identity, provider }: UpstreamOptions,
): string {
  const settings = requestSettings(request, { identity, isAzure: provider.isAzure });
  const input = request.input.filter((item) => item.type !== 'other');
  const toSend = memory.next({ settings, input });
  return JSON.stringify({
    type: 'response.create',
    ...settings,
    previous_response_id: toSend.previousResponseId ?? undefined,
    input: serializeItems(toSend.input),
    generate: generates ? undefined : false,
    client_metadata: clientMetadata(identity, context),
  });
}
