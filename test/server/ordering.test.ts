import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';

function text(words: string): object {
  return { type: 'text', text: words };
}

describe('the requests of one thread', () => {
  it('are answered in the order in which they came', async () => {
    const upstream = await ResponsesUpstream.open();
    const daemon = await TestDaemon.open({ config: upstream.config() });
    const threadId = await daemon.startThread();
    const before = daemon.messages.length;
    const requests = [
      ['thread/unsubscribe', {}],
      ['turn/start', { input: [] }],
      ['thread/realtime/stop', {}],
      ['turn/start', { input: [text('x')] }],
      ['thread/realtime/appendText', { text: 'x' }],
      ['thread/unsubscribe', {}],
      ['no/such', {}],
      ['turn/start', { input: [text('y')] }],
      ['thread/unsubscribe', {}],
    ] as const;
    daemon.raw(
      requests
        .map(([method, params], id) => `${JSON.stringify({ id, method, params: { threadId, ...params } })}\n`)
        .join(''),
    );
    await daemon.until('all answers', () =>
      daemon.messages.slice(before).filter(({ id }) => id !== undefined).length === requests.length
        ? true
        : undefined,
    );
    const answers = daemon.messages.slice(before).filter(({ id }) => id !== undefined);
    expect(answers.map(({ id }) => id)).toEqual(requests.map((_request, id) => id));
    expect([0, 5, 8].map((index) => answers[index]?.result)).toEqual([
      { status: 'unsubscribed' },
      { status: 'unsubscribed' },
      { status: 'notSubscribed' },
    ]);
    const turnIds = [3, 7].map((index) => (answers[index]!.result as { turn: { id: string } }).turn.id);
    expect(turnIds).toEqual([expect.any(String), turnIds[0]]);
  });
});

describe('a realtime start that hangs', () => {
  it('holds up only the realtime operations of its thread', async () => {
    const realtime = await RealtimeUpstream.open({ isSilent: true });
    const upstream = await ResponsesUpstream.open();
    const daemon = await TestDaemon.open({
      config: upstream.config(`experimental_realtime_ws_base_url = "${realtime.url}"`),
    });
    const [hanging, other] = [await daemon.startThread(), await daemon.startThread()];
    const start = { outputModality: 'audio' };
    expect(await daemon.request('thread/realtime/start', { threadId: hanging, ...start })).toEqual({});
    await realtime.until('a handshake', () => realtime.handshakes[0]);
    const append = daemon.call('thread/realtime/appendText', { threadId: hanging, text: 'x' });
    const audio = { data: 'AAAA', sampleRate: 24_000, numChannels: 1 };
    const appendAudio = daemon.call('thread/realtime/appendAudio', { threadId: hanging, audio });

    const sameThread = await daemon.call('turn/start', { threadId: hanging, input: [text('a')] });
    const otherThread = await daemon.call('turn/start', { threadId: other, input: [text('b')] });
    for (const index of [0, 1]) (await upstream.request(index)).answer(`m${index}`, ['ok']);
    for (const threadId of [hanging, other]) {
      await daemon.waitForNotification('turn/completed', (params) => params['threadId'] === threadId);
    }
    expect(sameThread).toHaveProperty('result.turn');
    expect(otherThread).toHaveProperty('result.turn');
    expect(await daemon.request('thread/realtime/start', { threadId: other, ...start })).toEqual({});
    await realtime.until('a second handshake', () => realtime.handshakes[1]);
    expect(await daemon.request('thread/unsubscribe', { threadId: other })).toEqual({
      status: 'unsubscribed',
    });
    expect(daemon.notifications('thread/realtime/')).toEqual([]);

    expect(await daemon.request('thread/realtime/stop', { threadId: hanging })).toEqual({});
    expect((await append).result).toEqual({});
    expect((await appendAudio).result).toEqual({});
    expect(await daemon.waitForNotification('thread/realtime/closed')).toEqual({
      threadId: hanging,
      reason: 'requested',
    });
  });
});

describe('a turn that hangs', () => {
  it('holds up nothing of its own thread or of others', async () => {
    const upstream = await ResponsesUpstream.open();
    const daemon = await TestDaemon.open({ config: upstream.config() });
    const [hanging, other] = [await daemon.startThread(), await daemon.startThread()];
    await daemon.request('turn/start', { threadId: hanging, input: [text('a')] });
    await upstream.request();
    expect(await daemon.request('thread/unsubscribe', { threadId: hanging })).toEqual({
      status: 'unsubscribed',
    });
    await daemon.request('turn/start', { threadId: other, input: [text('b')] });
    (await upstream.request(1)).answer('m1', ['ok']);
    expect(await daemon.waitForNotification('turn/completed')).toMatchObject({ threadId: other });
  });
});
