import { describe, expect, it } from 'vitest';
import type { RolloutEntry } from '../../../src/core/rollout/line.ts';
import { TurnList } from '../../../src/core/rollout/turn-list.ts';
import type { LineEffect } from '../../../src/core/rollout/turn-list.ts';
import type { ThreadItem, Turn } from '../../../src/protocol/index.ts';
import {
  aborted,
  announced,
  answered,
  asked,
  compacted,
  completed,
  context,
  event,
  failed,
  metaEntry,
  reasoned,
  responseItem,
  rolledBack,
  said,
  started,
  tokens,
  utterance,
} from './entries.ts';

const NONE: LineEffect = { droppedFrom: null, utterance: null };

/** A turn list that was given these entries; line `n` begins at byte `10 * n`. */
function listOf(
  entries: readonly RolloutEntry[],
  keepsItems = true,
): { list: TurnList; effects: LineEffect[] } {
  const list = new TurnList({ keepsItems });
  const effects = entries.map((entry, index) => list.add(entry, { index, offset: 10 * index }));
  return {
    list,
    effects: effects.filter((effect) => effect !== NONE && (effect.droppedFrom ?? effect.utterance) !== null),
  };
}

function turnsOf(...entries: readonly RolloutEntry[]): Turn[] {
  return listOf(entries).list.turns;
}

function turn(id: string, items: ThreadItem[], changes: Partial<Turn> = {}): Turn {
  return {
    id,
    items,
    itemsView: 'full',
    status: 'completed',
    error: null,
    startedAt: null,
    completedAt: null,
    durationMs: null,
    ...changes,
  };
}

function user(id: string, text: string): ThreadItem {
  return { type: 'userMessage', id, content: [{ type: 'text', text, text_elements: [] }] };
}

function agent(id: string, text: string): ThreadItem {
  return { type: 'agentMessage', id, text, phase: null, memoryCitation: null };
}

function reasoning(id: string, summary: string[], content: string[] = []): ThreadItem {
  return { type: 'reasoning', id, summary, content };
}

function plan(id: string, text: string): ThreadItem {
  return { type: 'plan', id, text };
}

describe('a turn that an event opens', () => {
  it('is in progress until it is complete', () => {
    expect(turnsOf(started('a', 5))).toEqual([turn('a', [], { status: 'inProgress', startedAt: 5 })]);
    expect(
      turnsOf(
        event({ type: 'turn_started', turn_id: 'a', started_at: 5 }),
        asked('q'),
        answered('r'),
        event({ type: 'turn_complete', turn_id: 'a', completed_at: 7, duration_ms: 1900 }),
      ),
    ).toEqual([
      turn('a', [user('item-1', 'q'), agent('item-2', 'r')], {
        startedAt: 5,
        completedAt: 7,
        durationMs: 1900,
      }),
    ]);
  });

  it('is closed by the next one, and stays in progress', () => {
    expect(turnsOf(started('a'), started('b'), completed('b'))).toEqual([
      turn('a', [], { status: 'inProgress' }),
      turn('b', []),
    ]);
  });

  it('takes every user message until it ends', () => {
    expect(turnsOf(started('a'), asked('q'), asked('steer'), completed('a'))).toEqual([
      turn('a', [user('item-1', 'q'), user('item-2', 'steer')]),
    ]);
  });

  it('is found by its id after it was closed, else it is the open one that ends', () => {
    expect(
      turnsOf(started('a'), started('b'), completed('a', 9), answered('r'), completed('unknown', 10)),
    ).toEqual([turn('a', [], { completedAt: 9 }), turn('b', [agent('item-1', 'r')], { completedAt: 10 })]);
    expect(turnsOf(started('a'), completed(null))).toEqual([turn('a', [])]);
    expect(turnsOf(completed('a'), aborted('a'))).toEqual([]);
  });

  it('stays open for late items after an abort, and stays interrupted', () => {
    expect(
      turnsOf(started('a'), aborted('a', 4), answered('late'), completed('a', 5), answered('later')),
    ).toEqual([
      turn('a', [agent('item-1', 'late')], { status: 'interrupted', completedAt: 5 }),
      turn('rollout-4', [agent('item-2', 'later')]),
    ]);
    expect(turnsOf(started('a'), started('b'), aborted('a'), aborted(null))).toEqual([
      turn('a', [], { status: 'interrupted' }),
      turn('b', [], { status: 'interrupted' }),
    ]);
  });

  it('keeps its failure when it completes', () => {
    const error = { message: 'gone', codexErrorInfo: null, additionalDetails: null };
    expect(turnsOf(started('a'), failed('a', 'gone'), failed('unknown', 'x'), completed('a', 6))).toEqual([
      turn('a', [], { status: 'failed', error, completedAt: 6 }),
    ]);
    expect(turnsOf(started('a'), completed('a'), failed('a', 'gone'))).toEqual([
      turn('a', [], { status: 'failed', error }),
    ]);
    expect(turnsOf(started('a'), failed('a', 'gone'), aborted('a'))).toEqual([
      turn('a', [], { status: 'interrupted' }),
    ]);
  });
});

