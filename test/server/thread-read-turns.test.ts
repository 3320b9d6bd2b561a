import { describe, expect, it } from 'vitest';
import type { TestDaemon } from '../support/daemon.ts';
import {
  FIXTURE_ID,
  FIXTURE_TURN,
  metaLine,
  openDaemon,
  openStored,
  place,
  readTurn,
  saidByAgent,
  saidByUser,
  storedPath,
  toldItems,
  turnLines,
} from './stored.ts';
import type { StoredThread, TurnObject } from './stored.ts';
import { endOf, refused, startTurn, text, wholeTurn } from './turns.ts';

const TURNS = 'thread/turns/list';
const ITEMS = 'thread/turns/items/list';

interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
  readonly backwardsCursor: string | null;
}

async function turns(daemon: TestDaemon, params: object): Promise<Page<TurnObject>> {
  return daemon.request<Page<TurnObject>>(TURNS, params);
}

function ids({ data }: Page<{ readonly id: string }>): string[] {
  return data.map(({ id }) => id);
}

function anchor(turnId: string | undefined, includeAnchor: boolean): string {
  return JSON.stringify({ turnId, includeAnchor });
}

/** A thread of so many turns, and their ids. */
async function openTurns(count: number): Promise<StoredThread & { ids: string[] }> {
  const stored = await openStored();
  const made: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    made.push((await wholeTurn(stored, `question ${number}`)).turnId);
  }
  return { ...stored, ids: made };
}

/** A stored thread of so many turns, and their ids. */
async function placeTurns(count: number): Promise<{ daemon: TestDaemon; threadId: string; ids: string[] }> {
  const { daemon } = await openDaemon();
  const made = Array.from({ length: count }, (_, index) => `${FIXTURE_TURN}${index}`);
  place(
    storedPath(daemon.home),
    metaLine(),
    ...made.map((id, index) => turnLines(id, { words: `question ${index}`, answer: `answer ${index}` })),
  );
  return { daemon, threadId: FIXTURE_ID, ids: made };
}

