import type { SessionMeta, StoredTurnContext } from '../../../src/core/rollout/line.ts';
import type { StoredThread } from '../../../src/core/rollout/thread-replay.ts';
import type { ThreadItem, Turn, UserInput } from '../../../src/protocol/index.ts';

/** What a file of test/fixtures/rollouts holds. */
export interface RolloutFixture {
  readonly name: string;
  readonly thread: Omit<StoredThread, 'history'>;
  /** Of which lines the history is made, counted from 0. */
  readonly lines: { readonly start: number; readonly dropped: readonly (readonly [number, number])[] };
  /** The words of each item of the history, else its type. */
  readonly history: readonly string[];
}

const THREAD = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';
const FORK = '01a1fb3d-ffff-79e3-93d9-00bf3dcfbd64';

function turnId(number: number): string {
  return `01a1fb3d-7000-7000-8000-00000000000${number}`;
}

const META: SessionMeta = {
  id: THREAD,
  timestamp: '2026-11-20T23:15:21.488Z',
  cwd: '/repo',
  originator: 'my_ide',
  cli_version: '0.130.0',
  source: 'vscode',
  model_provider: 'mock_provider',
  base_instructions: { text: 'Be brief.' },
};

const PERMISSIONS = '<permissions>read only</permissions>';
const ENVIRONMENT = '<environment_context>\n  <cwd>/repo</cwd>\n</environment_context>';

function settings(turn: number, changes: Partial<StoredTurnContext> = {}): StoredTurnContext {
  return {
    turn_id: turnId(turn),
    cwd: '/repo',
    current_date: '2026-11-20',
    timezone: 'UTC',
    approval_policy: 'never',
    sandbox_policy: { type: 'read-only' },
    model: 'mock-model',
    realtime_active: false,
    summary: 'auto',
    ...changes,
  };
}

function usage(turn: string, responses: number): StoredThread['usage'] {
  return {
    turnId: turn,
    usage: { total: breakdown(responses), last: breakdown(1), modelContextWindow: 258_400 },
  };
}