describe('a turn that no event opens', () => {
  it('begins with each user message, and is named by the line', () => {
    expect(turnsOf(metaEntry(), asked('q'), answered('r'), asked('s'))).toEqual([
      turn('rollout-1', [user('item-1', 'q'), agent('item-2', 'r')]),
      turn('rollout-3', [user('item-3', 's')]),
    ]);
  });

  it('begins with anything that belongs into a turn', () => {
    expect(turnsOf(answered('r'))).toEqual([turn('rollout-0', [agent('item-1', 'r')])]);
    expect(turnsOf(reasoned('t'))).toEqual([turn('rollout-0', [reasoning('item-1', ['t'])])]);
    expect(turnsOf(event({ type: 'context_compacted' }))).toEqual([
      turn('rollout-0', [{ type: 'contextCompaction', id: 'item-1' }]),
    ]);
  });

  it('is kept without items where the history was replaced, and takes the next user message', () => {
    expect(turnsOf(compacted([]))).toEqual([turn('rollout-0', [])]);
    expect(turnsOf(compacted([]), started('a'))).toEqual([
      turn('rollout-0', []),
      turn('a', [], { status: 'inProgress' }),
    ]);
    expect(turnsOf(compacted([]), asked('q'), asked('r'))).toEqual([
      turn('rollout-0', [user('item-1', 'q')]),
      turn('rollout-2', [user('item-2', 'r')]),
    ]);
  });

  it('does not come from lines that belong to none', () => {
    expect(
      turnsOf(
        metaEntry(),
        context('a'),
        responseItem('user', 'q'),
        tokens(1),
        event({ type: 'thread_name_updated', thread_name: 'n' }),
        answered(''),
        announced('a', 'x'),
        announced('a', 'x', plan('x', 'p')),
        failed('a', 'm'),
        utterance('user', 'x'),
        rolledBack(1),
      ),
    ).toEqual([]);
  });
});

describe('a user message', () => {
  it('holds the text, then images, then image files', () => {
    const entry = event({
      type: 'user_message',
      message: 'é look',
      images: ['data:,'],
      local_images: ['/a.png'],
      text_elements: [
        { byte_range: { start: 0, end: 2 } },
        { byte_range: { start: 0, end: 2 }, placeholder: 'own' },
        { byte_range: { start: 1, end: 2 }, placeholder: null },
        { byte_range: { start: 3, end: 99 }, placeholder: null },
        { byte_range: { start: 3, end: 7 }, placeholder: null },
        { byte_range: { start: -1, end: 7 }, placeholder: null },
      ],
    });
    const text_elements = [
      { byteRange: { start: 0, end: 2 }, placeholder: 'é' },
      { byteRange: { start: 0, end: 2 }, placeholder: 'own' },
      { byteRange: { start: 1, end: 2 }, placeholder: null },
      { byteRange: { start: 3, end: 99 }, placeholder: null },
      { byteRange: { start: 3, end: 7 }, placeholder: 'look' },
    ];
    expect(turnsOf(entry)).toEqual([
      turn('rollout-0', [
        {
          type: 'userMessage',
          id: 'item-1',
          content: [
            { type: 'text', text: 'é look', text_elements },
            { type: 'image', url: 'data:,' },
            { type: 'localImage', path: '/a.png' },
          ],
        },
      ]),
    ]);
  });

  it('has no text where that is blank', () => {
    expect(turnsOf(event({ type: 'user_message', message: ' \n', images: ['data:,'] }))).toEqual([
      turn('rollout-0', [{ type: 'userMessage', id: 'item-1', content: [{ type: 'image', url: 'data:,' }] }]),
    ]);
  });
});