describe('thread/turns/list', () => {
  it('pages from the newest turn, and shows what came since', async () => {
    const stored = await openTurns(3);
    const { daemon, threadId } = stored;
    const [first, second, third] = stored.ids;
    const page = await turns(daemon, { threadId, limit: 2 });
    expect(ids(page)).toEqual([third, second]);
    expect(page.nextCursor).toBe(anchor(second, false));
    expect(page.backwardsCursor).toBe(anchor(third, true));
    const next = await turns(daemon, { threadId, limit: 2, cursor: page.nextCursor });
    expect(next).toEqual({
      data: [expect.objectContaining({ id: first })],
      nextCursor: null,
      backwardsCursor: anchor(first, true),
    });
    const { turnId } = await wholeTurn(stored, 'question 4');
    const since = await turns(daemon, { threadId, sortDirection: 'asc', cursor: page.backwardsCursor });
    expect(ids(since)).toEqual([third, turnId]);
  });

  it('refuses a cursor whose turn was rolled back', async () => {
    const { daemon, ids: made, threadId } = await openTurns(2);
    await daemon.request('thread/rollback', { threadId, numTurns: 1 });
    for (const includeAnchor of [false, true]) {
      const cursor = anchor(made[1], includeAnchor);
      expect((await daemon.call(TURNS, { threadId, cursor })).error).toEqual(
        refused('invalidCursor', 'invalid cursor: anchor turn is no longer present'),
      );
    }
    expect(ids(await turns(daemon, { threadId }))).toEqual(made.slice(0, 1));
  });

  it('shows as much of a turn as is asked for', async () => {
    const stored = await openStored();
    const { daemon, threadId, upstream } = stored;
    const turnId = await startTurn(stored, 'one');
    const request = await upstream.request();
    await daemon.request('turn/steer', { threadId, expectedTurnId: turnId, input: [text('also')] });
    request.answer('m0', ['half']);
    (await upstream.request(1)).answer('m1', ['all']);
    const end = await endOf(daemon, turnId);
    const items = toldItems(daemon, turnId);
    expect(items).toHaveLength(4);
    const views = {
      full: items,
      summary: [items[0], items[3]],
      notLoaded: [],
    };
    for (const [itemsView, shown] of Object.entries(views)) {
      const { data } = await turns(daemon, { threadId, itemsView });
      expect(data, itemsView).toEqual([{ ...end, itemsView, items: shown }]);
    }
    const { data } = await turns(daemon, { threadId });
    expect(data).toEqual([{ ...end, itemsView: 'summary', items: views.summary }]);
  });

  it('reads a stored thread without loading it', async () => {
    const { daemon, ids: made, threadId } = await placeTurns(3);
    const page = await turns(daemon, { threadId, sortDirection: 'asc', limit: 2, itemsView: 'full' });
    expect(page).toEqual({
      data: [0, 1].map((index) =>
        readTurn(made[index] ?? '', [
          saidByUser(`item-${2 * index + 1}`, `question ${index}`),
          saidByAgent(`item-${2 * index + 2}`, `answer ${index}`),
        ]),
      ),
      nextCursor: anchor(made[1], false),
      backwardsCursor: anchor(made[0], true),
    });
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
  });

  it('gives 25 turns unless asked, never more than 100 and never none', async () => {
    const { daemon, ids: made, threadId } = await placeTurns(103);
    const newest = made.toReversed();
    for (const [limit, length] of [
      [undefined, 25],
      [0, 1],
      [100, 100],
      [1000, 100],
    ] as const) {
      const page = await turns(daemon, { threadId, ...(limit === undefined ? {} : { limit }) });
      expect(ids(page), String(limit)).toEqual(newest.slice(0, length));
      expect(page.nextCursor).toBe(anchor(newest[length - 1], false));
    }
    expect((await turns(daemon, { threadId, limit: 100, sortDirection: 'asc' })).data).toHaveLength(100);
  });

  it('has an end', async () => {
    const { daemon, ids: made, threadId } = await placeTurns(2);
    const whole = await turns(daemon, { threadId, limit: 2 });
    expect(whole.nextCursor).toBeNull();
    const beyond = await turns(daemon, { threadId, cursor: anchor(made[0], false) });
    expect(beyond).toEqual({ data: [], nextCursor: null, backwardsCursor: null });
  });

  it('refuses what is no cursor', async () => {
    const { daemon, threadId } = await placeTurns(1);
    for (const cursor of ['', 'x', '{}', 'null', '[]', '7', '{"turnId":1,"includeAnchor":true}']) {
      expect((await daemon.call(TURNS, { threadId, cursor })).error, cursor).toEqual(
        refused('invalidCursor', `invalid cursor: ${cursor}`),
      );
    }
    expect((await daemon.call(TURNS, { threadId, cursor: anchor('other', true) })).error).toEqual(
      refused('invalidCursor', 'invalid cursor: anchor turn is no longer present'),
    );
  });

  it('is refused where there are no turns to read', async () => {
    const ephemeral = await openStored({ thread: { ephemeral: true } });
    await wholeTurn(ephemeral, 'one');
    const fresh = await ephemeral.daemon.request<{ thread: { id: string } }>('thread/start', {});
    for (const [threadId, error] of [
      [ephemeral.threadId, refused('turnsUnavailable', 'ephemeral threads do not support includeTurns')],
      [
        fresh.thread.id,
        refused(
          'turnsUnavailable',
          `thread ${fresh.thread.id} is not materialized yet; includeTurns is unavailable before first user message`,
        ),
      ],
      [FIXTURE_ID, refused('rolloutNotFound', `thread not loaded: ${FIXTURE_ID}`)],
    ] as const) {
      expect((await ephemeral.daemon.call(TURNS, { threadId })).error).toEqual(error);
      expect((await ephemeral.daemon.call(ITEMS, { threadId, turnId: 'u' })).error).toEqual(error);
    }
  });

  it('shows a turn that is running', async () => {
    const stored = await openTurns(1);
    const { daemon, threadId, upstream } = stored;
    const turnId = await startTurn(stored, 'question 2');
    const request = await upstream.request(1);
    const { data } = await turns(daemon, { threadId });
    expect(data).toMatchObject([
      { id: turnId, status: 'inProgress', completedAt: null, items: [{ type: 'userMessage' }] },
      { id: stored.ids[0], status: 'completed' },
    ]);
    request.answer('m1', ['done']);
    await endOf(daemon, turnId);
  });

  it('needs the experimental capability', async () => {
    const { daemon } = await openDaemon({ capabilities: null });
    for (const [method, params] of [
      [TURNS, { threadId: FIXTURE_ID }],
      [ITEMS, { threadId: FIXTURE_ID, turnId: 'u' }],
    ] as const) {
      expect((await daemon.call(method, params)).error).toEqual({
        code: -32600,
        message: `${method} requires experimentalApi capability`,
        data: { reason: 'experimentalApiRequired', feature: method },
      });
    }
  });
});

