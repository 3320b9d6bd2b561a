import { describe, expect, test } from 'vitest';
import { openServer } from '../server/in-process-server.ts';
import { wholeTurn } from '../server/turns.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { audio, audioFrame, Call, textFrame } from './call.ts';
import { framesOf } from './handoff-call.ts';
import {
  ANSWER,
  answered,
  begin,
  callInTheMiddle,
  heldHandshakes,
  openAgent,
  SIDEBAND,
  WEBRTC,
  withRetries,
  write,
} from './webrtc-call.ts';

/** What a request tells the text model of calls. */
function markersOf({ input }: UpstreamRequest): string[] {
  return input
    .flatMap(({ content }) => content ?? [])
    .map(({ text }) => text ?? '')
    .filter((words) => words.startsWith('<realtime_conversation>'));
}

describe('while a call is joined', () => {
  test('input waits, and arrives in its order behind the first frame', async () => {
    const { call, open } = await callInTheMiddle();
    await begin(call);
    const ids = ['one', 'two', 'three'];
    for (const id of ids) {
      write(
        call,
        [`audio ${id}`, 'appendAudio', { audio: audio(id) }],
        [`text ${id}`, 'appendText', { text: id }],
      );
    }
    await call.daemon.request('thread/loaded/list', {});
    expect([answered(call), call.upstream.sockets]).toEqual([[], []]);
    open();
    await call.daemon.waitFor('the last answer', ({ id }) => id === 'text three');
    const socket = await call.upstream.socket();
    const last = (): true | undefined => (socket.received.length >= 7 ? true : undefined);
    await call.upstream.until('all input', last);
    expect(socket.received).toEqual([
      { type: 'session.update', session: expect.any(Object) },
      ...ids.flatMap((id) => [audioFrame(id), textFrame(`[USER] ${id}`)]),
    ]);
    expect(answered(call)).toEqual(ids.flatMap((id) => [`audio ${id}`, `text ${id}`]));
    expect(call.heard).toEqual([call.started(), call.note('sdp', ANSWER)]);
  });

  test('other threads go on', async () => {
    const { hold } = heldHandshakes();
    const call = await Call.open({
      upstream: { hold: async ({ url }) => (url === SIDEBAND ? hold() : undefined) },
    });
    await begin(call);
    const other = await call.another();
    const socket = await other.start();
    await other.sendingFence(socket);
    expect(other.heard).toEqual([other.started()]);
  });

  test('it counts as a call: a typed turn is told so, goes on by itself, and is shown to the voice model later', async () => {
    const { hold, open } = heldHandshakes();
    const agent = await openAgent({ hold });
    const { call, model, typed } = agent;
    await begin(call);
    const { index } = await wholeTurn(typed, 'dig here');
    const told = markersOf(await model.request(index));
    expect(told).toEqual([expect.stringMatching(/^<realtime_conversation>\n.*voice assistant/s)]);
    open();
    const socket = await call.upstream.socket();
    await call.sendingFence(socket);
    expect(framesOf(socket)).toEqual([textFrame('[USER] dig here')]);
    const after = await wholeTurn(typed, 'and there');
    expect(markersOf(await model.request(after.index))).toEqual(told);
  });

  test('its thread is not unloaded', async () => {
    const { hold, open } = heldHandshakes();
    const realtime = await RealtimeUpstream.open({ hold });
    const { connect } = openServer(realtime.config(), { unloadAfterMs: 20 });
    const client = await connect();
    const [threadId, idle] = [await client.startThread(), await client.startThread()];
    await client.call('thread/realtime/start', { threadId, outputModality: 'audio', ...WEBRTC });
    await client.until('thread/realtime/sdp', threadId);
    await realtime.until('a handshake', () => realtime.handshakes[0]);
    for (const each of [threadId, idle]) await client.call('thread/unsubscribe', { threadId: each });
    await client.until('thread/closed', idle);
    const loaded = await client.call<{ data: string[] }>('thread/loaded/list', {});
    expect(loaded.data).toEqual([threadId]);
    open();
    (await realtime.socket()).socket.close();
    await client.until('thread/closed', threadId);
  });

  test('a start waits, and takes its place', async () => {
    const { call, open } = await callInTheMiddle();
    await begin(call, { realtimeSessionId: 'first' });
    await call.requestStart({ realtimeSessionId: 'second' });
    expect(call.upstream.handshakes).toHaveLength(1);
    open();
    await call.until('started', 2);
    const sockets = [await call.upstream.socket(0), await call.upstream.socket(1)];
    await call.upstream.until('the first to close', () => sockets[0]?.closed ?? undefined);
    expect(sockets.map(({ url }) => url)).toEqual([SIDEBAND, '/v1/realtime?model=gpt-realtime-1.5']);
    expect(call.heard).toEqual([
      call.started('v2', 'first'),
      call.note('sdp', ANSWER),
      call.started('v2', 'second'),
    ]);
  });
});