describe('an item', () => {
  it('of an agent message keeps its phase and its citation where they are known', () => {
    const entry = { path: 'a.md', lineStart: 1, lineEnd: 2, note: 'n' };
    expect(
      turnsOf(
        started('a'),
        event({
          type: 'agent_message',
          message: 'r',
          phase: 'commentary',
          memory_citation: { entries: [entry], rolloutIds: ['t'] },
        }),
        event({ type: 'agent_message', message: 's', phase: 'new', memory_citation: { entries: 1 } }),
        answered(''),
      ),
    ).toEqual([
      turn(
        'a',
        [
          {
            type: 'agentMessage',
            id: 'item-1',
            text: 'r',
            phase: 'commentary',
            memoryCitation: { entries: [entry], threadIds: ['t'] },
          },
          agent('item-2', 's'),
        ],
        { status: 'inProgress' },
      ),
    ]);
  });

  it('of reasoning grows until something else comes', () => {
    const raw = event({ type: 'agent_reasoning_raw_content', text: 'raw' });
    expect(
      turnsOf(started('a'), reasoned('1'), raw, reasoned('2'), answered('r'), raw, completed('a')),
    ).toEqual([
      turn('a', [
        reasoning('item-1', ['1', '2'], ['raw']),
        agent('item-2', 'r'),
        reasoning('item-3', [], ['raw']),
      ]),
    ]);
  });

  it('of a plan goes by its id into the turn that it names', () => {
    const done = (turn_id: string, item: unknown): RolloutEntry =>
      event({ type: 'item_completed', turn_id, item });
    expect(
      turnsOf(
        started('a'),
        done('a', { type: 'Plan', id: 'a-plan', text: 'first' }),
        completed('a'),
        started('b'),
        done('a', { type: 'Plan', id: 'a-plan', text: 'second' }),
        done('unknown', { type: 'Plan', id: 'p', text: 'x' }),
        done('b', { type: 'AgentMessage', id: 'm', content: [] }),
        done('b', { type: 'Plan', id: 'b-plan', text: '' }),
        done('b', null),
      ),
    ).toEqual([turn('a', [plan('a-plan', 'second')]), turn('b', [], { status: 'inProgress' })]);
  });

  it('of a review tells what is looked at and what was found', () => {
    const findings = [{ title: 'A', body: 'x' }, { title: 'B' }, 7];
    expect(
      turnsOf(
        started('a'),
        event({ type: 'entered_review_mode', user_facing_hint: 'the last commit' }),
        event({ type: 'exited_review_mode', review_output: { overall_explanation: ' Fine. ', findings } }),
        event({ type: 'entered_review_mode' }),
        event({ type: 'exited_review_mode', review_output: null }),
        completed('a'),
      ),
    ).toEqual([
      turn('a', [
        { type: 'enteredReviewMode', id: 'item-1', review: 'the last commit' },
        { type: 'exitedReviewMode', id: 'item-2', review: 'Fine.\n\n- A\n- B' },
        { type: 'enteredReviewMode', id: 'item-3', review: 'code review' },
        { type: 'exitedReviewMode', id: 'item-4', review: 'The review gave no result.' },
      ]),
    ]);
  });
});

