import { describe, expect, it } from 'vitest';
import { text } from '../server/turns.ts';
import type { TurnResult } from '../server/turns.ts';
import type { TestDaemon, WireMessage } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import type { UpstreamRequest } from '../support/responses-upstream.ts';
import { listeningDaemon, SocketClient } from '../support/socket-client.ts';

const CLEAN = { code: 0, signal: null };
const GOODBYE = { code: 1001, reason: 'the server is shutting down' };

interface Busy {
  readonly daemon: TestDaemon;
  readonly url: string;
  readonly client: SocketClient;
  readonly threadId: string;
  readonly turnId: string;
  readonly request: UpstreamRequest;
}

/** A daemon with a client whose turn is half answered. */
async function openBusy(): Promise<Busy> {
  const upstream = await ResponsesUpstream.open();
  const { daemon, url } = await listeningDaemon({ config: upstream.config('', { model: 'gpt-5.5' }) });
  const client = await SocketClient.open(url);
  const threadId = await client.startThread();
  const { turn } = await client.request<TurnResult>('turn/start', { threadId, input: [text('hello')] });
  const request = await upstream.request(0);
  request.begin('m0', ['half']);
  await client.waitForNotification('item/agentMessage/delta');
  return { daemon, url, client, threadId, turnId: turn.id, request };
}

function lastOf(client: SocketClient, count: number): WireMessage[] {
  return client.messages.slice(-count);
}

describe.each(['SIGINT', 'SIGTERM'] as const)('on %s', (signal) => {
  it('a daemon without a turn closes its connections and ends', async () => {
    const { daemon, url } = await listeningDaemon();
    const clients = [await SocketClient.open(url), await SocketClient.connect(url)];
    daemon.process.kill(signal);
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([GOODBYE, GOODBYE]);
    expect(await daemon.exited).toEqual(CLEAN);
  });

  it('a turn may end, whoever comes meanwhile is served, and the end of the turn is told', async () => {
    const { daemon, url, client, threadId, turnId, request } = await openBusy();
    daemon.process.kill(signal);
    await client.request('thread/loaded/list', {});
    const late = await SocketClient.open(url);
    await late.request('thread/resume', { threadId });
    request.finish('m0', ['half']);
    expect(await Promise.all([client.closed, late.closed])).toEqual([GOODBYE, GOODBYE]);
    for (const each of [client, late]) {
      expect(lastOf(each, 2)).toEqual([
        { method: 'thread/status/changed', params: { threadId, status: { type: 'idle' } } },
        {
          method: 'turn/completed',
          params: {
            threadId,
            turn: expect.objectContaining({ id: turnId, status: 'completed' }) as unknown,
          },
        },
      ]);
    }
    expect(await daemon.exited).toEqual(CLEAN);
  });

  it('a second time ends everything at once', async () => {
    const { daemon, client } = await openBusy();
    daemon.process.kill(signal);
    await client.request('thread/loaded/list', {});
    daemon.process.kill(signal);
    expect(await daemon.exited).toEqual(CLEAN);
    expect((await client.closed).code).toBe(1006);
  });
});

it('a turn that does not end is interrupted, and that is told', async () => {
  const { daemon, client, turnId } = await openBusy();
  daemon.process.kill('SIGTERM');
  expect(await client.closed).toEqual(GOODBYE);
  const completed = await client.waitForNotification('turn/completed');
  expect((completed as unknown as TurnResult).turn).toMatchObject({ id: turnId, status: 'interrupted' });
  expect(await daemon.exited).toEqual(CLEAN);
});

it('a call does not hold up the end, and is ended', async () => {
  const upstream = await RealtimeUpstream.open();
  const { daemon, url } = await listeningDaemon({ config: upstream.config() });
  const client = await SocketClient.open(url);
  const threadId = await client.startThread();
  await client.request('thread/realtime/start', { threadId, outputModality: 'audio' });
  await client.waitForNotification('thread/realtime/started');
  await upstream.socket();
  daemon.process.kill('SIGTERM');
  expect(await client.closed).toEqual(GOODBYE);
  expect(await daemon.exited).toEqual(CLEAN);
  await upstream.until('the end of the call', () => upstream.sockets[0]?.closed ?? undefined);
});

it('a client that does not read does not hold up the end', async () => {
  const upstream = await RealtimeUpstream.open();
  const { daemon, url } = await listeningDaemon({ config: upstream.config() });
  const client = await SocketClient.open(url);
  const threadId = await client.startThread();
  await client.request('thread/realtime/start', { threadId, outputModality: 'audio' });
  await client.waitForNotification('thread/realtime/started');
  const socket = await upstream.socket();
  client.socket.pause();
  for (let index = 0; index < 400; index += 1) {
    socket.send({ type: 'response.output_audio.delta', delta: 'A'.repeat(64 * 1024) });
  }
  daemon.process.kill('SIGTERM');
  expect(await daemon.exited).toEqual(CLEAN);
});

it('SIGHUP ends the process as it does any other', async () => {
  const { daemon } = await listeningDaemon();
  daemon.process.kill('SIGHUP');
  expect(await daemon.exited).toEqual({ code: null, signal: 'SIGHUP' });
});
