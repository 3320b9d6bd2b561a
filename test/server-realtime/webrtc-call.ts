import { deferred } from '../../src/util/deferred.ts';
import { Call } from './call.ts';
import type { CallOptions } from './call.ts';
import type { AgentCall } from './handoff-call.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import type { UpstreamOptions } from '../support/realtime-upstream.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';

/** An offer as a client makes it, for a test that looks only at where it goes. */
export const OFFER = 'v=0\r\na=offer\r\n';

export const WEBRTC = { transport: { type: 'webrtc', sdp: OFFER } };

/** What a client hears of the answer that calls get unless a test has another. */
export const ANSWER = { sdp: 'v=answer\r\n' };

/** Where sockets that join calls come. */
export const SIDEBAND = '/v1/realtime?call_id=rtc_test';

/** Lets making and joining calls be tried again so often. */
export function withRetries(count: number): NonNullable<CallOptions['editConfig']> {
  return (text) => text.replace('request_max_retries = 0', `request_max_retries = ${count}`);
}

/** Handshakes that are held until `open` is called, which lets all through, now and later. */
export function heldHandshakes(): { hold: () => Promise<void>; open: () => void } {
  const opened = deferred();
  return { hold: () => opened.promise, open: () => opened.resolve() };
}

/** A thread whose calls are not joined until `open` is called. */
export async function callInTheMiddle(options: CallOptions = {}): Promise<{ call: Call; open: () => void }> {
  const { hold, open } = heldHandshakes();
  const call = await Call.open({ ...options, upstream: { ...options.upstream, hold } });
  return { call, open };
}

/** Asks for a call, and waits until the client has its answer and the daemon is joining. */
export async function begin(call: Call, params: object = {}): Promise<void> {
  const handshakes = call.upstream.handshakes.length;
  const answers = call.count('sdp');
  await call.requestStart({ ...WEBRTC, ...params });
  await call.until('sdp', answers + 1);
  await call.upstream.until('a handshake', () => call.upstream.handshakes[handshakes]);
}

/** Writes requests about the voice without waiting for their answers. */
export function write(
  { daemon, threadId }: Call,
  ...requests: [id: string, name: string, params: object][]
): void {
  for (const [id, name, params] of requests) {
    daemon.write({ id, method: `thread/realtime/${name}`, params: { threadId, ...params } });
  }
}

/** The ids of the requests with such ids that were answered, in the order of the answers. */
export function answered({ daemon }: Call): unknown[] {
  return daemon.messages.filter(({ id }) => typeof id === 'string').map(({ id }) => id);
}

/** A thread that can be called, with a scripted text model. */
export async function openAgent(upstream: UpstreamOptions = {}): Promise<AgentCall> {
  const model = await ResponsesUpstream.open();
  const call = await Call.open({
    upstream,
    editConfig: (text, { url }) =>
      text
        .replace(`base_url = "${url}/v1"`, `base_url = "${model.url}/v1"`)
        .replace('model = "test-model"', `model = "gpt-5.5"\n${callsAt(url)}`),
  });
  const { daemon, threadId } = call;
  return { call, model, typed: { daemon, threadId, upstream: model } };
}

function callsAt(url: string): string {
  return `experimental_realtime_webrtc_call_base_url = "${url}/v1"`;
}

/** An address at which nobody listens. */
export async function nowhere(): Promise<string> {
  const upstream = await RealtimeUpstream.open();
  const { url } = upstream;
  await upstream.close();
  return url;
}

/** Where the daemon says that a socket could not connect to. */
export function place({ url }: RealtimeUpstream): string {
  return `ws://${new URL(url).host}/v1/realtime`;
}