describe('thread/turns/items/list', () => {
  /** A turn of three items, and their ids. */
  async function openItems(): Promise<{ daemon: TestDaemon; params: object; items: unknown[] }> {
    const stored = await openTurns(1);
    const { daemon, threadId, upstream } = stored;
    const turnId = await startTurn(stored, 'one');
    const request = await upstream.request(1);
    await daemon.request('turn/steer', { threadId, expectedTurnId: turnId, input: [text('also')] });
    request.answer('m1', ['half']);
    (await upstream.request(2)).answer('m2', ['all']);
    await endOf(daemon, turnId);
    return { daemon, params: { threadId, turnId }, items: toldItems(daemon, turnId) };
  }

  it('gives the items of one turn, oldest first unless asked otherwise', async () => {
    const { daemon, items, params } = await openItems();
    expect(items).toHaveLength(4);
    expect(await daemon.request(ITEMS, params)).toEqual({
      data: items,
      nextCursor: null,
      backwardsCursor: expect.any(String),
    });
    const newest = await daemon.request<Page<unknown>>(ITEMS, { ...params, sortDirection: 'desc' });
    expect(newest.data).toEqual(items.toReversed());
  });

  it('pages in both directions', async () => {
    const { daemon, items, params } = await openItems();
    for (const [sortDirection, expected] of [
      ['asc', items],
      ['desc', items.toReversed()],
    ] as const) {
      const seen: unknown[] = [];
      let cursor: string | null = null;
      do {
        const page: Page<unknown> = await daemon.request<Page<unknown>>(ITEMS, {
          ...params,
          sortDirection,
          limit: 3,
          cursor,
        });
        seen.push(...page.data);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen, sortDirection).toEqual(expected);
    }
    const page = await daemon.request<Page<unknown>>(ITEMS, { ...params, sortDirection: 'desc', limit: 2 });
    const back = await daemon.request<Page<unknown>>(ITEMS, { ...params, cursor: page.backwardsCursor });
    expect(back.data).toEqual(items.slice(3));
  });

  it('refuses a turn that is not there, and what is no cursor', async () => {
    const { daemon, params } = await openItems();
    expect((await daemon.call(ITEMS, { ...params, turnId: 'other' })).error).toEqual(
      refused('turnNotFound', 'turn not found: other'),
    );
    for (const cursor of ['', 'x', '-1', '5', '1.5', '99999999999999999999']) {
      expect((await daemon.call(ITEMS, { ...params, cursor })).error, cursor).toEqual(
        refused('invalidCursor', `invalid cursor: ${cursor}`),
      );
    }
  });
});
