import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idOf, pathOf, putThread } from '../core/store/support/home.ts';
import type { StoredThread } from '../core/store/support/home.ts';
import { Call } from '../server-realtime/call.ts';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';
import { openServer } from './in-process-server.ts';
import {
  conversationOf,
  linesOf,
  listedIds,
  readThread,
  resumeThread,
  rolloutFiles,
} from './stored-threads.ts';
import type { ThreadObject } from './stored-threads.ts';
import { IDLE, openThread, script, startTurn, wholeTurn } from './turns.ts';

const NOT_LOADED = { type: 'notLoaded' };

function archived(threadId: string): WireMessage {
  return { method: 'thread/archived', params: { threadId } };
}

/** What came from the n-th message on, the answer of the request included. */
async function told(
  daemon: TestDaemon,
  method: string,
  params: object,
  last: string,
): Promise<{ answer: WireMessage; messages: WireMessage[] }> {
  const before = daemon.messages.length;
  const answer = await daemon.call(method, params);
  await daemon.until(last, () => daemon.messages.slice(before).find((message) => message.method === last));
  return { answer, messages: daemon.messages.slice(before) };
}

describe('thread/archive', () => {
  it('finds nothing of a thread in which nothing was said', async () => {
    const { daemon, threadId } = await openThread();
    const refused = { code: -32600, message: `no rollout found for thread id ${threadId}` };
    const { error } = await daemon.call('thread/archive', { threadId });
    expect(error).toEqual({ ...refused, data: { reason: 'rolloutNotFound' } });
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [threadId], nextCursor: null });
  });

  it('unloads the thread, moves its file and tells everyone, in this order', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'question');
    const { path } = await readThread(daemon, threadId);
    const { answer, messages } = await told(daemon, 'thread/archive', { threadId }, 'thread/archived');
    expect(messages).toEqual([
      script(threadId, '').status(NOT_LOADED),
      { id: answer.id, result: {} },
      archived(threadId),
    ]);
    expect(rolloutFiles(daemon.home)).toEqual([join('archived_sessions', basename(path))]);
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
    expect(await listedIds(daemon)).toEqual([]);
    expect(await listedIds(daemon, { archived: true })).toEqual([threadId]);
    const { error } = await daemon.call('thread/archive', { threadId });
    expect(error?.message).toBe(`no rollout found for thread id ${threadId}`);
    expect((await readThread(daemon, threadId)).path).toBe(
      join(daemon.home, 'archived_sessions', basename(path)),
    );
  });

  it('says nothing of a status when the thread is not loaded', async () => {
    const daemon = await TestDaemon.open();
    await putThread(daemon.home, { stamp: '2025-02-03T10-00-00', id: idOf(1) });
    const { answer, messages } = await told(
      daemon,
      'thread/archive',
      { threadId: idOf(1) },
      'thread/archived',
    );
    expect(messages).toEqual([{ id: answer.id, result: {} }, archived(idOf(1))]);
  });

  it('interrupts the turn that runs', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'question');
    (await upstream.request()).begin('m1', ['hal']);
    await daemon.waitForNotification('item/agentMessage/delta');
    const { answer, messages } = await told(daemon, 'thread/archive', { threadId }, 'thread/archived');
    const say = script(threadId, turnId);
    expect(messages).toEqual([
      say.status(IDLE),
      say.completed('interrupted'),
      say.status(NOT_LOADED),
      { id: answer.id, result: {} },
      archived(threadId),
    ]);
    await upstream.until('the end of the request', () => (upstream.requests[0]?.isGone ? true : undefined));
    const { status, turns } = await readThread(daemon, threadId);
    expect(status).toEqual(NOT_LOADED);
    expect(turns.map((turn) => [turn.id, turn.status])).toEqual([[turnId, 'interrupted']]);
  });

  it('ends the call that is on, and keeps what was said', async () => {
    const call = await Call.open();
    const { daemon, threadId } = call;
    const socket = await call.start();
    socket.send(
      { type: 'conversation.item.input_audio_transcription.completed', item_id: 'i1', transcript: 'hello' },
      { type: 'response.output_audio_transcript.delta', item_id: 'i2', delta: 'good day' },
    );
    await call.fence(socket);
    const { answer, messages } = await told(daemon, 'thread/archive', { threadId }, 'thread/archived');
    expect(messages).toEqual([
      call.note('closed', { reason: 'requested' }),
      script(threadId, '').status(NOT_LOADED),
      { id: answer.id, result: {} },
      archived(threadId),
    ]);
    await call.upstream.until('the end of the call', () => socket.closed ?? undefined);
    expect(conversationOf(await readThread(daemon, threadId)).flat()).toEqual(['hello', 'good day']);
  });

  it('is refused where a file of that name is in the archive already', async () => {
    const daemon = await TestDaemon.open();
    const stored: StoredThread = { stamp: '2025-02-03T10-00-00', id: idOf(1) };
    const path = await putThread(daemon.home, stored);
    mkdirSync(join(daemon.home, 'archived_sessions', basename(path)), { recursive: true });
    const { error } = await daemon.call('thread/archive', { threadId: idOf(1) });
    expect(error).toMatchObject({ code: -32603, data: { reason: 'threadUnwritable' } });
    expect(existsSync(path)).toBe(true);
    expect(daemon.notifications('thread/archived')).toEqual([]);
  });
});

