import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { idOf, pathOf, putThread } from '../core/store/support/home.ts';
import type { StoredThread } from '../core/store/support/home.ts';
import { TestDaemon } from '../support/daemon.ts';
import { listedIds, listThreads } from './stored-threads.ts';
import { endOf, IDLE, openThread, startTurn, wholeTurn } from './turns.ts';

const DAY = '2025-02-03';
const TEST_PROVIDER = { model_provider: 'openai' };

/** A thread of a given minute of the day. */
function at(number: number, more: Partial<StoredThread> = {}): StoredThread {
  return { stamp: `${DAY}T10-${String(number).padStart(2, '0')}-00`, id: idOf(number), ...more };
}

async function openHome(...threads: StoredThread[]): Promise<TestDaemon> {
  // Universal time, so that names and cursors say the same.
  const daemon = await TestDaemon.open({ env: { TZ: 'UTC' } });
  for (const thread of threads) await putThread(daemon.home, { meta: TEST_PROVIDER, ...thread });
  return daemon;
}

function ids(...numbers: number[]): string[] {
  return numbers.map(idOf);
}

describe('thread/list', () => {
  it('is empty without threads', async () => {
    const daemon = await openHome();
    expect(await listThreads(daemon)).toEqual({ data: [], nextCursor: null, backwardsCursor: null });
    expect(await listThreads(daemon, { archived: true })).toEqual({
      data: [],
      nextCursor: null,
      backwardsCursor: null,
    });
  });

  it('tells of each thread what its file says', async () => {
    const git = { commit_hash: 'abc', branch: 'main', repository_url: 'https://example.test/r.git' };
    const thread = at(1, { meta: { ...TEST_PROVIDER, source: 'cli', git }, mtimeMs: 1_750_000_000_000 });
    const daemon = await openHome(thread);
    expect(await listThreads(daemon)).toEqual({
      data: [
        {
          id: idOf(1),
          sessionId: idOf(1),
          forkedFromId: null,
          preview: 'hello',
          ephemeral: false,
          modelProvider: 'openai',
          createdAt: Date.parse(`${DAY}T10:01:00Z`) / 1000,
          updatedAt: 1_750_000_000,
          status: { type: 'notLoaded' },
          path: pathOf(daemon.home, thread),
          cwd: '/repo',
          cliVersion: '0.130.0',
          source: 'cli',
          threadSource: null,
          agentNickname: null,
          agentRole: null,
          gitInfo: { sha: 'abc', branch: 'main', originUrl: 'https://example.test/r.git' },
          name: null,
          turns: [],
        },
      ],
      nextCursor: null,
      backwardsCursor: `${DAY}T10:00:59.999Z`,
    });
  });

  it('goes page by page, until there is no further one', async () => {
    const daemon = await openHome(...[1, 2, 3, 4, 5].map((number) => at(number)));
    const first = await listThreads(daemon, { limit: 2 });
    expect(first.data.map(({ id }) => id)).toEqual(ids(5, 4));
    expect(first.nextCursor).toBe(`${DAY}T10:04:00Z`);
    const second = await listThreads(daemon, { limit: 2, cursor: first.nextCursor });
    expect(second.data.map(({ id }) => id)).toEqual(ids(3, 2));
    const third = await listThreads(daemon, { limit: 2, cursor: second.nextCursor });
    expect(third.data.map(({ id }) => id)).toEqual(ids(1));
    expect(third.nextCursor).toBeNull();
  });

  it('does not skip threads of one second at the border of a page', async () => {
    const stamp = `${DAY}T10-00-00`;
    const daemon = await openHome(...[1, 2, 3, 4, 5].map((number) => ({ stamp, id: idOf(number) })));
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await listThreads(daemon, { limit: 2, cursor });
      seen.push(...page.data.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(ids(5, 4, 3, 2, 1));
  });

  it('gives no more than 100 threads at once', async () => {
    const threads = Array.from({ length: 105 }, (_, index) => ({
      stamp: `${DAY}T${String(10 + Math.floor(index / 60))}-${String(index % 60).padStart(2, '0')}-00`,
      id: idOf(index),
    }));
    const daemon = await openHome(...threads);
    const page = await listThreads(daemon, { limit: 200 });
    expect(page.data).toHaveLength(100);
    expect(await listedIds(daemon, { cursor: page.nextCursor, limit: 0 })).toEqual(ids(4));
    expect(await listedIds(daemon, { cursor: page.nextCursor })).toEqual(ids(4, 3, 2, 1, 0));
    expect((await listThreads(daemon)).data).toHaveLength(25);
  });

  it('refuses a cursor that is none', async () => {
    const daemon = await openHome(at(1));
    const { error } = await daemon.call('thread/list', { cursor: 'not-a-cursor' });
    expect(error).toEqual({
      code: -32600,
      message: 'invalid cursor: not-a-cursor',
      data: { reason: 'invalidCursor' },
    });
  });

  it('leads back from a page to it and to what is newer', async () => {
    const daemon = await openHome(
      { stamp: '2025-02-02T12-00-00', id: idOf(1) },
      { stamp: '2025-02-03T00-00-00', id: idOf(2) },
    );
    const page = await listThreads(daemon, { limit: 1 });
    expect(page.backwardsCursor).toBe('2025-02-02T23:59:59.999Z');
    await putThread(daemon.home, { stamp: '2025-02-03T01-00-00', id: idOf(3) });
    const newer = { cursor: page.backwardsCursor, sortDirection: 'asc' };
    expect(await listedIds(daemon, newer)).toEqual(ids(2, 3));
    const ascending = await listThreads(daemon, { sortDirection: 'asc' });
    expect(ascending.data.map(({ id }) => id)).toEqual(ids(1, 2, 3));
    expect(ascending.backwardsCursor).toBe('2025-02-02T12:00:00.001Z');
  });

  it('sorts by the last change, those of one moment by their ids', async () => {
    const time = 1_750_000_000_000;
    const daemon = await openHome(
      at(1, { mtimeMs: time + 3000 }),
      at(2, { mtimeMs: time }),
      at(3, { mtimeMs: time + 1500 }),
      at(4, { mtimeMs: time }),
    );
    const sorted = { sortKey: 'updated_at' };
    expect(await listedIds(daemon, sorted)).toEqual(ids(1, 3, 4, 2));
    expect(await listedIds(daemon, { ...sorted, sortDirection: 'asc' })).toEqual(ids(4, 2, 3, 1));
    const first = await listThreads(daemon, { ...sorted, limit: 2 });
    expect(first.nextCursor).toBe(new Date(time + 1500).toISOString());
    expect(await listedIds(daemon, { ...sorted, cursor: first.nextCursor })).toEqual(ids(4, 2));
    utimesSync(pathOf(daemon.home, at(2)), (time + 9000) / 1000, (time + 9000) / 1000);
    expect(await listedIds(daemon, sorted)).toEqual(ids(2, 1, 3, 4));
  });

  it('fills a page over threads that do not fit', async () => {
    const other = { model_provider: 'other' };
    const daemon = await openHome(
      ...Array.from({ length: 50 }, (_, index) =>
        at(index, { meta: index === 7 || index === 30 || index === 45 ? TEST_PROVIDER : other }),
      ),
    );
    const page = await listThreads(daemon, { limit: 2 });
    expect(page.data.map(({ id }) => id)).toEqual(ids(45, 30));
    const last = await listThreads(daemon, { limit: 1, cursor: page.nextCursor });
    expect(last.data.map(({ id }) => id)).toEqual(ids(7));
    expect(last.nextCursor).toBeNull();
  });
});

describe('the filters of thread/list', () => {
  it('leave the threads of the configured provider, unless told otherwise', async () => {
    const daemon = await openHome(
      at(1),
      at(2, { meta: { model_provider: 'other' } }),
      at(3, { meta: { model_provider: null } }),
    );
    expect(await listedIds(daemon)).toEqual(ids(3, 1));
    expect(await listedIds(daemon, { modelProviders: null })).toEqual(ids(3, 1));
    expect(await listedIds(daemon, { modelProviders: [] })).toEqual(ids(3, 2, 1));
    expect(await listedIds(daemon, { modelProviders: ['other'] })).toEqual(ids(2));
    expect(await listedIds(daemon, { modelProviders: ['other', 'openai'] })).toEqual(ids(3, 2, 1));
    const { data } = await listThreads(daemon, { modelProviders: [] });
    expect(data.map(({ modelProvider }) => modelProvider)).toEqual(['openai', 'other', 'openai']);
  });

  it('leave the threads that a person opened, unless told otherwise', async () => {
    const spawn = { thread_spawn: { parent_thread_id: idOf(1), depth: 1 } };
    const sources: unknown[] = [
      'cli',
      'vscode',
      'exec',
      'mcp',
      { subagent: 'review' },
      { subagent: 'compact' },
      { subagent: spawn },
      { subagent: { other: 'x' } },
      { custom: 'mine' },
    ];
    const daemon = await openHome(
      ...sources.map((source, index) => at(index, { meta: { ...TEST_PROVIDER, source } })),
    );
    const cases: readonly (readonly [object, number[]])[] = [
      [{}, [1, 0]],
      [{ sourceKinds: [] }, [1, 0]],
      [{ sourceKinds: null }, [1, 0]],
      [{ sourceKinds: ['vscode'] }, [1]],
      [{ sourceKinds: ['exec', 'appServer'] }, [3, 2]],
      [{ sourceKinds: ['subAgent'] }, [7, 6, 5, 4]],
      [{ sourceKinds: ['subAgentReview'] }, [4]],
      [{ sourceKinds: ['subAgentCompact'] }, [5]],
      [{ sourceKinds: ['subAgentThreadSpawn'] }, [6]],
      [{ sourceKinds: ['subAgentOther'] }, [7]],
      [{ sourceKinds: ['unknown'] }, [8]],
    ];
    for (const [params, numbers] of cases) {
      expect(await listedIds(daemon, params), JSON.stringify(params)).toEqual(ids(...numbers));
    }
  });

  it('take working directories as the daemon would resolve them', async () => {
    const daemon = await TestDaemon.open({ cwd: '/tmp' });
    const inFolder = (cwd: string): { meta: object } => ({ meta: { ...TEST_PROVIDER, cwd } });
    for (const [number, cwd] of ['/tmp', '/tmp/a', '/tmp/a/b', '/other'].entries()) {
      await putThread(daemon.home, at(number, inFolder(cwd) as Partial<StoredThread>));
    }
    const cases: readonly (readonly [unknown, number[]])[] = [
      ['/tmp/a', [1]],
      ['a', [1]],
      ['./a/', [1]],
      ['a/b/..', [1]],
      ['.', [0]],
      [
        ['a', '/other'],
        [3, 1],
      ],
      [[], []],
      ['/tmp/A', []],
      [null, [3, 2, 1, 0]],
    ];
    for (const [cwd, numbers] of cases) {
      expect(await listedIds(daemon, { cwd }), JSON.stringify(cwd)).toEqual(ids(...numbers));
    }
  });

  it('look for words in the first message, in their case, and not in the name', async () => {
    const daemon = await openHome(at(1, { message: 'fix the Parser' }), at(2, { message: 'other' }));
    await daemon.request('thread/name/set', { threadId: idOf(2), name: 'Parser' });
    expect(await listedIds(daemon, { searchTerm: 'Parser' })).toEqual(ids(1));
    expect(await listedIds(daemon, { searchTerm: 'parser' })).toEqual([]);
    expect(await listedIds(daemon, { searchTerm: '' })).toEqual(ids(2, 1));
  });

  it('tell archived threads from the others', async () => {
    const daemon = await openHome(at(1), at(2, { archived: true }));
    expect(await listedIds(daemon)).toEqual(ids(1));
    expect(await listedIds(daemon, { archived: false })).toEqual(ids(1));
    expect(await listedIds(daemon, { archived: true })).toEqual(ids(2));
  });

  it('forget a thread whose file is gone', async () => {
    const daemon = await openHome(at(1), at(2));
    expect(await listedIds(daemon)).toEqual(ids(2, 1));
    rmSync(pathOf(daemon.home, at(2)));
    expect(await listedIds(daemon)).toEqual(ids(1));
    expect(await listedIds(daemon, { useStateDbOnly: true })).toEqual(ids(1));
  });
});

describe('a listed thread', () => {
  it('has the status of the moment', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    await putThread(daemon.home, at(1, { meta: { model_provider: 'test' } }));
    const statuses = async (): Promise<unknown[]> =>
      (await listThreads(daemon)).data.map(({ id, status }) => [id, status]);
    await wholeTurn(thread, 'question');
    expect(await statuses()).toEqual([
      [threadId, IDLE],
      [idOf(1), { type: 'notLoaded' }],
    ]);
    const running = await startTurn(thread, 'more');
    const request = await upstream.request(1);
    expect(await statuses()).toContainEqual([threadId, { type: 'active', activeFlags: [] }]);
    request.refuse(400, '{}');
    expect((await endOf(daemon, running))['status']).toBe('failed');
    expect(await statuses()).toContainEqual([threadId, { type: 'systemError' }]);
  });

  it('is none that is ephemeral, or in which the user has said nothing', async () => {
    const thread = await openThread({ thread: { ephemeral: true } });
    const { daemon } = thread;
    await wholeTurn(thread, 'question');
    const silent = await daemon.startThread();
    await daemon.request('thread/name/set', { threadId: silent, name: 'Silent' });
    expect(await listedIds(daemon, { modelProviders: [] })).toEqual([]);
    expect(await daemon.request('thread/loaded/list', {})).toEqual({
      data: [thread.threadId, silent].toSorted(),
      nextCursor: null,
    });
  });

  it('shows its name, also one that it gets anew', async () => {
    const daemon = await openHome(at(1));
    const name = async (): Promise<unknown> => (await listThreads(daemon)).data[0]?.name;
    for (const wanted of ['One', 'Two', 'One']) {
      await daemon.request('thread/name/set', { threadId: idOf(1), name: wanted });
      expect(await name()).toBe(wanted);
    }
  });
});

