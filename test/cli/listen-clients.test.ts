import { describe, expect, it } from 'vitest';
import { ACTIVE, IDLE, NO_LIMITS, script, text } from '../server/turns.ts';
import type { TurnResult } from '../server/turns.ts';
import { audio, audioFrame, connectionOf } from '../server-realtime/call.ts';
import type { WireMessage } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import { listeningDaemon, SocketClient } from '../support/socket-client.ts';

/** What a client heard since, whole and in order, without answers. */
function heardSince(client: SocketClient, count: number): WireMessage[] {
  return client.messages.slice(count).filter(({ method }) => method !== undefined);
}

/** Returns when the client has heard of everything that the daemon has sent. */
async function settle(...clients: readonly SocketClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.request('thread/loaded/list', {})));
}

describe('each connection', () => {
  it('has a handshake, ids and wishes of its own', async () => {
    const { url } = await listeningDaemon();
    const first = await SocketClient.connect(url);
    const second = await SocketClient.connect(url);
    const hello = (name: string, capabilities: object): object => ({
      clientInfo: { name, version: '1' },
      capabilities,
    });
    expect(await first.request('initialize', hello('a', {}))).toMatchObject({ platformFamily: 'unix' });
    const refused = await second.call('thread/loaded/list', {});
    expect(refused.error).toEqual({
      code: -32_600,
      message: 'Not initialized',
      data: { reason: 'notInitialized' },
    });
    const { userAgent } = await second.request<{ userAgent: string }>(
      'initialize',
      hello('b', { optOutNotificationMethods: ['thread/started'] }),
    );
    expect(userAgent).toMatch(/^a\/.*\(b; 1\)/);
    for (const client of [first, second])
      client.write({ id: 'same', method: 'thread/loaded/list', params: {} });
    for (const client of [first, second]) {
      const answer = await client.waitFor('the answer', ({ id }) => id === 'same');
      expect(answer).toEqual({ id: 'same', result: { data: [], nextCursor: null } });
    }
    const threadId = await second.startThread();
    await first.waitForNotification(
      'thread/started',
      ({ thread }) => (thread as { id: string }).id === threadId,
    );
    await settle(second);
    expect(second.heardMethods).not.toContain('thread/started');
  });

  it('hears of turns only on the threads that it follows, and of states everywhere', async () => {
    const upstream = await ResponsesUpstream.open();
    const { url } = await listeningDaemon({ config: upstream.config('', { model: 'gpt-5.5' }) });
    const [runner, follower, other] = await Promise.all([1, 2, 3].map(() => SocketClient.open(url)));
    if (runner === undefined || follower === undefined || other === undefined) throw new Error('no clients');
    const threadId = await runner.startThread();
    await settle(follower, other);
    const all = [runner, follower, other];
    const first = all.map(({ messages }) => messages.length);
    const { turn } = await runner.request<TurnResult>('turn/start', { threadId, input: [text('hello')] });
    (await upstream.request(0)).answer('m0', ['one', ' two']);
    await runner.waitForNotification('turn/completed');
    await settle(...all);
    const told = script(threadId, turn.id);
    const expected = [
      told.status(ACTIVE),
      told.started,
      ...told.input({ type: 'text', text: 'hello', text_elements: [] }),
      told.limits(),
      ...told.answer('m0', ['one', ' two']),
      told.usage(),
      told.status(IDLE),
      told.completed('completed'),
    ];
    expect(heardSince(runner, first[0] ?? 0)).toEqual(expected);
    for (const [index, client] of [follower, other].entries()) {
      expect(heardSince(client, first[index + 1] ?? 0)).toEqual([told.status(ACTIVE), told.status(IDLE)]);
    }

    await follower.request('thread/resume', { threadId });
    const before = all.map(({ messages }) => messages.length);
    const next = await follower.request<TurnResult>('turn/start', { threadId, input: [text('again')] });
    (await upstream.request(1)).answer('m1', ['three']);
    for (const client of [runner, follower]) {
      await client.waitForNotification('turn/completed', (params) => {
        return (params as unknown as TurnResult).turn.id === next.turn.id;
      });
    }
    await settle(...all);
    const sinceResume = all.map((client, index) => heardSince(client, before[index] ?? 0));
    expect(sinceResume[0]).toEqual(sinceResume[1]);
    expect(sinceResume[0]).toContainEqual({
      method: 'account/rateLimits/updated',
      params: { rateLimits: NO_LIMITS },
    });
    expect(sinceResume[2]).toEqual([told.status(ACTIVE), told.status(IDLE)]);
  });

  it('may go, and its threads and turns go on', async () => {
    const upstream = await ResponsesUpstream.open();
    const { url } = await listeningDaemon({ config: upstream.config('', { model: 'gpt-5.5' }) });
    const first = await SocketClient.open(url);
    const threadId = await first.startThread();
    const { turn } = await first.request<TurnResult>('turn/start', { threadId, input: [text('hello')] });
    const request = await upstream.request(0);
    first.socket.close();
    expect(await first.closed).toEqual({ code: 1005, reason: '' });
    const second = await SocketClient.open(url);
    expect(await second.request('thread/loaded/list', {})).toEqual({ data: [threadId], nextCursor: null });
    await second.request('thread/resume', { threadId });
    request.answer('m0', ['still here']);
    const completed = await second.waitForNotification('turn/completed');
    expect((completed as unknown as TurnResult).turn).toMatchObject({ id: turn.id, status: 'completed' });
  });

  it('may hold a call, and audio goes both ways', async () => {
    const upstream = await RealtimeUpstream.open();
    const { url } = await listeningDaemon({ config: upstream.config() });
    const [caller, other] = [await SocketClient.open(url), await SocketClient.open(url)];
    const threadId = await caller.startThread();
    await settle(other);
    const before = other.messages.length;
    await caller.request('thread/realtime/start', { threadId, outputModality: 'audio' });
    await caller.waitForNotification('thread/realtime/started');
    const socket = await upstream.socket();
    const chunk = 'AQID'.repeat(1_000);
    await caller.request('thread/realtime/appendAudio', { threadId, audio: audio(chunk) });
    await upstream.until('the audio', () => (socket.received.length >= 2 ? true : undefined));
    expect(socket.received.at(-1)).toEqual(audioFrame(chunk));
    socket.send({ type: 'response.output_audio.delta', delta: chunk });
    const heard = await caller.waitForNotification('thread/realtime/outputAudio/delta');
    expect(heard).toMatchObject({ threadId, audio: { data: chunk } });
    await caller.request('thread/realtime/stop', { threadId });
    await caller.waitForNotification('thread/realtime/closed');
    await settle(other);
    expect(heardSince(other, before)).toEqual([]);
  });
});

