import { describe, expect, test } from 'vitest';
import { Call } from './call.ts';
import { ANSWER, answered, begin, callInTheMiddle, WEBRTC, withRetries, write } from './webrtc-call.ts';

describe('when the client ends its side', () => {
  test('while a call is made, the request is given up and the daemon exits', async () => {
    const call = await Call.open({ upstream: { answerCall: () => null } });
    await call.requestStart(WEBRTC);
    await call.upstream.until('the request', () => call.upstream.calls[0]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
    await call.upstream.until('the request to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    expect(call.heard).toEqual([]);
  });

  test('between two attempts to make a call, the daemon exits', async () => {
    const call = await Call.open({
      upstream: { answerCall: () => ({ status: 503 }) },
      editConfig: withRetries(50),
    });
    await call.requestStart(WEBRTC);
    await call.upstream.until('a second attempt', () => call.upstream.calls[1]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
    expect(call.heard).toEqual([]);
  });

  test('while a call is joined, the handshake is given up, what waits is answered, and the daemon exits', async () => {
    const { call } = await callInTheMiddle();
    await begin(call);
    write(call, ['text', 'appendText', { text: 'never arrives' }]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
    await call.upstream.until('the handshake to be given up', () =>
      call.upstream.abandoned === 1 ? true : undefined,
    );
    expect(answered(call)).toEqual(['text']);
    expect(call.heard).toEqual([call.started(), call.note('sdp', ANSWER)]);
  });

  test('between two attempts to join a call, the daemon exits', async () => {
    const call = await Call.open({
      upstream: { refuse: () => ({ status: '403 Forbidden' }) },
      editConfig: withRetries(50),
    });
    await begin(call);
    await call.upstream.until('a second attempt', () => call.upstream.handshakes[1]);
    call.daemon.process.stdin.end();
    expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
    expect(call.heard).toEqual([call.started(), call.note('sdp', ANSWER)]);
  });

  test('while a call is on, its socket is closed and the daemon exits', async () => {
    const call = await Call.open();
    const socket = await call.start(WEBRTC);
    call.daemon.process.stdin.end();
    await call.upstream.until('the socket to close', () => socket.closed ?? undefined);
    expect([await call.daemon.exited, socket.closed]).toEqual([{ code: 0, signal: null }, { code: 1005 }]);
  });
});