describe('an announced id', () => {
  it('is that of the item which the next event makes', () => {
    expect(
      turnsOf(
        started('a'),
        announced('a', 'u'),
        responseItem('user', 'q'),
        asked('q'),
        announced('a', 'r1'),
        reasoned('1'),
        reasoned('2'),
        announced('a', 'r2'),
        reasoned('3'),
        announced('a', 'r2'),
        reasoned('4'),
        announced('a', 'm'),
        answered('r'),
        answered('s'),
        announced('a', 'c'),
        event({ type: 'context_compacted' }),
        completed('a'),
      ),
    ).toEqual([
      turn('a', [
        user('u', 'q'),
        reasoning('r1', ['1', '2']),
        reasoning('r2', ['3', '4']),
        agent('m', 'r'),
        agent('item-5', 's'),
        { type: 'contextCompaction', id: 'c' },
      ]),
    ]);
  });

  it('is not taken by another turn, nor by an event that does not follow directly', () => {
    expect(
      turnsOf(
        started('a'),
        announced('b', 'x'),
        answered('1'),
        announced('a', 'x'),
        tokens(1),
        answered('2'),
        announced('a', 'x'),
        context('a'),
        answered('3'),
        announced('a', 'x'),
        answered(''),
        answered('4'),
        announced('a', 'x'),
        announced('b', 'y'),
        answered('5'),
        announced('a', 'x'),
        started('a2'),
        announced('a2', 'y'),
        announced('a2', 'z', plan('z', 'p')),
        answered('6'),
      ),
    ).toEqual([
      turn(
        'a',
        ['1', '2', '3', '4', '5'].map((text, at) => agent(`item-${at + 1}`, text)),
        { status: 'inProgress' },
      ),
      turn('a2', [plan('z', 'p'), agent('item-6', '6')], { status: 'inProgress' }),
    ]);
    const list = new TurnList({ keepsItems: true });
    list.add(started('a'), { index: 0, offset: 0 });
    list.add(announced('a', 'x'), { index: 1, offset: 10 });
    list.skip();
    list.add(answered('r'), { index: 3, offset: 30 });
    expect(list.turns).toEqual([turn('a', [agent('item-1', 'r')], { status: 'inProgress' })]);
  });
});

describe('an item as clients saw it', () => {
  it('goes by its id into the turn that it names', () => {
    expect(
      turnsOf(
        started('a'),
        announced('a', 'x', plan('x', '1')),
        answered('r'),
        announced('a', 'x', plan('x', '2')),
        completed('a'),
        announced('a', 'y', plan('other', '3')),
        announced('unknown', 'z', plan('z', '4')),
        started('b'),
        announced('a', 'y', plan('y', '5')),
      ),
    ).toEqual([
      turn('a', [plan('x', '2'), agent('item-1', 'r'), plan('y', '5')]),
      turn('b', [], { status: 'inProgress' }),
    ]);
  });
});

describe('what was said on a call', () => {
  it('is a turn of its own for each thing that the user says', () => {
    const { list, effects } = listOf([
      started('a'),
      completed('a'),
      ...said('user', 'u1', 'hello'),
      ...said('assistant', 'a1', 'hi'),
      ...said('user', 'u2', 'bye'),
    ]);
    expect(list.turns).toEqual([
      turn('a', []),
      turn('rollout-3', [user('u1', 'hello'), agent('a1', 'hi')]),
      turn('rollout-7', [user('u2', 'bye')]),
    ]);
    expect(effects).toEqual([
      { droppedFrom: null, utterance: { role: 'user', text: 'hello' } },
      { droppedFrom: null, utterance: { role: 'assistant', text: 'hi' } },
      { droppedFrom: null, utterance: { role: 'user', text: 'bye' } },
    ]);
  });

  it('belongs to the turn that runs, but not to one that was stopped', () => {
    expect(
      turnsOf(
        started('a'),
        ...said('user', 'u1', 'hello'),
        aborted('a'),
        answered('late'),
        ...said('assistant', 'a1', 'stopped'),
        ...said('assistant', 'a2', 'really'),
      ),
    ).toEqual([
      turn('a', [user('u1', 'hello'), agent('item-2', 'late')], { status: 'interrupted' }),
      turn('rollout-6', [agent('a1', 'stopped'), agent('a2', 'really')]),
    ]);
  });

  it('is nothing where the event that follows is another one', () => {
    const { list, effects } = listOf([
      started('a'),
      aborted('a'),
      utterance('user', 'x'),
      answered('r'),
      utterance('assistant', 'x'),
      asked('q'),
      utterance('assistant', 'x'),
      answered(''),
      answered('s'),
      utterance('assistant', 'x'),
      tokens(1),
      answered('t'),
    ]);
    expect(list.turns).toEqual([
      turn('a', [agent('item-1', 'r'), user('item-2', 'q'), agent('item-3', 's'), agent('item-4', 't')], {
        status: 'interrupted',
      }),
    ]);
    expect(effects).toEqual([]);
  });
});

