import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CoreEnvironment } from '../../src/core/environment.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import { openServer } from './in-process-server.ts';
import type { InProcessClient } from './in-process-server.ts';
import { openThread, SYSTEM_ERROR, wholeTurn, startTurn, endOf } from './turns.ts';
import { readThread, resumeThread } from './stored-threads.ts';

const NOT_LOADED = { type: 'notLoaded' };

interface Home {
  readonly upstream: ResponsesUpstream;
  readonly realtime: RealtimeUpstream;
  readonly connect: () => Promise<InProcessClient>;
}

/** A server that unloads threads as soon as they are idle. */
async function openHome(overrides: Partial<CoreEnvironment> = {}): Promise<Home> {
  const [upstream, realtime] = [await ResponsesUpstream.open(), await RealtimeUpstream.open()];
  const config = realtime.config().replace(`${realtime.url}/v1`, `${upstream.url}/v1`);
  const { connect } = openServer(config, { unloadAfterMs: 20, ...overrides });
  return { upstream, realtime, connect };
}

async function wholeTurnOf(
  client: InProcessClient,
  upstream: ResponsesUpstream,
  threadId: string,
): Promise<void> {
  const index = upstream.requests.length;
  const before = client.count('turn/completed', threadId);
  await client.startTurn(threadId, `question ${index}`);
  (await upstream.request(index)).answer(`m${index}`, [`answer ${index}`]);
  await client.until('turn/completed', threadId, before + 1);
}

async function loaded(client: InProcessClient): Promise<string[]> {
  return (await client.call<{ data: string[] }>('thread/loaded/list', {})).data;
}

/** What a client has heard of one thread from the n-th message on. */
function heardOf(client: InProcessClient, threadId: string, from: number): unknown[] {
  return client.heard.slice(from).filter(({ params }) => params['threadId'] === threadId);
}

describe('thread/unsubscribe', () => {
  it('leaves the thread loaded, and says nothing of an end', async () => {
    const { connect, upstream } = await openHome({ unloadAfterMs: 60_000 });
    const client = await connect();
    const threadId = await client.startThread();
    await wholeTurnOf(client, upstream, threadId);
    const unsubscribe = (): Promise<unknown> => client.call('thread/unsubscribe', { threadId });
    expect(await unsubscribe()).toEqual({ status: 'unsubscribed' });
    expect(await unsubscribe()).toEqual({ status: 'notSubscribed' });
    expect(await loaded(client)).toEqual([threadId]);
    expect(client.count('thread/closed', threadId)).toBe(0);
  });

  it('does not clear the failure of the last turn', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const turnId = await startTurn(thread, 'two');
    (await upstream.request(1)).refuse(400, '{}');
    await endOf(daemon, turnId);
    await daemon.request('thread/unsubscribe', { threadId });
    expect((await readThread(daemon, threadId)).status).toEqual(SYSTEM_ERROR);
    expect((await resumeThread(daemon, threadId)).status).toEqual(SYSTEM_ERROR);
  });
});

describe('a thread that nobody follows', () => {
  it('is unloaded when nothing has happened for a while, and everyone hears of it', async () => {
    const { connect, upstream } = await openHome();
    const [client, other] = [await connect(), await connect()];
    const threadId = await client.startThread();
    await wholeTurnOf(client, upstream, threadId);
    const from = client.heard.length;
    await client.call('thread/unsubscribe', { threadId });
    await Promise.all([client, other].map((each) => each.until('thread/closed', threadId)));
    expect(heardOf(client, threadId, from)).toEqual([
      { method: 'thread/status/changed', params: { threadId, status: NOT_LOADED } },
      { method: 'thread/closed', params: { threadId } },
    ]);
    expect(await loaded(client)).toEqual([]);
    expect(await client.call('thread/unsubscribe', { threadId })).toEqual({ status: 'notLoaded' });
    await expect(client.startTurn(threadId, 'x')).rejects.toThrow(`thread not found: ${threadId}`);
  });

  it('is followed again by one that resumes it, and goes on', async () => {
    const { connect, upstream } = await openHome();
    const client = await connect();
    const threadId = await client.startThread();
    for (let round = 0; round < 3; round += 1) {
      await wholeTurnOf(client, upstream, threadId);
      await client.call('thread/unsubscribe', { threadId });
      await client.until('thread/closed', threadId, round + 1);
      const { thread } = await client.call<{ thread: { turns: unknown[]; status: object } }>(
        'thread/resume',
        { threadId },
      );
      expect(thread.turns).toHaveLength(round + 1);
      expect(thread.status).toEqual({ type: 'idle' });
    }
    await wholeTurnOf(client, upstream, threadId);
    const text = upstream.requests.at(-1)?.text;
    for (const index of [0, 1, 2]) expect(text).toContain(`answer ${index}`);
  });

  it('is unloaded as well when its only client has gone', async () => {
    const { connect, upstream } = await openHome();
    const [client, other] = [await connect(), await connect()];
    const threadId = await client.startThread();
    await wholeTurnOf(client, upstream, threadId);
    await client.close();
    await other.until('thread/closed', threadId);
    expect(await loaded(other)).toEqual([]);
  });

  it('is not unloaded while another client follows it', async () => {
    const { connect, upstream } = await openHome();
    const [client, other] = [await connect(), await connect()];
    const [threadId, idle] = [await client.startThread(), await client.startThread()];
    await wholeTurnOf(client, upstream, threadId);
    await other.call('thread/resume', { threadId });
    await client.call('thread/unsubscribe', { threadId });
    await client.call('thread/unsubscribe', { threadId: idle });
    await client.until('thread/closed', idle);
    expect(await loaded(client)).toEqual([threadId]);
    await other.call('thread/unsubscribe', { threadId });
    await client.until('thread/closed', threadId);
  });

  it('is gone for good where it was ephemeral or nothing was said in it', async () => {
    const { connect, upstream } = await openHome();
    const client = await connect();
    const silent = await client.startThread();
    const { thread } = await client.call<{ thread: { id: string } }>('thread/start', { ephemeral: true });
    await wholeTurnOf(client, upstream, thread.id);
    for (const threadId of [silent, thread.id]) {
      await client.call('thread/unsubscribe', { threadId });
      await client.until('thread/closed', threadId);
      await expect(client.call('thread/resume', { threadId })).rejects.toThrow(
        `no rollout found for thread id ${threadId}`,
      );
    }
  });
});