/** A parent, its child, and the child of that, by the numbers of their ids. */
function family(...[parent, child, grandchild]: [number, number, number]): StoredThread[] {
  const spawnedBy = (number: number, depth: number): Record<string, unknown> => ({
    source: { subagent: { thread_spawn: { parent_thread_id: idOf(number), depth } } },
  });
  const stamp = (number: number): string => `2025-02-03T10-00-0${number}`;
  return [
    { id: idOf(parent), stamp: stamp(parent) },
    { id: idOf(child), stamp: stamp(child), meta: spawnedBy(parent, 1) },
    { id: idOf(grandchild), stamp: stamp(grandchild), meta: spawnedBy(child, 2) },
  ];
}

describe('the threads that a thread has spawned', () => {
  it('are archived with it, the ones farthest from it first', async () => {
    const daemon = await TestDaemon.open();
    const threads = family(1, 2, 3);
    for (const thread of threads) await putThread(daemon.home, thread);
    await putThread(daemon.home, { id: idOf(4), stamp: '2025-02-03T10-00-04' });
    await daemon.request('thread/archive', { threadId: idOf(1) });
    await daemon.waitForNotification('thread/archived', (params) => params['threadId'] === idOf(2));
    expect(daemon.notifications('thread/archived')).toEqual([
      archived(idOf(1)),
      archived(idOf(3)),
      archived(idOf(2)),
    ]);
    for (const thread of threads) {
      expect(existsSync(pathOf(daemon.home, thread))).toBe(false);
      expect(existsSync(pathOf(daemon.home, { ...thread, archived: true }))).toBe(true);
    }
    expect(await listedIds(daemon)).toEqual([idOf(4)]);
    expect(await listedIds(daemon, { archived: true, sourceKinds: ['cli', 'vscode', 'subAgent'] })).toEqual([
      idOf(3),
      idOf(2),
      idOf(1),
    ]);
  });

  it('are archived with one in the middle, but what is above it is not', async () => {
    const daemon = await TestDaemon.open();
    for (const thread of family(1, 2, 3)) await putThread(daemon.home, thread);
    await daemon.request('thread/archive', { threadId: idOf(2) });
    await daemon.waitForNotification('thread/archived', (params) => params['threadId'] === idOf(3));
    expect(daemon.notifications('thread/archived')).toEqual([archived(idOf(2)), archived(idOf(3))]);
    expect(await listedIds(daemon)).toEqual([idOf(1)]);
  });

  it('stay where they cannot be moved, and nothing is told of them', async () => {
    const daemon = await TestDaemon.open();
    const threads = family(1, 2, 3);
    for (const thread of threads) await putThread(daemon.home, thread);
    const [parent, child, grandchild] = threads as [StoredThread, StoredThread, StoredThread];
    const inTheWay = pathOf(daemon.home, { ...child, archived: true });
    mkdirSync(inTheWay, { recursive: true });
    await daemon.request('thread/archive', { threadId: idOf(1) });
    await daemon.waitForNotification('thread/archived', (params) => params['threadId'] === idOf(3));
    await daemon.request('thread/loaded/list', {});
    expect(daemon.notifications('thread/archived')).toEqual([archived(idOf(1)), archived(idOf(3))]);
    expect(existsSync(pathOf(daemon.home, child))).toBe(true);
    for (const moved of [parent, grandchild]) expect(existsSync(pathOf(daemon.home, moved))).toBe(false);
  });

  it('may be missing', async () => {
    const daemon = await TestDaemon.open();
    const threads = family(1, 2, 3);
    for (const thread of threads) await putThread(daemon.home, thread);
    rmSync(pathOf(daemon.home, threads[1] as StoredThread));
    await daemon.request('thread/archive', { threadId: idOf(1) });
    await daemon.request('thread/loaded/list', {});
    expect(daemon.notifications('thread/archived')).toEqual([archived(idOf(1))]);
  });

  it('may claim to be spawned by each other', async () => {
    const daemon = await TestDaemon.open();
    for (const [number, parent] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const source = { subagent: { thread_spawn: { parent_thread_id: idOf(parent), depth: 1 } } };
      await putThread(daemon.home, {
        id: idOf(number),
        stamp: `2025-02-03T10-00-0${number}`,
        meta: { source },
      });
    }
    await daemon.request('thread/archive', { threadId: idOf(1) });
    await daemon.waitForNotification('thread/archived', (params) => params['threadId'] === idOf(2));
    expect(daemon.notifications('thread/archived')).toEqual([archived(idOf(1)), archived(idOf(2))]);
  });
});