describe('a rollback', () => {
  const two = [started('a'), asked('q'), answered('r'), completed('a'), started('b'), asked('s')];

  it('closes the open turn, drops the last ones, and counts items from what is left', () => {
    const { list, effects } = listOf([...two, rolledBack(1), started('c'), asked('t'), completed('b')]);
    expect(list.turns).toEqual([
      turn('a', [user('item-1', 'q'), agent('item-2', 'r')]),
      turn('c', [user('item-3', 't')]),
    ]);
    expect(effects).toEqual([{ droppedFrom: 40, utterance: null }]);
  });

  it('drops all there is, and nothing where there is none', () => {
    expect(listOf([...two, rolledBack(9)])).toMatchObject({
      list: { turns: [] },
      effects: [{ droppedFrom: 0 }],
    });
    expect(listOf([metaEntry(), rolledBack(1)]).effects).toEqual([]);
    const { list, effects } = listOf([...two, rolledBack(0), answered('r')]);
    expect(list.turns.map(({ id }) => id)).toEqual(['a', 'b', 'rollout-7']);
    expect(effects).toEqual([]);
  });

  it('counts items that clients saw as well', () => {
    expect(
      turnsOf(
        started('a'),
        announced('a', 'x', plan('x', '1')),
        answered('r'),
        completed('a'),
        started('b'),
        rolledBack(1),
        answered('s'),
      ),
    ).toEqual([turn('a', [plan('x', '1'), agent('item-1', 'r')]), turn('rollout-6', [agent('item-3', 's')])]);
  });

  it('begins where the turn began: with its event, or with what carries the message', () => {
    const droppedFrom = (...entries: RolloutEntry[]): unknown =>
      listOf([metaEntry(), ...entries, rolledBack(1)]).effects.flatMap((effect) => effect.droppedFrom ?? []);
    expect(droppedFrom(responseItem('user', 'q'), started('a'), asked('q'))).toEqual([20]);
    expect(droppedFrom(responseItem('user', 'context'), responseItem('user', 'q'), asked('q'))).toEqual([20]);
    expect(droppedFrom(responseItem('user', 'context'), asked('q'))).toEqual([20]);
    expect(droppedFrom(responseItem('assistant', 'q'), asked('q'))).toEqual([20]);
    expect(droppedFrom(responseItem('user', 'q'), tokens(1), asked('q'))).toEqual([30]);
    expect(droppedFrom(asked('q'), responseItem('user', 'r'), asked('r'))).toEqual([20]);
    expect(droppedFrom(responseItem('user', 'q'), ...said('user', 'x', 'hello'))).toEqual([20]);
    expect(droppedFrom(...said('assistant', 'x', 'hello'))).toEqual([10]);
    expect(droppedFrom(compacted([]), asked('q'))).toEqual([10]);
    expect(droppedFrom(tokens(1), answered('q'))).toEqual([20]);
  });
});

describe('a list without items', () => {
  it('has the same turns otherwise', () => {
    const entries = [
      started('a', 1),
      asked('q'),
      reasoned('t'),
      completed('a', 2),
      compacted([]),
      asked('r'),
      ...said('user', 'x', 'hello'),
    ];
    const { list, effects } = listOf(entries, false);
    expect(list.turns).toEqual(
      turnsOf(...entries).map((turnOf) => ({ ...turnOf, items: [], itemsView: 'notLoaded' })),
    );
    expect(effects).toEqual(listOf(entries).effects);
  });
});
