import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CoreError } from '../../../src/core/errors.ts';
import { allPages, contentOf, idOf, metaOf, numbersOf, openHome, pathOf } from './support/home.ts';
import type { StoredThread } from './support/home.ts';

beforeAll(() => {
  // The names of files are in local time; the times here are meant as they are written.
  process.env['TZ'] = 'UTC';
});

describe('a list of stored threads', () => {
  it('is empty without any', async () => {
    const { list } = await openHome();
    expect(await list()).toEqual({ data: [], nextCursor: null, backwardsCursor: null, problems: [] });
  });

  it('shows what the file, its name and its head say', async () => {
    const home = await openHome();
    const git = { commit_hash: 'abc', branch: 'main', repository_url: 'ssh://git' };
    const thread = { stamp: '2025-03-07T10-00-00', id: idOf(1), meta: { git }, mtimeMs: 1_750_000_000_123 };
    const [path] = await home.put({ ...thread, message: ' hi ' });
    expect(await home.list()).toEqual({
      data: [
        {
          path,
          threadId: idOf(1),
          isArchived: false,
          createdAtMs: Date.UTC(2025, 2, 7, 10),
          updatedAtMs: 1_750_000_000_123,
          head: {
            kind: 'thread',
            meta: { ...metaOf(idOf(1)), git },
            preview: 'hi',
            firstUserMessage: ' hi ',
          },
          state: { path, mtimeMs: 1_750_000_000_123.5, size: 446 },
        },
      ],
      nextCursor: null,
      backwardsCursor: '2025-03-07T09:59:59.999Z',
      problems: [],
    });
  });

  it('goes on page by page until there is no further thread', async () => {
    const home = await openHome();
    await home.put(...days(5));
    const first = await home.list({ limit: 2 });
    expect([numbersOf(first), first.nextCursor]).toEqual([[5, 4], '2025-01-04T12:00:00Z']);
    const second = await home.list({ limit: 2, cursor: first.nextCursor });
    expect([numbersOf(second), second.nextCursor]).toEqual([[3, 2], '2025-01-02T12:00:00Z']);
    const third = await home.list({ limit: 2, cursor: second.nextCursor });
    expect([numbersOf(third), third.nextCursor]).toEqual([[1], null]);
    expect(await allPages(home, { limit: 2, sortDirection: 'asc' })).toEqual([[1, 2], [3, 4], [5]]);
  });

  it.each([
    [undefined, 25],
    [null, 25],
    [0, 1],
    [1, 1],
    [100, 100],
    [4_000_000_000, 100],
  ])('shows for a limit of %s %i threads', async (limit, expected) => {
    const home = await openHome();
    await home.put(...days(102));
    const page = await home.list({ limit });
    expect(page.data).toHaveLength(expected);
    expect(page.nextCursor).toBe(
      new Date(page.data.at(-1)?.createdAtMs ?? 0).toISOString().replace('.000', ''),
    );
  });

  it('filters by provider', async () => {
    const home = await openHome();
    const [one, two, three] = days(3);
    await home.put(
      { ...one, meta: { model_provider: 'mock' } },
      { ...two, meta: { model_provider: null } },
      { ...three, meta: { model_provider: 'other' } },
    );
    const shown = async (providers: string[] | null) => numbersOf(await home.list({ providers }));
    expect(await shown(null)).toEqual([3, 2, 1]);
    expect(await shown([])).toEqual([3, 2, 1]);
    expect(await shown(['mock'])).toEqual([1]);
    expect(await shown(['openai'])).toEqual([2]);
    expect(await shown(['mock', 'other'])).toEqual([3, 1]);
    expect(await shown(['none'])).toEqual([]);
  });

  it('filters by working directory', async () => {
    const home = await openHome();
    const [one, two, three] = days(3);
    await home.put(
      { ...one, meta: { cwd: '/a' } },
      { ...two, meta: { cwd: '/b' } },
      { ...three, meta: { cwd: '/a/b' } },
    );
    const shown = async (cwds: string[] | null) => numbersOf(await home.list({ cwds }));
    expect(await shown(null)).toEqual([3, 2, 1]);
    expect(await shown(['/a'])).toEqual([1]);
    expect(await shown(['/a', '/b'])).toEqual([2, 1]);
    expect(await shown([])).toEqual([]);
  });

  it('searches the first user message as it is, in its case', async () => {
    const home = await openHome();
    const [one, two] = days(2);
    await home.put(
      { ...one, message: 'file a.ts\n## My request for Codex:\nFix it' },
      { ...two, message: 'fix it' },
    );
    const shown = async (searchTerm: string) => numbersOf(await home.list({ searchTerm }));
    expect(await shown('fix')).toEqual([2]);
    expect(await shown('Fix')).toEqual([1]);
    expect(await shown('a.ts')).toEqual([1]);
    expect(await shown('none')).toEqual([]);
    expect(await shown('')).toEqual([2, 1]);
  });

  it('filters by source, and shows those with a person at them unless asked for others', async () => {
    const home = await openHome();
    const sources = [
      'cli',
      'vscode',
      'exec',
      'mcp',
      'unknown',
      { subagent: 'review' },
      { subagent: 'compact' },
      { subagent: { thread_spawn: { parent_thread_id: idOf(1), depth: 1 } } },
      { subagent: { other: 'x' } },
      undefined,
    ];
    const threads = days(sources.length);
    await home.put(...threads.map((thread, index) => ({ ...thread, meta: { source: sources[index] } })));
    const shown = async (
      ...sourceKinds: NonNullable<Parameters<typeof home.list>[0]>['sourceKinds'] & object
    ) => numbersOf(await home.list({ sourceKinds }));
    expect(await shown()).toEqual([10, 2, 1]);
    expect(numbersOf(await home.list({ sourceKinds: null }))).toEqual([10, 2, 1]);
    expect(await shown('cli')).toEqual([1]);
    expect(await shown('vscode')).toEqual([10, 2]);
    expect(await shown('exec', 'appServer')).toEqual([4, 3]);
    expect(await shown('unknown')).toEqual([5]);
    expect(await shown('subAgent')).toEqual([9, 8, 7, 6]);
    expect(await shown('subAgentReview')).toEqual([6]);
    expect(await shown('subAgentCompact')).toEqual([7]);
    expect(await shown('subAgentThreadSpawn')).toEqual([8]);
    expect(await shown('subAgentOther')).toEqual([9]);
  });

  it('shows archived threads or those in use, never both', async () => {
    const home = await openHome();
    const [one, two, three] = days(3);
    await home.put(one, { ...two, archived: true }, { ...three, archived: true });
    expect(numbersOf(await home.list())).toEqual([1]);
    expect(numbersOf(await home.list({ archived: false }))).toEqual([1]);
    const archived = await home.list({ archived: true });
    expect(numbersOf(archived)).toEqual([3, 2]);
    expect(archived.data.map(({ isArchived, path }) => [isArchived, path])).toEqual([
      [true, pathOf(home.codexHome, { ...three, archived: true })],
      [true, pathOf(home.codexHome, { ...two, archived: true })],
    ]);
    expect(await allPages(home, { archived: true, limit: 1, sortDirection: 'asc' })).toEqual([[2], [3]]);
  });

  it('goes on until a filtered page is full, and knows when nothing follows', async () => {
    const home = await openHome();
    await home.put(
      ...days(90).map((thread, index) => ({ ...thread, message: index % 30 === 0 ? 'hit' : 'miss' })),
    );
    const searchTerm = 'hit';
    const first = await home.list({ limit: 2, searchTerm });
    expect([numbersOf(first), first.nextCursor]).toEqual([[61, 31], '2025-01-31T12:00:00Z']);
    const second = await home.list({ limit: 2, searchTerm, cursor: first.nextCursor });
    expect([numbersOf(second), second.nextCursor]).toEqual([[1], null]);
    const exact = await home.list({ limit: 3, searchTerm });
    expect([numbersOf(exact), exact.nextCursor]).toEqual([[61, 31, 1], null]);
  });

  it('is sorted by creation unless asked otherwise, the larger id first where times are the same', async () => {
    const home = await openHome();
    const mtime = Date.UTC(2025, 5, 1);
    await home.put(
      { stamp: '2025-01-01T10-00-00', id: idOf(1), mtimeMs: mtime + 3 },
      { stamp: '2025-01-01T10-00-00', id: idOf(2), mtimeMs: mtime + 1 },
      { stamp: '2025-01-01T10-00-01', id: idOf(3), mtimeMs: mtime + 1 },
      { stamp: '2024-12-31T23-59-59', id: idOf(4), mtimeMs: mtime + 2 },
    );
    const shown = async (query: Parameters<typeof home.list>[0]) => numbersOf(await home.list(query));
    expect(await shown({})).toEqual([3, 2, 1, 4]);
    expect(await shown({ sortDirection: 'asc' })).toEqual([4, 2, 1, 3]);
    expect(await shown({ sortKey: 'updated_at' })).toEqual([1, 4, 3, 2]);
    expect(await shown({ sortKey: 'updated_at', sortDirection: 'asc' })).toEqual([3, 2, 4, 1]);
  });

  it('is paged by update with milliseconds', async () => {
    const home = await openHome();
    const mtime = Date.UTC(2025, 5, 1);
    await home.put(
      ...days(4).map((thread, index) => ({ ...thread, mtimeMs: mtime + [40, 10, 30, 20][index]! })),
    );
    const first = await home.list({ sortKey: 'updated_at', limit: 2 });
    expect([numbersOf(first), first.nextCursor, first.backwardsCursor]).toEqual([
      [1, 3],
      '2025-06-01T00:00:00.030Z',
      '2025-06-01T00:00:00.039Z',
    ]);
    const second = await home.list({ sortKey: 'updated_at', limit: 2, cursor: first.nextCursor });
    expect([numbersOf(second), second.nextCursor]).toEqual([[4, 2], null]);
  });

  it('can be gone through backwards from its first thread on', async () => {
    const home = await openHome();
    await home.put(
      { stamp: '2025-02-02T23-59-59', id: idOf(1) },
      { stamp: '2025-02-03T00-00-00', id: idOf(2) },
    );
    const page = await home.list({ limit: 1 });
    expect([numbersOf(page), page.backwardsCursor]).toEqual([[2], '2025-02-02T23:59:59.999Z']);
    await home.put({ stamp: '2025-02-03T08-00-00', id: idOf(3) });
    const newer = await home.list({ cursor: page.backwardsCursor, sortDirection: 'asc' });
    expect([numbersOf(newer), newer.backwardsCursor]).toEqual([[2, 3], '2025-02-03T00:00:00.001Z']);
    const older = await home.list({ cursor: newer.backwardsCursor });
    expect(numbersOf(older)).toEqual([2, 1]);
  });

  it('has an id in its cursor only where threads of one second are on both pages', async () => {
    const home = await openHome();
    await home.put(
      { stamp: '2025-03-07T10-00-00', id: idOf(1) },
      { stamp: '2025-03-07T10-00-00', id: idOf(2) },
      { stamp: '2025-03-07T10-00-00', id: idOf(3) },
      { stamp: '2025-03-07T09-00-00', id: idOf(4) },
    );
    const first = await home.list({ limit: 2 });
    expect([numbersOf(first), first.nextCursor]).toEqual([[3, 2], `2025-03-07T10:00:00Z|${idOf(2)}`]);
    const second = await home.list({ limit: 1, cursor: first.nextCursor });
    expect([numbersOf(second), second.nextCursor]).toEqual([[1], '2025-03-07T10:00:00Z']);
    expect(numbersOf(await home.list({ cursor: second.nextCursor }))).toEqual([4]);
    expect(numbersOf(await home.list({ cursor: first.nextCursor, sortDirection: 'asc' }))).toEqual([1]);
  });

  it.each([
    '2025-01-02T12:00:00Z',
    '2025-01-02T12:00:00.000000Z',
    '2025-01-02T14:00:00+02:00',
    '2025-01-02t12:00:00z',
    '2025-01-02T12-00-00',
  ])('takes the cursor %s', async (cursor) => {
    const home = await openHome();
    await home.put(...days(3));
    expect(numbersOf(await home.list({ cursor }))).toEqual([1]);
    expect(numbersOf(await home.list({ cursor, sortDirection: 'asc' }))).toEqual([3]);
  });

  it.each([
    'not-a-cursor',
    '',
    '2025-01-02',
    '2025-13-02T12:00:00Z',
    '2025-01-02T25:00:00Z',
    '2025-13-02T12-00-00',
    '2025-01-02T12:00:00',
    '2025-01-02T12:00:00Z|',
    '2025-01-02T12:00:00Z|../../x',
  ])('refuses the cursor %j', async (cursor) => {
    const home = await openHome();
    await expect(home.list({ cursor })).rejects.toEqual(
      new CoreError('invalidCursor', `invalid cursor: ${cursor}`),
    );
  });

  it.each(['created_at', 'updated_at'] as const)(
    'looks into so many files and no more by %s, and goes on from there',
    async (sortKey) => {
      const home = await openHome({ maxExamined: 32 });
      const threads = Array.from({ length: 40 }, (_, number) => ({
        stamp: '2025-01-01T12-00-00',
        id: idOf(number),
        mtimeMs: Date.UTC(2025, 0, 1, 12),
        message: number === 0 ? 'hit' : null,
      }));
      await home.put(...threads);
      const first = await home.list({ sortKey });
      expect(first).toEqual({
        data: [],
        nextCursor: `2025-01-01T12:00:00Z|${idOf(8)}`,
        backwardsCursor: null,
        problems: [],
      });
      const second = await home.list({ sortKey, cursor: first.nextCursor });
      expect([numbersOf(second), second.nextCursor]).toEqual([[0], null]);
    },
  );
});

