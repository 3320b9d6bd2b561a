import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { decodeLine, encodeLine } from '../../../src/core/rollout/line.ts';
import type { RolloutEntry } from '../../../src/core/rollout/index.ts';
import { TurnList } from '../../../src/core/rollout/turn-list.ts';
import {
  itemEntries,
  tokenCountEntry,
  turnEndedEntries,
  turnStartedEntry,
} from '../../../src/core/turn/turn-entries.ts';
import { ThreadItem } from '../../../src/protocol/index.ts';
import type { Turn } from '../../../src/protocol/index.ts';
import { arbitraryOf } from '../../protocol/arbitrary.ts';

const TURN: Turn = {
  id: 't1',
  items: [],
  itemsView: 'notLoaded',
  status: 'inProgress',
  error: null,
  startedAt: 1_700_000_000,
  completedAt: null,
  durationMs: null,
};
const DONE: Turn = { ...TURN, status: 'completed', completedAt: 1_700_000_002, durationMs: 1_500 };
const FACTS = { modelContextWindow: 258_400, collaborationMode: 'plan' };

/** The turns that a file of these entries shows. */
function read(entries: readonly RolloutEntry[]): Turn[] {
  const list = new TurnList({ keepsItems: true });
  entries.forEach((entry, index) => {
    const line = decodeLine(encodeLine(entry, 0));
    if (line === null) throw new Error(`line ${index} is none: ${JSON.stringify(entry)}`);
    list.add(line, { index, offset: index });
  });
  return list.turns;
}

function readItems(...items: ThreadItem[]): ThreadItem[] {
  const entries = items.flatMap((item) => itemEntries({ threadId: 'T', turnId: 't1' }, item));
  return read([turnStartedEntry(TURN, FACTS), ...entries])[0]?.items ?? [];
}

describe('the entries of a turn', () => {
  it('tell its start', () => {
    expect(turnStartedEntry(TURN, FACTS)).toEqual({
      type: 'event_msg',
      payload: {
        type: 'task_started',
        turn_id: 't1',
        started_at: 1_700_000_000,
        model_context_window: 258_400,
        collaboration_mode_kind: 'plan',
      },
    });
  });

  it('tell its end', () => {
    expect(turnEndedEntries(DONE, 'bye', 36)).toEqual([
      {
        type: 'event_msg',
        payload: {
          type: 'task_complete',
          turn_id: 't1',
          last_agent_message: 'bye',
          completed_at: 1_700_000_002,
          duration_ms: 1_500,
          time_to_first_token_ms: 36,
        },
      },
    ]);
  });

  it('tell an interruption', () => {
    expect(turnEndedEntries({ ...DONE, status: 'interrupted' }, 'half', 36)).toEqual([
      {
        type: 'event_msg',
        payload: {
          type: 'turn_aborted',
          turn_id: 't1',
          reason: 'interrupted',
          completed_at: 1_700_000_002,
          duration_ms: 1_500,
        },
      },
    ]);
  });

  it('tell a failure in a line of its own, before the end', () => {
    const error = { message: 'no', codexErrorInfo: 'unauthorized' as const, additionalDetails: 'key' };
    const entries = turnEndedEntries({ ...DONE, status: 'failed', error }, null, null);
    expect(entries.map(({ type }) => type)).toEqual(['turn_failed', 'event_msg']);
    expect(entries[0]?.payload).toEqual({ turn_id: 't1', error });
  });

  const error = { message: 'no', codexErrorInfo: 'unauthorized' as const, additionalDetails: null };
  test.each<[Turn]>([
    [DONE],
    [{ ...DONE, status: 'interrupted' }],
    [{ ...DONE, status: 'failed', error }],
    [
      {
        ...DONE,
        status: 'failed',
        error: { ...error, codexErrorInfo: { httpConnectionFailed: { httpStatusCode: 502 } } },
      },
    ],
  ])('read back as the turn was: %j', (turn) => {
    const entries = [turnStartedEntry(TURN, FACTS), ...turnEndedEntries(turn, null, null)];
    expect(read(entries)).toEqual([{ ...turn, itemsView: 'full' }]);
  });
});

