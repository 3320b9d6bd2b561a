import { existsSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import {
  conversationOf,
  linesOf,
  listedIds,
  listThreads,
  nameIndex,
  readThread,
  resumeThread,
  rolloutFiles,
} from './stored-threads.ts';
import { openThread, wholeTurn } from './turns.ts';
import type { OpenThread } from './turns.ts';

/** A thread with one turn that two daemons have loaded; the second with an upstream of its own. */
async function openBoth(): Promise<{ first: OpenThread; second: OpenThread; path: string }> {
  const first = await openThread();
  await wholeTurn(first, 'begin');
  const { path } = await readThread(first.daemon, first.threadId);
  const { upstream } = await openThread();
  const daemon = await TestDaemon.open({
    home: first.daemon.home,
    args: ['app-server', '-c', `model_providers.test.base_url="${upstream.url}/v1"`],
  });
  await resumeThread(daemon, first.threadId);
  return { first, second: { daemon, threadId: first.threadId, upstream }, path };
}

describe('two daemons on one home', () => {
  it('both list what each of them stores', async () => {
    const { first, second } = await openBoth();
    const threadId = await second.daemon.startThread();
    await wholeTurn({ ...second, threadId }, 'other');
    for (const { daemon } of [first, second]) {
      expect(await listedIds(daemon)).toEqual([threadId, first.threadId]);
      expect(conversationOf(await readThread(daemon, threadId))).toEqual([['other', 'answer 0']]);
    }
  });

  it('run turns on one thread at the same time without losing a line', async () => {
    const { first, second, path } = await openBoth();
    const turnIds: string[] = [];
    await Promise.all(
      [first, second].map(async (thread, side) => {
        for (let round = 0; round < 15; round += 1) {
          turnIds.push((await wholeTurn(thread, `question ${round} of ${side}`)).turnId);
        }
      }),
    );
    expect(rolloutFiles(first.daemon.home)).toHaveLength(1);
    const { lines, torn } = linesOf(path);
    expect(torn).toEqual([]);
    const completed = lines.filter(({ payload }) => payload['type'] === 'task_complete');
    expect(completed.map(({ payload }) => payload['turn_id'])).toEqual(expect.arrayContaining(turnIds));
    const messages = lines.filter(({ payload }) => payload['type'] === 'user_message');
    expect(messages.map(({ payload }) => String(payload['message'])).toSorted()).toEqual(
      [
        'begin',
        ...[0, 1].flatMap((side) => Array.from({ length: 15 }, (_, round) => `question ${round} of ${side}`)),
      ].toSorted(),
    );
    const third = await TestDaemon.open({ home: first.daemon.home });
    const { turns } = await resumeThread(third, first.threadId);
    expect(turns.map(({ id }) => id)).toEqual(expect.arrayContaining(turnIds));
    expect(turns.map(({ status }) => status)).toEqual(turns.map(() => 'completed'));
    expect(
      conversationOf({ turns })
        .flat()
        .filter((words) => words.startsWith('question')),
    ).toHaveLength(30);
  });

  it('both name threads, and the last name counts in both', async () => {
    const { first, second } = await openBoth();
    const { threadId } = first;
    await Promise.all(
      [first, second].map(async ({ daemon }, side) => {
        for (let round = 0; round < 20; round += 1) {
          await daemon.request('thread/name/set', { threadId, name: `name ${round} of ${side}` });
        }
      }),
    );
    const index = nameIndex(first.daemon.home);
    expect(index).toHaveLength(40);
    for (const { daemon } of [first, second]) {
      const last = index.at(-1)?.['thread_name'];
      expect((await listThreads(daemon)).data[0]?.name).toBe(last);
      expect((await readThread(daemon, threadId)).name).toBe(last);
      expect((await resumeThread(daemon, threadId)).name).toBe(last);
    }
  });

  it('keep one file of a thread that one archives while the other goes on with it', async () => {
    const { first, second, path } = await openBoth();
    const { threadId } = first;
    await wholeTurn(second, 'before');
    await first.daemon.request('thread/archive', { threadId });
    await wholeTurn(second, 'after');
    const inArchive = join(first.daemon.home, 'archived_sessions', basename(path));
    expect(rolloutFiles(first.daemon.home)).toEqual([join('archived_sessions', basename(path))]);
    for (const { daemon } of [first, second]) {
      const read = await readThread(daemon, threadId);
      expect(read.path).toBe(inArchive);
      expect(conversationOf(read)).toEqual([
        ['begin', 'answer 0'],
        ['before', 'answer 0'],
        ['after', 'answer 1'],
      ]);
    }
    expect(second.daemon.notifications('warning')).toEqual([]);
  });

  it('keep one file as well where the other has not written to it yet', async () => {
    const { first, second, path } = await openBoth();
    const { threadId } = first;
    await first.daemon.request('thread/archive', { threadId });
    expect((await readThread(second.daemon, threadId)).turns).toHaveLength(1);
    await wholeTurn(second, 'after');
    expect(rolloutFiles(first.daemon.home)).toEqual([join('archived_sessions', basename(path))]);
    expect(existsSync(path)).toBe(false);
    await first.daemon.request('thread/unarchive', { threadId });
    await wholeTurn(second, 'and back');
    const read = await readThread(second.daemon, threadId);
    expect(read.path).toBe(path);
    expect(conversationOf(read)).toEqual([
      ['begin', 'answer 0'],
      ['after', 'answer 0'],
      ['and back', 'answer 1'],
    ]);
    expect(rolloutFiles(first.daemon.home)).toHaveLength(1);
    const rolledBack = await second.daemon.request<{ thread: object }>('thread/rollback', {
      threadId,
      numTurns: 1,
    });
    expect(rolledBack.thread).toMatchObject({ path });
  });

  it('keep every line while one archives and takes back, and the other runs turns', async () => {
    const { first, second } = await openBoth();
    const { threadId } = first;
    const archiving = (async () => {
      for (let round = 0; round < 12; round += 1) {
        await first.daemon.request('thread/archive', { threadId });
        await first.daemon.request('thread/unarchive', { threadId });
      }
    })();
    for (let round = 0; round < 12; round += 1) await wholeTurn(second, `question ${round}`);
    await archiving;
    expect(rolloutFiles(first.daemon.home)).toHaveLength(1);
    const [file = ''] = rolloutFiles(first.daemon.home);
    expect(linesOf(join(first.daemon.home, file)).torn).toEqual([]);
    const { turns } = await readThread(first.daemon, threadId);
    expect(conversationOf({ turns })).toEqual([
      ['begin', 'answer 0'],
      ...Array.from({ length: 12 }, (_, round) => [`question ${round}`, `answer ${round}`]),
    ]);
  });

  it('go on with a thread whose file was moved away by hand and back', async () => {
    const { first, path } = await openBoth();
    renameSync(path, `${path}.bak`);
    await wholeTurn(first, 'meanwhile');
    renameSync(`${path}.bak`, path);
    await wholeTurn(first, 'afterwards');
    expect(conversationOf(await readThread(first.daemon, first.threadId)).flat()).toEqual(
      expect.arrayContaining(['begin', 'meanwhile', 'afterwards']),
    );
  });
});
