import { describe, expect, test } from 'vitest';
import { Call, connectionOf, textFrame } from './call.ts';
import {
  asks,
  CREATE,
  frames,
  framesOf,
  output,
  plainEnvelope,
  progress,
  turnEnds,
  userWords,
} from './handoff-call.ts';
import { ANSWER, heldHandshakes, openAgent, place, SIDEBAND, WEBRTC, withRetries } from './webrtc-call.ts';
import type { UpstreamOptions, UpstreamSocket } from '../support/realtime-upstream.ts';

/** Ends a connection without a word, as a network does. */
function lose(socket: UpstreamSocket): void {
  connectionOf(socket).destroy();
}

/** An upstream that lets the first socket join, and does this with every further attempt. */
function after(refusal: { status: string; body?: string }): UpstreamOptions {
  let handshakes = 0;
  return {
    refuse: () => {
      handshakes += 1;
      return handshakes > 1 ? refusal : null;
    },
  };
}

/** An upstream that lets the first socket join, and holds the others until `open`. */
function holdsLater(): { upstream: UpstreamOptions; open: () => void } {
  const { hold, open } = heldHandshakes();
  let handshakes = 0;
  const upstream = {
    hold: async () => {
      handshakes += 1;
      if (handshakes > 1) await hold();
    },
  };
  return { upstream, open };
}

/** The socket by which a call was joined again. */
function joinedAgain({ upstream }: Call): Promise<UpstreamSocket> {
  return upstream.until('another socket', () => upstream.sockets[1]);
}