describe('the entries of an item', () => {
  test.each<[item: ThreadItem, events: object[]]>([
    [
      { type: 'agentMessage', id: 'i', text: 'hello', phase: 'final_answer', memoryCitation: null },
      [{ type: 'agent_message', message: 'hello', phase: 'final_answer', memory_citation: null }],
    ],
    [
      { type: 'reasoning', id: 'i', summary: ['a', 'b'], content: ['c'] },
      [
        { type: 'agent_reasoning', text: 'a' },
        { type: 'agent_reasoning', text: 'b' },
        { type: 'agent_reasoning_raw_content', text: 'c' },
      ],
    ],
    [{ type: 'contextCompaction', id: 'i' }, [{ type: 'context_compacted' }]],
    [
      { type: 'plan', id: 'i', text: 'first roses' },
      [
        {
          type: 'item_completed',
          thread_id: 'T',
          turn_id: 't1',
          item: { type: 'Plan', id: 'i', text: 'first roses' },
        },
      ],
    ],
  ])('give its id, then the events of the reference: %j', (item, events) => {
    expect(itemEntries({ threadId: 'T', turnId: 't1' }, item)).toEqual([
      { type: 'thread_item', payload: { turn_id: 't1', id: 'i', item: null } },
      ...events.map((payload) => ({ type: 'event_msg', payload })),
    ]);
    expect(readItems(item)).toEqual([item]);
  });

  test.each<[item: ThreadItem]>([
    [{ type: 'agentMessage', id: 'i', text: '', phase: null, memoryCitation: null }],
    [{ type: 'reasoning', id: 'i', summary: [], content: [] }],
    [{ type: 'plan', id: 'i', text: '' }],
    [{ type: 'webSearch', id: 'i', query: 'roses', action: { type: 'openPage', url: null } }],
    [{ type: 'imageView', id: 'i', path: '/roses.png' }],
  ])('hold it whole where the reference has no event for it: %j', (item) => {
    expect(itemEntries({ threadId: 'T', turnId: 't1' }, item)).toEqual([
      { type: 'thread_item', payload: { turn_id: 't1', id: 'i', item } },
    ]);
    expect(readItems(item)).toEqual([item]);
  });

  it('keep apart items of one kind that follow each other', () => {
    const items: ThreadItem[] = [
      { type: 'reasoning', id: 'i1', summary: ['a'], content: [] },
      { type: 'reasoning', id: 'i2', summary: [], content: ['b', 'c'] },
      { type: 'agentMessage', id: 'i3', text: 'd', phase: null, memoryCitation: null },
      { type: 'agentMessage', id: 'i4', text: 'd', phase: null, memoryCitation: null },
    ];
    expect(readItems(...items)).toEqual(items);
  });

  it('read back as the items were, whatever they are', () => {
    const anyItem = (arbitraryOf(ThreadItem) as fc.Arbitrary<ThreadItem>)
      .filter(({ type }) => type !== 'userMessage')
      .map((item) => ({ ...item, ...(item.type === 'agentMessage' ? { memoryCitation: null } : {}) }));
    const items = fc
      .array(anyItem, { maxLength: 5 })
      .map((all) => all.map((item, index): ThreadItem => ({ ...item, id: `i${index}` })));
    fc.assert(
      fc.property(items, (all) => {
        expect(readItems(...all)).toEqual(all);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the entries of what the user gave', () => {
  it('join its texts, and the places of their elements move with them, counted in bytes', () => {
    const entries = itemEntries(
      { threadId: 'T', turnId: 't1' },
      {
        type: 'userMessage',
        id: 'i',
        content: [
          {
            type: 'text',
            text: 'Ä @a',
            text_elements: [{ byteRange: { start: 3, end: 5 }, placeholder: null }],
          },
          { type: 'image', url: 'data:image/png;base64,AA==' },
          { type: 'text', text: '😀', text_elements: [] },
          {
            type: 'text',
            text: ' @b @c',
            text_elements: [
              { byteRange: { start: 1, end: 3 }, placeholder: 'bee' },
              { byteRange: { start: 4, end: 6 }, placeholder: '@c' },
            ],
          },
          { type: 'localImage', path: '/roses.png' },
          { type: 'mention', name: 'file', path: '/file' },
        ],
      },
    );
    expect(entries).toEqual([
      { type: 'thread_item', payload: { turn_id: 't1', id: 'i', item: null } },
      {
        type: 'event_msg',
        payload: {
          type: 'user_message',
          message: 'Ä @a😀 @b @c',
          images: ['data:image/png;base64,AA=='],
          local_images: ['/roses.png'],
          text_elements: [
            { byte_range: { start: 3, end: 5 }, placeholder: null },
            { byte_range: { start: 10, end: 12 }, placeholder: 'bee' },
            { byte_range: { start: 13, end: 15 }, placeholder: '@c' },
          ],
        },
      },
    ]);
    expect(read([turnStartedEntry(TURN, FACTS), ...entries])[0]?.items).toEqual([
      {
        type: 'userMessage',
        id: 'i',
        content: [
          {
            type: 'text',
            text: 'Ä @a😀 @b @c',
            text_elements: [
              { byteRange: { start: 3, end: 5 }, placeholder: '@a' },
              { byteRange: { start: 10, end: 12 }, placeholder: 'bee' },
              { byteRange: { start: 13, end: 15 }, placeholder: '@c' },
            ],
          },
          { type: 'image', url: 'data:image/png;base64,AA==' },
          { type: 'localImage', path: '/roses.png' },
        ],
      },
    ]);
  });

  it('name the same words as before, however they are cut into parts', () => {
    const part = fc.array(fc.constantFrom('a', 'é', '😀', ' '), { maxLength: 6 }).chain((characters) => {
      const bounds = fc.tuple(fc.nat({ max: characters.length }), fc.nat({ max: characters.length }));
      return bounds.map(([one, two]) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)];
        const bytes = (count: number): number => Buffer.byteLength(characters.slice(0, count).join(''));
        return {
          text: characters.join(''),
          start: bytes(from),
          end: bytes(to),
          words: characters.slice(from, to).join(''),
        };
      });
    });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const content = parts.map(({ end, start, text }) => ({
          type: 'text' as const,
          text,
          text_elements: [{ byteRange: { start, end }, placeholder: null }],
        }));
        const payload = itemEntries(
          { threadId: 'T', turnId: 't1' },
          { type: 'userMessage', id: 'i', content },
        )[1]?.payload;
        const { message, text_elements: elements } = payload as {
          message: string;
          text_elements: { byte_range: { start: number; end: number } }[];
        };
        const bytes = Buffer.from(message);
        expect(elements.map(({ byte_range: { start, end } }) => bytes.toString('utf8', start, end))).toEqual(
          parts.map(({ words }) => words),
        );
      }),
    );
  });
});

describe('the entry about the use of tokens', () => {
  it('tells it in the words of the file, or that nothing is known', () => {
    const total = {
      totalTokens: 5,
      inputTokens: 1,
      cachedInputTokens: 2,
      outputTokens: 3,
      reasoningOutputTokens: 4,
    };
    const last = { ...total, totalTokens: 9 };
    const stored = {
      input_tokens: 1,
      cached_input_tokens: 2,
      output_tokens: 3,
      reasoning_output_tokens: 4,
      total_tokens: 5,
    };
    expect(tokenCountEntry({ total, last, modelContextWindow: null })).toEqual({
      type: 'event_msg',
      payload: {
        type: 'token_count',
        info: {
          total_token_usage: stored,
          last_token_usage: { ...stored, total_tokens: 9 },
          model_context_window: null,
        },
        rate_limits: null,
      },
    });
    expect(tokenCountEntry(null).payload).toEqual({ type: 'token_count', info: null, rate_limits: null });
  });
});
