import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';

type End = 'the end of its input' | 'SIGTERM' | 'SIGINT';
const ENDS: readonly End[] = ['the end of its input', 'SIGTERM', 'SIGINT'];
const CLEAN = { code: 0, signal: null };

function end(daemon: TestDaemon, how: End): void {
  if (how === 'the end of its input') daemon.process.stdin.end();
  else daemon.process.kill(how);
}

/** A daemon with a running turn and a live session, and the upstreams of both. */
async function openBusy(): Promise<{
  daemon: TestDaemon;
  threadId: string;
  realtime: RealtimeUpstream;
  responses: ResponsesUpstream;
}> {
  const realtime = await RealtimeUpstream.open();
  const responses = await ResponsesUpstream.open();
  const daemon = await TestDaemon.open({
    config: responses.config(`experimental_realtime_ws_base_url = "${realtime.url}"`),
  });
  const threadId = await daemon.startThread();
  await daemon.request('thread/realtime/start', { threadId, outputModality: 'audio' });
  await realtime.socket();
  await daemon.waitForNotification('thread/realtime/started');
  await daemon.request('turn/start', { threadId, input: [{ type: 'text', text: 'x' }] });
  (await responses.request()).begin('m1', ['half']);
  await daemon.waitForNotification('item/agentMessage/delta');
  return { daemon, threadId, realtime, responses };
}

describe.each(ENDS)('on %s', (how) => {
  it('the daemon exits with success, also before the handshake', async () => {
    const idle = await TestDaemon.open();
    end(idle, how);
    expect(await idle.exited).toEqual(CLEAN);
    const fresh = new TestDaemon();
    await fresh.call('thread/loaded/list', {});
    end(fresh, how);
    expect(await fresh.exited).toEqual(CLEAN);
    expect([idle.stderr, fresh.stderr]).toEqual(['', '']);
  });

  it('a running turn is interrupted and a live session is closed', async () => {
    const { daemon, threadId, realtime, responses } = await openBusy();
    const closed = new Promise((resolve) => daemon.process.once('close', resolve));
    const before = daemon.messages.length;
    end(daemon, how);
    await realtime.until('the end of the socket', () => realtime.sockets[0]?.closed ?? undefined);
    await responses.until('the end of the request', () => responses.requests[0]?.isGone || undefined);
    expect(await daemon.exited).toEqual(CLEAN);
    await closed;
    expect(daemon.messages.slice(before)).toEqual([
      { method: 'thread/status/changed', params: { threadId, status: { type: 'idle' } } },
      {
        method: 'turn/completed',
        params: { threadId, turn: expect.objectContaining({ status: 'interrupted', error: null }) },
      },
    ]);
    expect(realtime.sockets[0]?.closed).toEqual({ code: expect.any(Number) });
  });

  it('a session that is still being opened is given up', async () => {
    const realtime = await RealtimeUpstream.open({ isSilent: true });
    const daemon = await TestDaemon.open({ config: realtime.config() });
    const threadId = await daemon.startThread();
    await daemon.request('thread/realtime/start', { threadId, outputModality: 'audio' });
    await realtime.until('a handshake', () => realtime.handshakes[0]);
    daemon.write({ id: 'waits', method: 'thread/realtime/appendText', params: { threadId, text: 'x' } });
    await daemon.request('thread/loaded/list', {});
    end(daemon, how);
    expect(await daemon.exited).toEqual(CLEAN);
    expect(daemon.notifications('thread/realtime/')).toEqual([]);
  });
});

describe('at the end of its input', () => {
  it('the daemon still delivers every answer', async () => {
    const daemon = new TestDaemon();
    const closed = new Promise((resolve) => daemon.process.once('close', resolve));
    const initialize = { id: 'i', method: 'initialize', params: { clientInfo: { name: 'a', version: '1' } } };
    const line = (message: object): string => `${JSON.stringify(message)}\n`;
    const login = { id: 'login', method: 'account/login/start', params: { type: 'apiKey', apiKey: 'k' } };
    const lists = Array.from({ length: 2_000 }, (_value, id) => ({
      id,
      method: 'thread/loaded/list',
      params: {},
    }));
    daemon.process.stdin.end(
      [initialize, login, ...lists, { id: 'last', method: 'account/read', params: {} }].map(line).join(''),
    );
    expect(await daemon.exited).toEqual(CLEAN);
    await closed;
    const answers = daemon.messages.filter(({ id }) => id !== undefined);
    const ids = answers.map(({ id }) => id);
    expect(ids.filter((id) => typeof id === 'number')).toEqual(lists.map(({ id }) => id));
    expect(ids.filter((id) => typeof id === 'string')).toEqual(['i', 'login', 'last']);
    expect(daemon.notifications().map(({ method }) => method)).toEqual([
      'remoteControl/status/changed',
      'account/login/completed',
      'account/updated',
    ]);
  });

  it('the daemon exits though nothing was ever sent', async () => {
    const daemon = new TestDaemon();
    daemon.process.stdin.end();
    expect(await daemon.exited).toEqual(CLEAN);
    expect(daemon.messages).toEqual([]);
  });

  it('a message that is cut off is refused, and the daemon exits', async () => {
    const daemon = await TestDaemon.open();
    const closed = new Promise((resolve) => daemon.process.once('close', resolve));
    daemon.process.stdin.end('{"id":9,"method":"thread/lo');
    expect(await daemon.exited).toEqual(CLEAN);
    await closed;
    expect(daemon.messages.at(-1)).toEqual({
      error: {
        code: -32700,
        message: 'Parse error: the message is not valid JSON',
        data: { reason: 'parseError' },
      },
      id: 9,
    });
  });
});

/** Stops reading, and waits until the daemon has more to say than fits between the two. */
async function stopReading(daemon: TestDaemon, threadId: string, realtime: RealtimeUpstream): Promise<void> {
  daemon.process.stdout.pause();
  daemon.raw('{"id":"ignored","method":"no/such"}\n'.repeat(2_000));
  // The session is replaced after all of these have been answered; that can be seen from upstream.
  daemon.write({
    id: 'start',
    method: 'thread/realtime/start',
    params: { threadId, outputModality: 'audio' },
  });
  await realtime.socket(1);
}

describe('a client that no longer reads', () => {
  it('does not keep the daemon from ending on a signal', async () => {
    const { daemon, realtime, responses, threadId } = await openBusy();
    await stopReading(daemon, threadId, realtime);
    daemon.process.kill('SIGTERM');
    expect(await daemon.exited).toEqual(CLEAN);
    await realtime.until('the end of the socket', () => realtime.sockets[1]?.closed ?? undefined);
    await responses.until('the end of the request', () => responses.requests[0]?.isGone || undefined);
  });

  it('does not keep it alive when it goes away', async () => {
    const { daemon, realtime, threadId } = await openBusy();
    await stopReading(daemon, threadId, realtime);
    daemon.process.stdout.destroy();
    expect(await daemon.exited).toEqual(CLEAN);
    await realtime.until('the end of the socket', () => realtime.sockets[1]?.closed ?? undefined);
  });

  it('does not keep a second signal from ending it at once', async () => {
    const { daemon, realtime, threadId } = await openBusy();
    await stopReading(daemon, threadId, realtime);
    daemon.process.kill('SIGTERM');
    daemon.process.kill('SIGINT');
    const { code, signal } = await daemon.exited;
    expect(signal).toBe(null);
    // Which of two signals at once comes second is not defined.
    expect([128 + 2, 128 + 15]).toContain(code);
  });
});