describe('a call whose socket is lost', () => {
  test('is joined again without a word, and goes on; what was sent meanwhile arrives', async () => {
    const { upstream, open } = holdsLater();
    const call = await Call.open({ upstream });
    const first = await call.start(WEBRTC);
    first.send({ type: 'response.output_text.delta', delta: 'one' });
    await call.fence(first);
    lose(first);
    await call.upstream.until('another handshake', () => call.upstream.handshakes[1]);
    await call.appendAudio('AAAA');
    await call.appendText('meanwhile');
    open();
    const second = await joinedAgain(call);
    await call.sendingFence(second);
    second.send({ type: 'response.output_text.delta', delta: 'two' });
    await call.fence(second);
    await call.stop();
    await call.until('closed');
    await call.upstream.until('the socket to close', () => second.closed ?? undefined);
    expect(second.received.slice(0, 2)).toEqual([
      { type: 'input_audio_buffer.append', audio: 'AAAA' },
      textFrame('[USER] meanwhile'),
    ]);
    expect([second.url, second.headers.authorization, second.headers['x-session-id']]).toEqual([
      SIDEBAND,
      'Bearer test-token',
      call.threadId,
    ]);
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('transcript/delta', { role: 'assistant', delta: 'one' }),
      call.note('transcript/delta', { role: 'assistant', delta: 'two' }),
      call.note('closed', { reason: 'requested' }),
    ]);
    expect([call.upstream.calls.length, call.upstream.handshakes.length]).toEqual([1, 2]);
  });

  test('that is there no more is told and closed at once', async () => {
    const call = await Call.open({
      upstream: after({ status: '404 Not Found', body: '{"error":{"message":"call_id_not_found"}}' }),
      editConfig: withRetries(50),
    });
    lose(await call.start(WEBRTC));
    await call.until('closed');
    await call.appendText('is anybody there');
    expect(call.heard).toEqual([
      call.started(),
      call.note('sdp', ANSWER),
      call.note('error', {
        message:
          'the connection to the realtime service was lost, and the call could not be joined again: ' +
          `could not connect to the realtime service at ${place(call.upstream)}: HTTP status 404: call_id_not_found`,
      }),
      call.note('closed', { reason: 'error' }),
      call.notRunning,
    ]);
    expect(call.upstream.handshakes).toHaveLength(2);
  });

  test('and that cannot be joined again is told and closed, after it was tried again', async () => {
    const call = await Call.open({
      upstream: after({ status: '403 Forbidden', body: 'no entry for test-token' }),
      editConfig: withRetries(1),
    });
    lose(await call.start(WEBRTC));
    await call.until('closed');
    expect(call.heard.slice(2)).toEqual([
      call.note('error', { message: expect.stringMatching(/HTTP status 403: no entry for \[redacted\]$/) }),
      call.note('closed', { reason: 'error' }),
    ]);
    expect(call.upstream.handshakes).toHaveLength(3);
  });

  test('again and again, as soon as it is joined, is told and closed', async () => {
    const call = await Call.open({ editConfig: withRetries(1) });
    await call.start(WEBRTC);
    for (let count = 0; count < 3; count += 1) {
      lose(await call.upstream.until('a socket', () => call.upstream.sockets[count]));
    }
    await call.until('closed');
    expect(call.heard.slice(2)).toEqual([
      call.note('error', {
        message: 'the connection to the realtime service was lost, each time it was made again',
      }),
      call.note('closed', { reason: 'error' }),
    ]);
    expect(call.upstream.handshakes).toHaveLength(3);
  });

  test('is stopped while it is joined again: told once, and the handshake is given up', async () => {
    const { upstream } = holdsLater();
    const call = await Call.open({ upstream });
    lose(await call.start(WEBRTC));
    await call.upstream.until('another handshake', () => call.upstream.handshakes[1]);
    await call.stop();
    await call.until('closed');
    await call.upstream.until('the handshake to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    await call.appendText('is anybody there');
    expect(call.heard.slice(2)).toEqual([call.note('closed', { reason: 'requested' }), call.notRunning]);
  });

  test('does not keep the daemon from leaving', async () => {
    const { upstream } = holdsLater();
    const call = await Call.open({ upstream });
    lose(await call.start(WEBRTC));
    await call.upstream.until('another handshake', () => call.upstream.handshakes[1]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
  });

  test('makes way for another session while it is joined again', async () => {
    const { hold } = heldHandshakes();
    let joins = 0;
    const call = await Call.open({
      upstream: {
        hold: async ({ url }) => {
          if (url !== SIDEBAND) return;
          joins += 1;
          if (joins > 1) await hold();
        },
      },
    });
    lose(await call.start(WEBRTC));
    await call.upstream.until('another handshake', () => call.upstream.handshakes[1]);
    const plain = await call.start({ realtimeSessionId: 'plain' });
    await call.upstream.until('the handshake to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    await call.fence(plain);
    expect(call.heard.slice(2)).toEqual([call.started('v2', 'plain')]);
  });
});

test.each([1000, 1001, 4000])('a call whose socket the service closes with %i is over', async (code) => {
  const call = await Call.open({ editConfig: withRetries(4) });
  const socket = await call.start(WEBRTC);
  socket.socket.close(code);
  await call.until('closed');
  await call.appendText('is anybody there');
  expect(call.heard).toEqual([
    call.started(),
    call.note('sdp', ANSWER),
    call.note('closed', { reason: 'transport_closed' }),
    call.notRunning,
  ]);
  expect(call.upstream.handshakes).toHaveLength(1);
});

test('a fatal error of the service ends a call', async () => {
  const call = await Call.open({ editConfig: withRetries(4) });
  const socket = await call.start(WEBRTC);
  socket.send({ type: 'error', message: 'upstream boom' });
  await call.until('closed');
  await call.upstream.until('the socket to close', () => socket.closed ?? undefined);
  expect(call.heard.slice(2)).toEqual([
    call.note('error', { message: 'upstream boom' }),
    call.note('closed', { reason: 'error' }),
  ]);
  expect(call.upstream.handshakes).toHaveLength(1);
});

describe('the agent', () => {
  test('is handed work by a call, and its words and the answer go back', async () => {
    const agent = await openAgent();
    const socket = await agent.call.start(WEBRTC);
    socket.send(asks('call_1', 'dig here'));
    const request = await agent.model.request();
    expect(userWords(request)).toEqual([plainEnvelope('dig here')]);
    request.answer('m1', ['Dug.']);
    expect(await frames(agent, socket, 3)).toEqual([progress('Dug.'), output('call_1', /finished/), CREATE]);
    expect(await turnEnds(agent)).toEqual(['completed']);
  });

  test('reports to a call that was lost and joined again while it worked', async () => {
    const { upstream, open } = holdsLater();
    const agent = await openAgent(upstream);
    const { call, model } = agent;
    const first = await call.start(WEBRTC);
    first.send(asks('call_1', 'dig here'));
    const request = await model.request();
    lose(first);
    await call.upstream.until('another handshake', () => call.upstream.handshakes[1]);
    request.answer('m1', ['Dug.']);
    expect(await turnEnds(agent)).toEqual(['completed']);
    open();
    const second = await joinedAgain(call);
    const all = (): true | undefined => (second.received.length >= 3 ? true : undefined);
    await call.upstream.until('the report', all);
    expect([framesOf(first), second.received]).toEqual([
      [],
      [progress('Dug.'), output('call_1', /finished/), CREATE],
    ]);
  });
});