describe('a thread with something under way', () => {
  it('is not unloaded before its turn has ended', async () => {
    const { connect, upstream } = await openHome();
    const [client, other] = [await connect(), await connect()];
    const [threadId, idle] = [await client.startThread(), await client.startThread()];
    await client.startTurn(threadId, 'slow');
    const request = await upstream.request(0);
    for (const each of [threadId, idle]) await client.call('thread/unsubscribe', { threadId: each });
    await other.until('thread/closed', idle);
    expect(await loaded(other)).toEqual([threadId]);
    request.answer('m0', ['done']);
    await other.until('thread/closed', threadId);
    const { thread } = await other.call<{ thread: { turns: { status: string }[] } }>('thread/read', {
      threadId,
      includeTurns: true,
    });
    expect(thread.turns.map(({ status }) => status)).toEqual(['completed']);
  });

  it('is not unloaded before its call is over', async () => {
    const { connect, realtime } = await openHome();
    const client = await connect();
    const [threadId, idle] = [await client.startThread(), await client.startThread()];
    await client.call('thread/realtime/start', { threadId, outputModality: 'audio' });
    await client.until('thread/realtime/started', threadId);
    const socket = await realtime.socket();
    for (const each of [threadId, idle]) await client.call('thread/unsubscribe', { threadId: each });
    await client.until('thread/closed', idle);
    expect(await loaded(client)).toEqual([threadId]);
    socket.socket.close();
    await client.until('thread/closed', threadId);
  });
});

describe('a resume that meets the end of a thread', () => {
  it('either gets the thread or is told to come again', async () => {
    const { connect, upstream } = await openHome({ unloadAfterMs: 1 });
    const client = await connect();
    const threadId = await client.startThread();
    await wholeTurnOf(client, upstream, threadId);
    for (let round = 0; round < 60; round += 1) {
      await client.call('thread/unsubscribe', { threadId });
      for (;;) {
        const failure = await client.call('thread/resume', { threadId }).then(
          () => null,
          (error: unknown) => (error as Error).message,
        );
        if (failure === null) break;
        expect(failure).toBe(`thread ${threadId} is closing; retry thread/resume after the thread is closed`);
      }
      expect(await loaded(client)).toEqual([threadId]);
    }
    await wholeTurnOf(client, upstream, threadId);
    const { thread } = await client.call<{ thread: { path: string; turns: unknown[] } }>('thread/read', {
      threadId,
      includeTurns: true,
    });
    expect(thread.turns).toHaveLength(2);
    expect(existsSync(thread.path)).toBe(true);
  });

  it('is told so while the thread is closing', async () => {
    const upstream = await ResponsesUpstream.open();
    const { connect, core } = openServer(upstream.config());
    const client = await connect();
    const threadId = await client.startThread();
    await wholeTurnOf(client, upstream, threadId);
    const unloaded = core.threads.unload(core.threads.get(threadId));
    const resumed = core.threads.resume(
      { threadId, excludeTurns: false, persistExtendedHistory: false },
      () => {},
    );
    await expect(resumed).rejects.toThrow(
      `thread ${threadId} is closing; retry thread/resume after the thread is closed`,
    );
    await unloaded;
    await client.call('thread/resume', { threadId });
    expect(await loaded(client)).toEqual([threadId]);
  });
});
