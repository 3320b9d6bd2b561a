import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { idOf, pathOf, putThread } from '../core/store/support/home.ts';
import type { StoredThread } from '../core/store/support/home.ts';
import { TestDaemon } from '../support/daemon.ts';
import { linesOf, listThreads, readThread, resumeThread, rolloutFiles } from './stored-threads.ts';
import type { ThreadObject } from './stored-threads.ts';
import { IDLE, openThread, wholeTurn } from './turns.ts';

const STORED: StoredThread = { stamp: '2025-02-03T10-00-00', id: idOf(1) };

async function update(daemon: TestDaemon, threadId: string, gitInfo: object): Promise<ThreadObject> {
  const params = { threadId, gitInfo };
  return (await daemon.request<{ thread: ThreadObject }>('thread/metadata/update', params)).thread;
}

describe('thread/metadata/update', () => {
  it('changes what it names of a loaded thread, and nothing else', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'question');
    const before = await readThread(daemon, threadId, false);
    const notified = daemon.notifications().length;
    const updated = await update(daemon, threadId, { branch: ' topic ', sha: 'abc' });
    const { originUrl = null } = (before.gitInfo ?? {}) as { originUrl?: string | null };
    const gitInfo = { sha: 'abc', branch: 'topic', originUrl };
    expect(updated).toEqual({ ...before, gitInfo, updatedAt: updated.updatedAt });
    expect(updated.status).toEqual(IDLE);
    expect(await readThread(daemon, threadId, false)).toEqual(updated);
    expect(await update(daemon, threadId, { originUrl: 'u', sha: null })).toMatchObject({
      gitInfo: { sha: null, branch: 'topic', originUrl: 'u' },
    });
    expect(daemon.notifications()).toHaveLength(notified);
    const next = await TestDaemon.open({ home: daemon.home });
    expect((await readThread(next, threadId)).gitInfo).toEqual({
      sha: null,
      branch: 'topic',
      originUrl: 'u',
    });
    expect((await resumeThread(next, threadId)).gitInfo).toEqual({
      sha: null,
      branch: 'topic',
      originUrl: 'u',
    });
  });

  it('changes a thread that is not loaded, and leaves it so', async () => {
    const daemon = await TestDaemon.open();
    const path = await putThread(daemon.home, STORED);
    const text = readFileSync(path, 'utf8');
    const before = await readThread(daemon, idOf(1), false);
    const gitInfo = { sha: null, branch: 'b', originUrl: null };
    const updated = await update(daemon, idOf(1), { branch: 'b' });
    expect(updated).toEqual({ ...before, gitInfo, updatedAt: updated.updatedAt });
    expect(updated.status).toEqual({ type: 'notLoaded' });
    expect(await readThread(daemon, idOf(1), false)).toEqual(updated);
    expect(readFileSync(path, 'utf8').startsWith(text)).toBe(true);
    expect(linesOf(path).lines.at(-1)).toMatchObject({
      type: 'session_meta',
      payload: { id: idOf(1), git: { branch: 'b' } },
    });
    expect(await update(daemon, idOf(1), { branch: null })).toEqual({
      ...updated,
      gitInfo: null,
      updatedAt: expect.any(Number),
    });
  });

  it('changes an archived thread where it is', async () => {
    const daemon = await TestDaemon.open();
    await putThread(daemon.home, { ...STORED, archived: true });
    const updated = await update(daemon, idOf(1), { sha: 'abc' });
    expect(updated).toMatchObject({
      path: pathOf(daemon.home, { ...STORED, archived: true }),
      preview: 'hello',
      gitInfo: { sha: 'abc', branch: null, originUrl: null },
    });
    expect(rolloutFiles(daemon.home)).toHaveLength(1);
  });

  it('clears everything with three nulls', async () => {
    const daemon = await TestDaemon.open();
    const git = { commit_hash: 'abc', branch: 'main', repository_url: 'u' };
    await putThread(daemon.home, { ...STORED, meta: { git } });
    expect((await readThread(daemon, idOf(1)))['gitInfo']).toEqual({
      sha: 'abc',
      branch: 'main',
      originUrl: 'u',
    });
    const cleared = await update(daemon, idOf(1), { sha: null, branch: null, originUrl: null });
    expect(cleared['gitInfo']).toBeNull();
    expect((await readThread(daemon, idOf(1)))['gitInfo']).toBeNull();
    expect((await resumeThread(daemon, idOf(1)))['gitInfo']).toBeNull();
  });

  it('refuses what names nothing, or an empty name', async () => {
    const daemon = await TestDaemon.open();
    const path = await putThread(daemon.home, STORED);
    const text = readFileSync(path, 'utf8');
    const cases: readonly (readonly [unknown, string])[] = [
      [{}, 'gitInfo must include at least one field'],
      [null, 'gitInfo must include at least one field'],
      [undefined, 'gitInfo must include at least one field'],
      [{ branch: '' }, 'gitInfo.branch must not be empty'],
      [{ sha: ' ' }, 'gitInfo.sha must not be empty'],
      [{ branch: 'b', originUrl: '' }, 'gitInfo.originUrl must not be empty'],
    ];
    for (const [gitInfo, message] of cases) {
      const { error } = await daemon.call('thread/metadata/update', { threadId: idOf(1), gitInfo });
      expect(error, message).toEqual({ code: -32600, message, data: { reason: 'invalidInput' } });
    }
    expect(readFileSync(path, 'utf8')).toBe(text);
    const { error } = await daemon.call('thread/metadata/update', {
      threadId: idOf(2),
      gitInfo: { sha: 'a' },
    });
    expect(error?.message).toBe(`thread not found: ${idOf(2)}`);
  });

  it('is remembered of a thread in which nothing was said yet', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    expect((await update(daemon, threadId, { branch: 'b' }))['gitInfo']).toEqual({
      sha: null,
      branch: 'b',
      originUrl: null,
    });
    await wholeTurn(thread, 'question');
    expect((await listThreads(daemon)).data[0]?.['gitInfo']).toEqual({
      sha: null,
      branch: 'b',
      originUrl: null,
    });
  });
});