function breakdown(responses: number) {
  return {
    totalTokens: 120 * responses,
    inputTokens: 100 * responses,
    cachedInputTokens: 10 * responses,
    outputTokens: 20 * responses,
    reasoningOutputTokens: 5 * responses,
  };
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

function user(id: string, text: string, ...more: UserInput[]): ThreadItem {
  return { type: 'userMessage', id, content: [{ type: 'text', text, text_elements: [] }, ...more] };
}

function agent(id: string, text: string, phase: 'commentary' | 'final_answer' | null = null): ThreadItem {
  return { type: 'agentMessage', id, text, phase, memoryCitation: null };
}

function thinking(id: string): ThreadItem {
  return { type: 'reasoning', id, summary: ['**Thinking**'], content: [] };
}

function thread(changes: Partial<RolloutFixture['thread']>): RolloutFixture['thread'] {
  return {
    meta: META,
    name: null,
    preview: 'first question',
    turns: [],
    usage: usage(turnId(1), 1),
    settings: settings(1),
    pendingUtterances: [],
    compactions: 0,
    isContextStale: false,
    skippedLines: 0,
    ...changes,
  };
}

const FIRST_TIMES = { startedAt: 1_795_216_522, completedAt: 1_795_216_523, durationMs: 39 };
const FIRST_TURN = turn(
  turnId(1),
  [user('item-1', 'first question'), agent('item-2', 'answer0')],
  FIRST_TIMES,
);
const FIRST_HISTORY = [PERMISSIONS, ENVIRONMENT, 'first question', 'answer0'];
const ALL_LINES = { start: 0, dropped: [] };

export const FIXTURES: readonly RolloutFixture[] = [
  {
    name: 'one-turn',
    thread: thread({
      turns: [
        turn(
          turnId(1),
          [
            {
              type: 'userMessage',
              id: 'item-1',
              content: [
                {
                  type: 'text',
                  text: 'first question',
                  text_elements: [{ byteRange: { start: 0, end: 5 }, placeholder: 'first' }],
                },
              ],
            },
            agent('item-2', 'answer0'),
          ],
          FIRST_TIMES,
        ),
      ],
    }),
    lines: ALL_LINES,
    history: FIRST_HISTORY,
  },
  {
    name: 'two-turns-steered',
    thread: thread({
      turns: [
        turn(
          turnId(1),
          [user('item-1', 'first question'), agent('item-2', 'answer0', 'final_answer')],
          FIRST_TIMES,
        ),
        turn(
          turnId(2),
          [
            user('item-3', 'look into it'),
            {
              type: 'reasoning',
              id: 'item-4',
              summary: ['**Looking**', '**Reading**'],
              content: ['It is in a.ts.'],
            },
            agent('item-5', 'I look.', 'commentary'),
            user(
              'item-6',
              'and the tests, too',
              { type: 'image', url: 'data:image/png;base64,AAAA' },
              { type: 'localImage', path: '/repo/shot.png' },
            ),
            agent('item-7', 'Done.', 'final_answer'),
          ],
          { startedAt: 1_795_216_530, completedAt: 1_795_216_541, durationMs: 11_000 },
        ),
      ],
      usage: usage(turnId(2), 3),
      settings: settings(2, { effort: 'high', realtime_active: true }),
    }),
    lines: ALL_LINES,
    history: [
      ...FIRST_HISTORY,
      'look into it',
      'reasoning',
      'I look.',
      'function_call',
      'function_call_output',
      'and the tests, too',
      'Done.',
    ],
  },
  {
    name: 'interrupted',
    thread: thread({
      meta: {
        ...META,
        git: { commit_hash: 'abc', branch: 'main', repository_url: 'git@example.com:r.git' },
      },
      turns: [
        turn(turnId(1), [user('item-1', 'first question'), agent('item-2', 'I begin.')], {
          status: 'interrupted',
          startedAt: 1_795_216_522,
          completedAt: 1_795_216_525,
          durationMs: 3000,
        }),
        turn(turnId(2), [user('item-3', 'second')], { status: 'inProgress', startedAt: 1_795_216_530 }),
      ],
      settings: settings(2),
    }),
    lines: ALL_LINES,
    history: [
      PERMISSIONS,
      ENVIRONMENT,
      'first question',
      'I begin.',
      '<turn_aborted>\nstopped\n</turn_aborted>',
      'second',
    ],
  },
  {
    name: 'compacted',
    thread: thread({
      turns: [
        FIRST_TURN,
        turn(turnId(2), [{ type: 'contextCompaction', id: 'item-3' }], {
          startedAt: 1_795_216_530,
          completedAt: 1_795_216_531,
          durationMs: 900,
        }),
        turn(turnId(3), [user('item-4', 'go on'), agent('item-5', 'answer1')], {
          startedAt: 1_795_216_540,
          completedAt: 1_795_216_541,
          durationMs: 800,
        }),
      ],
      usage: usage(turnId(3), 3),
      settings: settings(3),
      compactions: 1,
    }),
    lines: { start: 13, dropped: [] },
    history: ['first question', 'compaction', 'go on', 'answer1'],
  },
  {
    name: 'rolled-back',
    thread: thread({
      turns: [
        FIRST_TURN,
        turn(turnId(3), [user('item-3', 'third'), agent('item-4', 'answer2')], {
          startedAt: 1_795_216_550,
          completedAt: 1_795_216_551,
          durationMs: 700,
        }),
      ],
      usage: usage(turnId(3), 3),
      settings: settings(3),
    }),
    lines: { start: 0, dropped: [[12, 22]] },
    history: [...FIRST_HISTORY, 'third', 'answer2'],
  },
  {
    name: 'forked',
    thread: thread({
      meta: {
        ...META,
        id: FORK,
        forked_from_id: THREAD,
        thread_source: 'user',
        git: { branch: 'topic' },
      },
      turns: [
        FIRST_TURN,
        turn(turnId(2), [user('item-3', 'here it goes elsewhere')], {
          status: 'inProgress',
          startedAt: 1_795_216_560,
        }),
      ],
      settings: settings(2),
    }),
    lines: ALL_LINES,
    history: [...FIRST_HISTORY, 'here it goes elsewhere'],
  },
  {
    name: 'foreign-lines',
    thread: thread({
      name: 'Named',
      turns: [
        turn(
          turnId(1),
          [
            user('item-1', 'first question'),
            agent('item-2', 'answer0'),
            { type: 'plan', id: `${turnId(1)}-plan`, text: '- look' },
          ],
          FIRST_TIMES,
        ),
      ],
      skippedLines: 6,
    }),
    lines: ALL_LINES,
    history: FIRST_HISTORY,
  },
  {
    name: 'legacy',
    thread: thread({
      meta: {
        id: THREAD,
        timestamp: '2025-09-01T08:00:00.000Z',
        cwd: '/repo',
        originator: 'codex_cli_rs',
        cli_version: '0.30.0',
      },
      turns: [
        turn('rollout-3', [user('item-1', 'first question'), thinking('item-2'), agent('item-3', 'answer0')]),
        turn('rollout-18', [user('item-4', 'third'), thinking('item-5'), agent('item-6', 'answer2')]),
        turn('rollout-26', [user('item-7', 'fourth'), thinking('item-8'), agent('item-9', 'answer3')]),
      ],
      usage: usage('rollout-26', 4),
      settings: {
        cwd: '/repo',
        approval_policy: 'on-request',
        sandbox_policy: { mode: 'read-only' },
        model: 'gpt-5',
        summary: 'auto',
      },
      compactions: 1,
    }),
    lines: { start: 0, dropped: [[9, 16]] },
    history: [
      `${ENVIRONMENT}+first question+answer0+third+answer2=They spoke of questions.`,
      'fourth',
      'answer3',
    ],
  },
  {
    name: 'with-a-call',
    thread: thread({
      turns: [
        turn(turnId(1), [user('item-1', 'first question'), agent('msg_1', 'answer0')], FIRST_TIMES),
        turn('rollout-14', [user('item_a', 'hello'), agent('item_b', 'hi there')]),
        turn(
          turnId(2),
          [
            user('user_2', 'run it'),
            {
              type: 'commandExecution',
              id: 'call_1',
              command: 'ls',
              cwd: '/repo',
              processId: null,
              source: 'agent',
              status: 'completed',
              commandActions: [],
              aggregatedOutput: 'a.ts',
              exitCode: 0,
              durationMs: 5,
            },
          ],
          {
            status: 'failed',
            error: { message: 'the upstream is gone', codexErrorInfo: 'other', additionalDetails: null },
            startedAt: 1_795_216_530,
            completedAt: 1_795_216_531,
            durationMs: 1000,
          },
        ),
        turn(turnId(3), [user('item-6', 'and again')], {
          status: 'interrupted',
          startedAt: 1_795_216_540,
          completedAt: 1_795_216_541,
          durationMs: 900,
        }),
        turn('rollout-31', [agent('item_c', 'stopped')]),
        turn('rollout-33', [user('item_d', 'good')]),
      ],
      settings: settings(3, { realtime_active: true }),
      pendingUtterances: [
        { role: 'assistant', text: 'stopped' },
        { role: 'user', text: 'good' },
      ],
    }),
    lines: ALL_LINES,
    history: [...FIRST_HISTORY, 'run it', 'and again'],
  },
];