describe('thread/unarchive', () => {
  it('moves the file back, as changed now, and tells everyone', async () => {
    const daemon = await TestDaemon.open();
    const stored: StoredThread = { stamp: '2025-02-03T10-00-00', id: idOf(1), archived: true };
    const old = await putThread(daemon.home, { ...stored, mtimeMs: 1_700_000_000_000 });
    const before = Math.floor(Date.now() / 1000);
    const { answer, messages } = await told(
      daemon,
      'thread/unarchive',
      { threadId: idOf(1) },
      'thread/unarchived',
    );
    const { thread } = answer.result as { thread: ThreadObject };
    const path = pathOf(daemon.home, { ...stored, archived: false });
    expect(messages).toEqual([answer, { method: 'thread/unarchived', params: { threadId: idOf(1) } }]);
    expect(thread).toMatchObject({ id: idOf(1), path, status: NOT_LOADED, name: null, turns: [] });
    expect(thread.updatedAt).toBeGreaterThanOrEqual(before);
    expect(existsSync(old)).toBe(false);
    expect(Math.floor(statSync(path).mtimeMs / 1000)).toBe(thread.updatedAt);
    expect(await listedIds(daemon)).toEqual([idOf(1)]);
    const { error } = await daemon.call('thread/unarchive', { threadId: idOf(1) });
    expect(error).toEqual({
      code: -32600,
      message: `no archived rollout found for thread id ${idOf(1)}`,
      data: { reason: 'rolloutNotFound' },
    });
  });

  it('is told before anything else of the thread is answered, and before the daemon leaves', async () => {
    const daemon = await TestDaemon.open();
    await putThread(daemon.home, { stamp: '2025-02-03T10-00-00', id: idOf(1), archived: true });
    const unarchived = { method: 'thread/unarchived', params: { threadId: idOf(1) } };
    const before = daemon.messages.length;
    const answers = await Promise.all([
      daemon.call('thread/unarchive', { threadId: idOf(1) }),
      daemon.call('thread/archive', { threadId: idOf(1) }),
    ]);
    await daemon.waitForNotification('thread/archived');
    expect(daemon.messages.slice(before)).toEqual([answers[0], unarchived, answers[1], archived(idOf(1))]);
    daemon.write({ id: 'last', method: 'thread/unarchive', params: { threadId: idOf(1) } });
    await daemon.stop();
    expect(daemon.messages.slice(-2)).toEqual([{ id: 'last', result: expect.anything() }, unarchived]);
  });

  it('takes a loaded thread along: its next turn goes to the file in its old place', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'one');
    const { path } = await readThread(daemon, threadId);
    await daemon.request('thread/archive', { threadId });
    const resumed = await resumeThread(daemon, threadId);
    const archivedFile = join(daemon.home, 'archived_sessions', basename(path));
    expect(resumed).toMatchObject({ path: archivedFile, status: IDLE });
    await wholeTurn(thread, 'two');
    expect(rolloutFiles(daemon.home)).toEqual([join('archived_sessions', basename(path))]);
    const answer = await daemon.request<{ thread: ThreadObject }>('thread/unarchive', { threadId });
    expect(answer.thread).toMatchObject({ path, status: IDLE });
    await wholeTurn(thread, 'three');
    const read = await readThread(daemon, threadId);
    expect(read.path).toBe(path);
    expect(conversationOf(read)).toEqual([
      ['one', 'answer 0'],
      ['two', 'answer 1'],
      ['three', 'answer 2'],
    ]);
    expect(rolloutFiles(daemon.home)).toHaveLength(1);
    expect(linesOf(path).torn).toEqual([]);
    expect(linesOf(path).lines.filter(({ type }) => type === 'session_meta')).toHaveLength(1);
  });

  it('loses nothing of a turn that runs meanwhile', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const { path } = await readThread(daemon, threadId);
    await daemon.request('thread/archive', { threadId });
    await resumeThread(daemon, threadId);
    const turnId = await startTurn(thread, 'two');
    const request = await upstream.request(1);
    request.begin('m1', ['slow ']);
    const unarchived = daemon.request('thread/unarchive', { threadId });
    request.finish('m1', ['slow ', 'answer']);
    await unarchived;
    await daemon.waitForNotification(
      'turn/completed',
      (params) => (params['turn'] as { id: string }).id === turnId,
    );
    const read = await readThread(daemon, threadId);
    expect(conversationOf(read)).toEqual([
      ['one', 'answer 0'],
      ['two', 'slow answer'],
    ]);
    expect(rolloutFiles(daemon.home)).toHaveLength(1);
    expect(existsSync(path)).toBe(true);
  });

  it('does not overwrite a file that is in the place', async () => {
    const daemon = await TestDaemon.open();
    const stored: StoredThread = { stamp: '2025-02-03T10-00-00', id: idOf(1) };
    const inArchive = await putThread(daemon.home, { ...stored, archived: true });
    const inPlace = pathOf(daemon.home, stored);
    mkdirSync(dirname(inPlace), { recursive: true });
    mkdirSync(inPlace);
    writeFileSync(join(inPlace, 'x'), 'x');
    const { error } = await daemon.call('thread/unarchive', { threadId: idOf(1) });
    expect(error).toMatchObject({ code: -32603 });
    expect(existsSync(inArchive)).toBe(true);
  });
});