describe('what is no thread', () => {
  it('is told of once, by its path, and left out', async () => {
    const good = at(1);
    const daemon = await openHome(
      good,
      at(2, { content: 'no JSON at all\n' }),
      at(3, { content: '' }),
      at(4, { message: null }),
    );
    mkdirSync(pathOf(daemon.home, at(5)));
    writeFileSync(join(daemon.home, 'sessions', '2025', '02', '03', 'rollout-notes.jsonl'), 'x');
    const misplaced = join(
      daemon.home,
      'sessions',
      '2025',
      '02',
      '03',
      `rollout-2025-02-04T10-00-00-${idOf(6)}.jsonl`,
    );
    writeFileSync(misplaced, 'x');
    expect(await listedIds(daemon)).toEqual(ids(1));
    const warnings = daemon.notifications('warning').map(({ params }) => params);
    const leftOut = (path: string, why: string): object => ({
      threadId: null,
      message: `${path} is left out: ${why}`,
    });
    expect(warnings).toHaveLength(3);
    expect(warnings).toEqual(
      expect.arrayContaining([
        leftOut(pathOf(daemon.home, at(2)), 'the file does not begin as the record of a thread'),
        leftOut(pathOf(daemon.home, at(3)), 'the file does not begin as the record of a thread'),
        leftOut(misplaced, 'the file is not in the folder of its date'),
      ]),
    );
    expect(await listedIds(daemon)).toEqual(ids(1));
    expect(await listedIds(daemon, { sortKey: 'updated_at' })).toEqual(ids(1));
    expect(daemon.notifications('warning')).toHaveLength(3);
  });

  it('is told of in a list although something else has met it before', async () => {
    const daemon = await openHome(at(1), at(2, { content: 'damaged\n' }));
    await daemon.request('thread/archive', { threadId: idOf(1) });
    expect(await listedIds(daemon)).toEqual([]);
    expect(daemon.notifications('warning')).toHaveLength(1);
  });

  it('leaves a thread whose later lines are damaged', async () => {
    const daemon = await openHome(at(1));
    const path = pathOf(daemon.home, at(1));
    writeFileSync(path, '\u0000\u0000{"torn\n', { flag: 'a' });
    expect(await listedIds(daemon)).toEqual(ids(1));
    expect(daemon.notifications('warning')).toEqual([]);
  });
});