describe('a stop', () => {
  test('while a call is joined: told once, nothing follows, and no handshake is left', async () => {
    const { call, open } = await callInTheMiddle();
    await begin(call);
    write(call, ['text', 'appendText', { text: 'never arrives' }], ['stop', 'stop', {}]);
    await call.until('closed');
    await call.daemon.waitFor('the answer', ({ id }) => id === 'text');
    await call.upstream.until('the handshake to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    open();
    await call.appendText('is anybody there');
    const next = await call.start({ realtimeSessionId: 'next' });
    await call.fence(next);
    await call.sendingFence(next);
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('closed', { reason: 'requested' }),
      call.notRunning,
      call.started('v2', 'next'),
    ]);
    expect([call.upstream.handshakes.length, call.upstream.sockets.length, framesOf(next)]).toEqual([
      2,
      1,
      [],
    ]);
  });

  test('between two attempts to join: no other is made', async () => {
    const call = await Call.open({
      upstream: { refuse: ({ url }) => (url === SIDEBAND ? { status: '403 Forbidden' } : null) },
      editConfig: withRetries(50),
    });
    await begin(call);
    await call.upstream.until('a second attempt', () => call.upstream.handshakes[1]);
    await call.stop();
    await call.until('closed');
    const attempts = call.upstream.handshakes.filter(({ url }) => url === SIDEBAND).length;
    const next = await call.start({ realtimeSessionId: 'next' });
    await call.fence(next);
    expect(call.upstream.handshakes.filter(({ url }) => url === SIDEBAND)).toHaveLength(attempts);
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('closed', { reason: 'requested' }),
      call.started('v2', 'next'),
    ]);
  });

  test('while a call is made: told once, and the request is given up', async () => {
    const call = await Call.open({ upstream: { answerCall: () => null } });
    await call.requestStart(WEBRTC);
    await call.upstream.until('the request', () => call.upstream.calls[0]);
    await call.stop();
    await call.until('closed');
    await call.upstream.until('the request to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    await call.appendText('is anybody there');
    expect(call.heard).toEqual([call.note('closed', { reason: 'requested' }), call.notRunning]);
    expect(call.upstream.handshakes).toEqual([]);
  });
});

test('a call that can be joined late is joined', async () => {
  let handshakes = 0;
  const refuse = (): { status: string } | null => {
    handshakes += 1;
    return handshakes > 2 ? null : { status: '404 Not Found' };
  };
  const call = await Call.open({ upstream: { refuse }, editConfig: withRetries(2) });
  await begin(call);
  await call.appendText('hello');
  const socket = await call.upstream.socket();
  await call.sendingFence(socket);
  expect(framesOf(socket)).toEqual([textFrame('[USER] hello')]);
  expect(call.heard).toEqual([call.started(), call.note('sdp', ANSWER)]);
});