describe('an archived thread', () => {
  it('is resumed where it is, and takes turns there', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'one');
    await daemon.request('thread/archive', { threadId });
    const before = daemon.messages.length;
    await resumeThread(daemon, threadId);
    expect(daemon.messages[before]).toEqual(script(threadId, '').status(IDLE));
    const { index } = await wholeTurn(thread, 'two');
    const input = JSON.stringify(thread.upstream.requests[index]?.input);
    expect(input).toContain('answer 0');
    expect(await listedIds(daemon)).toEqual([]);
    expect(await listedIds(daemon, { archived: true })).toEqual([threadId]);
  });

  it('is archived no second time while it is loaded', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'one');
    await daemon.request('thread/archive', { threadId });
    await resumeThread(daemon, threadId);
    const { error } = await daemon.call('thread/archive', { threadId });
    expect(error?.message).toBe(`no rollout found for thread id ${threadId}`);
    expect((await readThread(daemon, threadId)).status).toEqual(IDLE);
  });

  it('is not followed any more by a client that does not resume it', async () => {
    const upstream = await ResponsesUpstream.open();
    const { connect } = openServer(upstream.config());
    const [first, second] = [await connect(), await connect()];
    const threadId = await first.startThread();
    await first.startTurn(threadId, 'one');
    (await upstream.request(0)).answer('m0', ['a']);
    await first.until('turn/completed', threadId);
    await first.call('thread/archive', { threadId });
    await first.until('thread/archived', threadId);
    await second.call('thread/unarchive', { threadId });
    await first.until('thread/unarchived', threadId);
    await second.call('thread/resume', { threadId });
    await second.startTurn(threadId, 'two');
    (await upstream.request(1)).answer('m1', ['b']);
    await second.until('turn/completed', threadId);
    await first.call('thread/loaded/list', {});
    expect([first, second].map((client) => client.count('turn/started', threadId))).toEqual([1, 1]);
    expect([first, second].map((client) => client.count('thread/archived', threadId))).toEqual([1, 1]);
    expect([first, second].map((client) => client.count('thread/unarchived', threadId))).toEqual([1, 1]);
  });

  it('keeps the time of its last change', async () => {
    const daemon = await TestDaemon.open();
    const stored: StoredThread = { stamp: '2025-02-03T10-00-00', id: idOf(1) };
    utimesSync(await putThread(daemon.home, stored), 1_700_000_000, 1_700_000_000);
    await daemon.request('thread/archive', { threadId: idOf(1) });
    expect((await readThread(daemon, idOf(1), false)).updatedAt).toBe(1_700_000_000);
  });
});