describe('a client that does not read', () => {
  it('does not keep those who follow the same call from hearing it', async () => {
    const upstream = await RealtimeUpstream.open();
    const { daemon, url } = await listeningDaemon({ config: upstream.config() });
    const [reader, sleeper] = [await SocketClient.open(url), await SocketClient.open(url)];
    const threadId = await reader.startThread();
    await sleeper.request('thread/realtime/stop', { threadId });
    await reader.request('thread/realtime/start', { threadId, outputModality: 'audio' });
    await reader.waitForNotification('thread/realtime/started');
    const socket = await upstream.socket();
    await settle(sleeper);
    sleeper.socket.pause();
    const frames = 400;
    const delta = 'A'.repeat(64 * 1024);
    for (let index = 0; index < frames; index += 1) {
      socket.send({ type: 'response.output_audio.delta', delta });
    }
    const count = (client: SocketClient): number =>
      client.messages.filter(({ method }) => method === 'thread/realtime/outputAudio/delta').length;
    await reader.until('the whole of it', () => (count(reader) === frames ? true : undefined));
    expect(connectionOf(socket).destroyed).toBe(false);
    expect(daemon.stderr).toContain('dropped a client that does not keep up');
    sleeper.socket.resume();
    const { code, reason } = await sleeper.closed;
    // Whoever reads again in time learns why; later the connection is just gone.
    expect([`1013 not read in time; others were waiting`, '1006 ']).toContain(`${code} ${reason}`);
    expect(count(sleeper)).toBeLessThan(frames);
  });
});

describe('a message', () => {
  it('of 16 MiB is taken, and a longer one ends that connection alone', async () => {
    const { url } = await listeningDaemon();
    const [first, second] = [await SocketClient.open(url), await SocketClient.open(url)];
    const request = JSON.stringify({ id: 'long', method: 'thread/loaded/list', params: {} });
    first.socket.send(request.padEnd(16 * 1024 * 1024));
    await first.waitFor('the answer', ({ id }) => id === 'long');
    first.socket.send(request.padEnd(16 * 1024 * 1024 + 1));
    expect((await first.closed).code).toBe(1009);
    await settle(second);
  });

  it('of nonsense is answered, and the connection goes on', async () => {
    const { url } = await listeningDaemon();
    const client = await SocketClient.open(url);
    const before = client.messages.length;
    for (const nonsense of ['x', '[]', '{"id":7}', '{"id":true,"method":"x"}']) client.socket.send(nonsense);
    await settle(client);
    expect(client.messages.slice(before, -1).map(({ id, error }) => [id, error?.code])).toEqual([
      [null, -32_700],
      [null, -32_600],
      [7, -32_600],
      [true, -32_600],
    ]);
  });
});