describe('what is no stored thread', () => {
  it('is told once by name where it should be one, and the rest is listed', async () => {
    const home = await openHome();
    const [one, two, three, four, five] = days(5);
    const [, damaged, empty] = await home.put(
      one,
      { ...two, content: '{"type":"session_meta","payload":{}}\n' },
      { ...three, content: '' },
      { ...four, message: null },
      five,
    );
    const message = 'the file does not begin as the record of a thread';
    const first = await home.list();
    expect(numbersOf(first)).toEqual([5, 1]);
    expect(first.problems).toEqual([
      { path: empty, message },
      { path: damaged, message },
    ]);
    expect((await home.list({ sortKey: 'updated_at' })).problems).toEqual([]);
  });

  it('is left out where its name says so', async () => {
    const home = await openHome();
    const [one] = days(1);
    const [path = ''] = await home.put(one);
    for (const name of [`rollout-2025-01-01-12-00-00-${idOf(2)}.jsonl`, 'notes.txt', `${idOf(3)}.jsonl`]) {
      await writeFile(join(dirname(path), name), contentOf(one));
    }
    await mkdir(join(dirname(path), `rollout-2025-01-01T12-00-00-${idOf(4)}.jsonl`));
    await mkdir(join(home.codexHome, 'sessions', 'notes'));
    await writeFile(join(home.codexHome, 'sessions', '2024'), '');
    const page = await home.list();
    expect([numbersOf(page), page.problems]).toEqual([[1], []]);
  });

  it('is told where it is in the folder of another day', async () => {
    const home = await openHome();
    const [one, two] = days(2);
    const [path = '', other = ''] = await home.put(one, two);
    const misplaced = join(dirname(path), other.slice(dirname(other).length));
    await rename(other, misplaced);
    const page = await home.list();
    expect(numbersOf(page)).toEqual([1]);
    expect(page.problems).toEqual([
      { path: misplaced, message: 'the file is not in the folder of its date' },
    ]);
    expect(await home.store.find(two.id)).toEqual({ path: misplaced, isArchived: false });
  });

  it('is not reached through links', async () => {
    const home = await openHome();
    const elsewhere = await openHome();
    const [one, two, three] = days(3);
    const [path = ''] = await home.put(one);
    const [outside = ''] = await elsewhere.put(two);
    await symlink(outside, join(dirname(path), `rollout-2025-01-01T12-00-00-${idOf(2)}.jsonl`));
    await elsewhere.put({ ...three, stamp: '2024-01-01T12-00-00' });
    await symlink(join(elsewhere.codexHome, 'sessions', '2024'), join(home.codexHome, 'sessions', '2024'));
    for (const sortKey of ['created_at', 'updated_at'] as const) {
      const page = await home.list({ sortKey });
      expect([numbersOf(page), page.problems]).toEqual([[1], []]);
    }
    expect(await home.store.find(idOf(2))).toBeNull();
    expect(await home.store.find(idOf(3))).toBeNull();
  });

  it.skipIf(process.getuid?.() === 0)('is told where it may not be read', async () => {
    const home = await openHome();
    const [one, two, three] = days(3);
    const [path = '', closed = ''] = await home.put(one, two, three);
    await chmod(path, 0o000);
    await chmod(dirname(closed), 0o000);
    const page = await home.list();
    await chmod(dirname(closed), 0o700);
    expect(numbersOf(page)).toEqual([3]);
    expect(page.problems).toEqual([
      { path: dirname(closed), message: 'the folder cannot be read: EACCES' },
      { path, message: 'the file cannot be read: EACCES' },
    ]);
  });

  it('is noticed when a file has changed or is gone since the last list', async () => {
    const home = await openHome();
    const [one, two] = days(2);
    const [path = '', gone = ''] = await home.put({ ...one, message: null }, two);
    expect(numbersOf(await home.list())).toEqual([2]);
    await writeFile(path, contentOf(one));
    await rm(gone);
    expect(numbersOf(await home.list())).toEqual([1]);
  });
});

