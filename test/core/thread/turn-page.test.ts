import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { CoreError } from '../../../src/core/errors.ts';
import { pageOfTurns, viewOfTurn } from '../../../src/core/thread/turn-page.ts';
import type { ThreadItem, Turn } from '../../../src/protocol/index.ts';

function turn(id: string, ...items: ThreadItem[]): Turn {
  return {
    id,
    items,
    itemsView: 'full',
    status: 'completed',
    error: null,
    startedAt: null,
    completedAt: null,
    durationMs: null,
  };
}

function turns(count: number): Turn[] {
  return Array.from({ length: count }, (_, index) => turn(`t${index}`));
}

const TURNS = turns(5);

type Params = Parameters<typeof pageOfTurns>[1];

function idsOf(params: Params, all = TURNS): string[] {
  return pageOfTurns(all, params).data.map(({ id }) => id);
}

describe('a page of turns', () => {
  it('has the newest first, unless asked otherwise', () => {
    expect(idsOf({})).toEqual(['t4', 't3', 't2', 't1', 't0']);
    expect(idsOf({ sortDirection: 'desc' })).toEqual(['t4', 't3', 't2', 't1', 't0']);
    expect(idsOf({ sortDirection: 'asc' })).toEqual(['t0', 't1', 't2', 't3', 't4']);
  });

  it('has 25 turns unless asked otherwise, one at least and 100 at most', () => {
    const all = turns(150);
    expect(idsOf({}, all)).toHaveLength(25);
    expect(idsOf({ limit: null }, all)).toHaveLength(25);
    expect(idsOf({ limit: 0 }, all)).toHaveLength(1);
    expect(idsOf({ limit: 1_000 }, all)).toHaveLength(100);
  });

  it('names the page behind it, and itself for the way back', () => {
    const first = pageOfTurns(TURNS, { limit: 2, sortDirection: 'asc' });
    expect(first).toEqual({
      data: [TURNS[0], TURNS[1]],
      nextCursor: JSON.stringify({ turnId: 't1', includeAnchor: false }),
      backwardsCursor: JSON.stringify({ turnId: 't0', includeAnchor: true }),
    });
    const second = pageOfTurns(TURNS, { limit: 2, sortDirection: 'asc', cursor: first.nextCursor });
    expect(second.data).toEqual([TURNS[2], TURNS[3]]);
    const back = pageOfTurns(TURNS, { limit: 9, sortDirection: 'desc', cursor: second.backwardsCursor });
    expect(back.data.map(({ id }) => id)).toEqual(['t2', 't1', 't0']);
    expect(back.nextCursor).toBe(null);
  });

  it('of nothing is empty', () => {
    expect(pageOfTurns([], {})).toEqual({ data: [], nextCursor: null, backwardsCursor: null });
    const cursor = JSON.stringify({ turnId: 't4', includeAnchor: false });
    expect(pageOfTurns(TURNS, { sortDirection: 'asc', cursor })).toEqual({
      data: [],
      nextCursor: null,
      backwardsCursor: null,
    });
  });

  it('stays where it is when turns are added', () => {
    const { nextCursor } = pageOfTurns(TURNS, { limit: 2 });
    expect(idsOf({ cursor: nextCursor, limit: 2 }, turns(9))).toEqual(['t2', 't1']);
  });

  test.each([
    [JSON.stringify({ turnId: 'gone', includeAnchor: true }), 'anchor turn is no longer present'],
    ['', ''],
    ['t1', 't1'],
    ['null', 'null'],
    ['{"turnId":1,"includeAnchor":true}', '{"turnId":1,"includeAnchor":true}'],
    ['{"turnId":"t1"}', '{"turnId":"t1"}'],
  ])('does not begin at %j', (cursor, reason) => {
    expect(() => pageOfTurns(TURNS, { cursor })).toThrow(
      new CoreError('invalidCursor', `invalid cursor: ${reason}`),
    );
  });

  it('and those behind it make the whole, once', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 30 }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom('asc', 'desc'),
        (count, limit, sortDirection) => {
          const all = turns(count);
          const found: Turn[] = [];
          let cursor: string | null = null;
          do {
            const page = pageOfTurns(all, { cursor, limit, sortDirection });
            found.push(...page.data);
            cursor = page.nextCursor;
          } while (cursor !== null);
          expect(found).toEqual(sortDirection === 'asc' ? all : all.toReversed());
        },
      ),
    );
  });
});

describe('the view of a turn', () => {
  const question: ThreadItem = { type: 'userMessage', id: '1', content: [] };
  const more: ThreadItem = { type: 'userMessage', id: '3', content: [] };
  const thought: ThreadItem = { type: 'reasoning', id: '2', summary: [], content: [] };
  const draft: ThreadItem = { type: 'agentMessage', id: '4', text: 'a', phase: null, memoryCitation: null };
  const answer: ThreadItem = { ...draft, id: '5' };
  const whole = turn('t', question, thought, more, draft, answer, thought);

  it('has all of it, nothing, or the first question and the last answer', () => {
    expect(viewOfTurn(whole, 'full')).toEqual(whole);
    expect(viewOfTurn(whole, 'notLoaded')).toEqual({ ...whole, items: [], itemsView: 'notLoaded' });
    expect(viewOfTurn(whole, 'summary')).toEqual({
      ...whole,
      items: [question, answer],
      itemsView: 'summary',
    });
  });

  it('is short where there is less', () => {
    expect(viewOfTurn(turn('t', answer), 'summary').items).toEqual([answer]);
    expect(viewOfTurn(turn('t', thought), 'summary').items).toEqual([]);
  });
});