describe('thread/list', () => {
  /** What a list and `thread/read` say of the only thread. */
  async function seen(daemon: TestDaemon, params: object = {}): Promise<unknown> {
    const [listed, ...more] = (await listThreads(daemon, params)).data;
    expect(more).toEqual([]);
    const read = await readThread(daemon, listed?.id ?? '', false);
    // A list goes by the name of the file, which tells the time of the place.
    expect(listed).toEqual({ ...read, createdAt: listed?.['createdAt'] });
    return listed?.['gitInfo'];
  }

  it('shows the metadata of a loaded thread as it is, and as it was left afterwards', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'question');
    await update(daemon, threadId, { sha: 'abc', branch: 'topic', originUrl: 'u' });
    expect(await seen(daemon)).toEqual({ sha: 'abc', branch: 'topic', originUrl: 'u' });
    await wholeTurn(thread, 'and so on');
    await update(daemon, threadId, { branch: null });
    expect(await seen(daemon)).toEqual({ sha: 'abc', branch: null, originUrl: 'u' });
    await wholeTurn(thread, 'and so on');
    const next = await TestDaemon.open({ home: daemon.home });
    const provider = { modelProviders: [] };
    expect(await seen(next, provider)).toEqual({ sha: 'abc', branch: null, originUrl: 'u' });
    await update(next, threadId, { sha: null, originUrl: null });
    expect(await seen(next, provider)).toBeNull();
  });

  it.each([false, true])('shows that of a thread that is not loaded; archived: %s', async (archived) => {
    const daemon = await TestDaemon.open();
    await putThread(daemon.home, { ...STORED, archived, meta: { git: { branch: 'main' } } });
    const params = { archived, modelProviders: [] };
    expect(await seen(daemon, params)).toEqual({ sha: null, branch: 'main', originUrl: null });
    await update(daemon, idOf(1), { branch: 'topic' });
    expect(await seen(daemon, params)).toEqual({ sha: null, branch: 'topic', originUrl: null });
    await update(daemon, idOf(1), { branch: null });
    expect(await seen(daemon, params)).toBeNull();
  });

  it('shows that of a fork apart from that of its source', async () => {
    const thread = await openThread();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'question');
    await update(daemon, threadId, { sha: null, branch: 'topic', originUrl: null });
    const { thread: fork } = await daemon.request<{ thread: ThreadObject }>('thread/fork', { threadId });
    await update(daemon, threadId, { branch: 'other' });
    const next = await TestDaemon.open({ home: daemon.home });
    for (const each of [daemon, next]) {
      const { data } = await listThreads(each, { modelProviders: [] });
      expect(Object.fromEntries(data.map(({ id, ...listed }) => [id, listed['gitInfo']]))).toEqual({
        [threadId]: { sha: null, branch: 'other', originUrl: null },
        [fork.id]: { sha: null, branch: 'topic', originUrl: null },
      });
      for (const listed of data) expect(listed).toEqual(await readThread(each, listed.id, false));
    }
  });
});