describe('going through a list page by page', () => {
  const thread = fc.record({
    day: fc.integer({ min: 1, max: 4 }),
    second: fc.integer({ min: 0, max: 2 }),
    mtimeMs: fc.integer({ min: 1_750_000_000_000, max: 1_750_000_000_004 }),
    isHit: fc.boolean(),
  });

  it('gives every thread once and in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(thread, { maxLength: 14 }),
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('asc' as const, 'desc' as const),
        fc.constantFrom('created_at' as const, 'updated_at' as const),
        fc.boolean(),
        async (threads, limit, sortDirection, sortKey, isFiltered) => {
          const home = await openHome();
          const stored = threads.map(({ day, isHit, mtimeMs, second }, index) => ({
            id: idOf(index),
            stamp: `2025-01-0${day}T00-00-0${second}`,
            mtimeMs,
            message: isHit ? 'hit' : 'miss',
            index,
          }));
          await home.put(...stored);
          const pages = await allPages(home, {
            limit,
            sortDirection,
            sortKey,
            searchTerm: isFiltered ? 'hit' : null,
          });
          const sign = sortDirection === 'asc' ? 1 : -1;
          const keyOf = ({ mtimeMs, stamp }: StoredThread): string =>
            sortKey === 'created_at' ? stamp : String(mtimeMs);
          const expected = stored
            .filter(({ message }) => !isFiltered || message === 'hit')
            .sort((one, other) => sign * keyOf(one).localeCompare(keyOf(other)) || other.index - one.index)
            .map(({ index }) => index);
          expect(pages.flat()).toEqual(expected);
          expect(pages.slice(0, -1).map(({ length }) => length)).toEqual(pages.slice(1).map(() => limit));
          await rm(home.codexHome, { recursive: true });
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Threads 1 to `count`, at noon of consecutive days from 2025-01-01 on. */
function days(
  count: number,
): [StoredThread, StoredThread, StoredThread, StoredThread, StoredThread, ...StoredThread[]] {
  const threads = Array.from({ length: Math.max(count, 5) }, (_, index) => {
    const date = new Date(Date.UTC(2025, 0, index + 1, 12)).toISOString().slice(0, 19);
    return { stamp: date.replaceAll(':', '-'), id: idOf(index + 1) };
  });
  return threads.slice(0, count) as ReturnType<typeof days>;
}
