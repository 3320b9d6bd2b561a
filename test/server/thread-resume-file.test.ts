import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestDaemon } from '../support/daemon.ts';
import {
  encoded,
  encodedEvent,
  FIXTURE_ID,
  FIXTURE_TURN,
  linesOf,
  metaLine,
  openDaemon,
  openStored,
  place,
  placeFixture,
  readTurn,
  restart,
  saidByAgent,
  saidByUser,
  storedPath,
  storedUsage,
  told,
  turnLines,
} from './stored.ts';
import type { SessionAnswer, ThreadObject } from './stored.ts';
import { IDLE, layout, times, UUID, USAGE, wholeTurn } from './turns.ts';

const T1 = `${FIXTURE_TURN}1`;
const T2 = `${FIXTURE_TURN}2`;
const T3 = `${FIXTURE_TURN}3`;

async function resumed(daemon: TestDaemon, threadId = FIXTURE_ID): Promise<ThreadObject> {
  return (await daemon.request<SessionAnswer>('thread/resume', { threadId })).thread;
}

async function read(daemon: TestDaemon, threadId = FIXTURE_ID): Promise<ThreadObject> {
  return (await daemon.request<SessionAnswer>('thread/read', { threadId, includeTurns: true })).thread;
}

/** Resumes a file of these lines in a daemon of its own. */
async function resumeLines(...lines: readonly string[]) {
  const { daemon, upstream } = await openDaemon();
  const path = place(storedPath(daemon.home), ...lines);
  return { daemon, upstream, path, ...(await told(daemon, 'thread/resume', { threadId: FIXTURE_ID })) };
}

/** The turn of which the usage is told after the answer. */
async function usageTold(...lines: readonly string[]): Promise<unknown> {
  const { after } = await resumeLines(metaLine(), ...lines);
  const messages = await after();
  expect(messages.map(({ method }) => method)).toEqual(['thread/tokenUsage/updated']);
  return messages[0]?.params;
}

describe('a file of the reference', () => {
  it('is resumed with everything that it says of the thread', async () => {
    const textElements = [{ byte_range: { start: 0, end: 5 }, placeholder: '<note>' }];
    const { answer, path } = await resumeLines(
      metaLine(),
      turnLines(T1, { words: 'first question', answer: 'answer0', textElements }),
    );
    expect((answer.result as SessionAnswer).thread).toEqual({
      id: FIXTURE_ID,
      sessionId: FIXTURE_ID,
      forkedFromId: null,
      preview: 'first question',
      ephemeral: false,
      modelProvider: 'test',
      createdAt: Date.parse('2026-11-20T23:15:21Z') / 1000,
      updatedAt: Math.floor(statSync(path).mtimeMs / 1000),
      status: IDLE,
      path,
      cwd: '/repo',
      cliVersion: '0.129.0',
      source: 'cli',
      threadSource: null,
      agentNickname: null,
      agentRole: null,
      gitInfo: null,
      name: null,
      turns: [
        readTurn(
          T1,
          [
            saidByUser('item-1', 'first question', [
              { byteRange: { start: 0, end: 5 }, placeholder: '<note>' },
            ]),
            saidByAgent('item-2', 'answer0'),
          ],
          { startedAt: 1795216522, completedAt: 1795216523, durationMs: 39 },
        ),
      ],
    });
  });

  for (const name of [
    'one-turn',
    'two-turns-steered',
    'interrupted',
    'compacted',
    'rolled-back',
    'foreign-lines',
    'legacy',
    'with-a-call',
  ]) {
    it(`goes on with ${name}, and leaves every byte of it as it was`, async () => {
      const provider = `
[model_providers.mock_provider]
name = "Mock"
base_url = "http://127.0.0.1:1/v1"
stream_max_retries = 0
request_max_retries = 0
`;
      const { daemon, upstream } = await openDaemon({ provider });
      const path = placeFixture(`${name}.jsonl`, storedPath(daemon.home));
      const before = readFileSync(path, 'utf8');
      const shown = await read(daemon);
      const { thread } = await daemon.request<SessionAnswer>('thread/resume', {
        threadId: FIXTURE_ID,
        modelProvider: 'test',
      });
      expect(thread).toEqual({ ...shown, status: IDLE, modelProvider: 'test' });
      expect(readFileSync(path, 'utf8')).toBe(before);
      const { turnId } = await wholeTurn({ daemon, upstream, threadId: FIXTURE_ID }, 'again');
      expect(readFileSync(path, 'utf8').startsWith(before)).toBe(true);
      const { turns } = await read(daemon);
      expect(turns.slice(0, -1)).toEqual(shown.turns);
      expect(turns.at(-1)).toMatchObject({
        id: turnId,
        status: 'completed',
        items: [saidByUser(expect.stringMatching(UUID), 'again'), saidByAgent('m0', 'answer 0')],
      });
    });
  }

  it('that came with no more than it needs is resumed', async () => {
    const { answer } = await resumeLines(
      encoded('session_meta', {
        id: FIXTURE_ID,
        timestamp: '2026-11-20T23:15:21.488Z',
        cwd: '/repo',
        originator: 'x',
        cli_version: '0.1.0',
      }),
      encodedEvent('user_message', { message: 'one' }),
    );
    expect(answer.result).toMatchObject({
      modelProvider: 'test',
      thread: { source: 'vscode', modelProvider: 'test', turns: [{ status: 'completed' }] },
    });
  });

  it('shows the request in it that an editor wrapped', async () => {
    const words = '# Context\nfiles\n\n## My request for Codex:\n  plant roses \n';
    const { answer } = await resumeLines(metaLine(), turnLines(T1, { words }));
    expect((answer.result as SessionAnswer).thread['preview']).toBe('plant roses');
  });
});

describe('the usage that is told after a resume', () => {
  const usage = (turnId: string, count: number) => ({
    threadId: FIXTURE_ID,
    turnId,
    tokenUsage: { total: times(count), last: USAGE, modelContextWindow: 258_400 },
  });

  it('is that of the latest count, with the turn in which it was written', async () => {
    const lines = [
      turnLines(T1, { words: 'one', answer: 'first', usage: storedUsage(1) }),
      turnLines(T2, { words: 'two', answer: 'second', usage: storedUsage(2) }),
    ];
    expect(await usageTold(...lines)).toEqual(usage(T2, 2));
  });

  it('is not that of a later turn that was stopped before it used anything', async () => {
    const lines = [
      turnLines(T1, { words: 'one', answer: 'first', usage: storedUsage(1) }),
      encodedEvent('task_started', { turn_id: T2 }),
      encodedEvent('turn_aborted', { turn_id: T2, reason: 'interrupted' }),
    ];
    expect(await usageTold(...lines)).toEqual(usage(T1, 1));
  });

  it('is that of an interrupted turn that used something', async () => {
    const lines = [
      turnLines(T1, { words: 'one', answer: 'first', usage: storedUsage(1) }),
      turnLines(T2, { words: 'two', usage: storedUsage(2), isOpen: true }),
      encodedEvent('turn_aborted', { turn_id: T2, reason: 'interrupted' }),
    ];
    expect(await usageTold(...lines)).toEqual(usage(T2, 2));
  });

  it('is not told where none was counted', async () => {
    const { after } = await resumeLines(
      metaLine(),
      turnLines(T1, { words: 'one' }),
      encodedEvent('token_count', { info: null }),
    );
    expect(await after()).toEqual([]);
  });
});

describe('a turn that a file leaves open', () => {
  const open = readTurn(T2, [saidByUser('item-3', 'two')], {
    status: 'interrupted',
    completedAt: null,
    durationMs: null,
  });

  it('was interrupted, in each resume and when the thread is read', async () => {
    const { daemon, answer, path } = await resumeLines(
      metaLine(),
      turnLines(T1, { words: 'one', answer: 'first' }),
      turnLines(T2, { words: 'two', isOpen: true }),
    );
    const before = readFileSync(path);
    expect((answer.result as SessionAnswer).thread.turns[1]).toEqual(open);
    expect((await resumed(daemon)).turns[1]).toEqual(open);
    expect((await read(daemon)).turns[1]).toEqual(open);
    expect(readFileSync(path)).toEqual(before);
  });

  it('stays so when another turn follows it', async () => {
    const { daemon, upstream } = await resumeLines(
      metaLine(),
      turnLines(T1, { words: 'one', answer: 'first' }),
      turnLines(T2, { words: 'two', isOpen: true }),
    );
    const { turnId } = await wholeTurn({ daemon, upstream, threadId: FIXTURE_ID }, 'three');
    const { turns } = await read(daemon);
    expect(turns[1]).toEqual(open);
    expect(turns[2]).toMatchObject({ id: turnId, status: 'completed' });
  });

  it('stays so while another one runs', async () => {
    const { daemon, upstream } = await resumeLines(
      metaLine(),
      turnLines(T1, { words: 'one', answer: 'first' }),
      turnLines(T2, { words: 'two', isOpen: true }),
    );
    const { turn } = await daemon.request<{ turn: { id: string } }>('turn/start', {
      threadId: FIXTURE_ID,
      input: [{ type: 'text', text: 'three' }],
    });
    const request = await upstream.request();
    const { turns } = await read(daemon);
    expect(turns.map(({ id, status }) => [id, status])).toEqual([
      [T1, 'completed'],
      [T2, 'interrupted'],
      [turn.id, 'inProgress'],
    ]);
    request.answer('m0', ['done']);
    await daemon.waitForNotification('turn/completed');
  });
});

describe('a damaged file', () => {
  const damaged = [
    'no json at all\n',
    '\n',
    '{"timestamp":"2026-11-20T23:15:22.103Z","type":"event_msg","payload":{"type":"agent_message","mess\n',
    encodedEvent('user_message', { message: 7 }),
    encoded('response_item', { type: 'message', role: 'user', content: 'no list' }),
    '[1,2,3]\n',
    `${'\0'.repeat(64)}\n`,
  ];

  it('is resumed without the lines that are damaged, which stay in it', async () => {
    const { answer, daemon, path, upstream } = await resumeLines(
      damaged[0] ?? '',
      metaLine(),
      ...damaged,
      turnLines(T1, { words: 'one', answer: 'first' }),
      ...damaged,
      turnLines(T2, { words: 'two', answer: 'second' }),
      ...damaged,
    );
    expect((answer.result as SessionAnswer).thread.turns).toEqual([
      readTurn(T1, [saidByUser('item-1', 'one'), saidByAgent('item-2', 'first')]),
      readTurn(T2, [saidByUser('item-3', 'two'), saidByAgent('item-4', 'second')]),
    ]);
    const before = readFileSync(path, 'utf8');
    await wholeTurn({ daemon, upstream, threadId: FIXTURE_ID }, 'three');
    expect(layout((await upstream.request()).input)).toEqual([
      'user: one',
      'assistant: first',
      'user: two',
      'assistant: second',
      expect.stringMatching(/^developer/),
      'environment',
      'user: three',
    ]);
    expect(readFileSync(path, 'utf8').startsWith(before)).toBe(true);
  });

  it('whose last line was cut is gone on with behind it, line by line', async () => {
    const stored = await openStored();
    const { path, threadId } = stored;
    await wholeTurn(stored, 'one');
    const again = await restart(stored);
    const whole = readFileSync(path, 'utf8');
    const torn = '{"timestamp":"2026-11-20T23:15:22.103Z","type":"response_item","payl';
    writeFileSync(path, whole + torn);
    const thread = await resumed(again.daemon, threadId);
    expect(thread.turns).toHaveLength(1);
    const { turnId } = await wholeTurn(again, 'two');
    const lines = readFileSync(path, 'utf8').slice(whole.length).split('\n');
    expect(lines[0]).toBe(torn);
    expect(lines.at(-1)).toBe('');
    const written = lines.slice(1, -1).map((line) => JSON.parse(line) as { payload: object });
    expect(written[0]?.payload).toMatchObject({ type: 'task_started', turn_id: turnId });
    expect(written.at(-1)?.payload).toMatchObject({ type: 'task_complete', turn_id: turnId });
    const { daemon } = await restart(again);
    expect((await resumed(daemon, threadId)).turns).toMatchObject([
      thread.turns[0],
      {
        id: turnId,
        status: 'completed',
        items: [{ type: 'userMessage' }, { type: 'agentMessage', id: 'm1' }],
      },
    ]);
  });

  it('whose last line has no line feed keeps that line', async () => {
    const lines = [metaLine(), turnLines(T1, { words: 'one', answer: 'first' })].join('').trimEnd();
    const { answer, daemon, path, upstream } = await resumeLines(lines);
    expect((answer.result as SessionAnswer).thread.turns).toMatchObject([{ id: T1, status: 'completed' }]);
    await wholeTurn({ daemon, upstream, threadId: FIXTURE_ID }, 'two');
    expect(readFileSync(path, 'utf8').startsWith(`${lines}\n`)).toBe(true);
    expect(linesOf(path).length).toBeGreaterThan(lines.split('\n').length);
  });

  it('that is empty, or says nothing of a thread, is refused by its name', async () => {
    const { daemon } = await openDaemon();
    const path = storedPath(daemon.home);
    for (const lines of [[], ['\n'], ['no json\n'], [turnLines(T1, { words: 'one' })], ['\0'.repeat(4096)]]) {
      place(path, ...lines);
      for (const method of ['thread/resume', 'thread/read', 'thread/fork']) {
        const { error } = await daemon.call(method, { threadId: FIXTURE_ID });
        expect(error, method).toEqual({
          code: -32603,
          message: expect.stringMatching(/^failed to read thread: thread-store internal error: /),
          data: { reason: 'threadUnreadable' },
        });
        expect(error?.message).toContain(path);
      }
    }
    expect(daemon.notifications('thread/')).toEqual([]);
  });

  it('with a line of many megabytes is resumed', async () => {
    const words = 'rose '.repeat(1_000_000);
    const { answer } = await resumeLines(
      metaLine(),
      turnLines(T1, { words: 'one', answer: words }),
      encoded('world_state', { words }),
      turnLines(T2, { words: 'two', answer: 'second' }),
    );
    expect((answer.result as SessionAnswer).thread.turns.map(({ id }) => id)).toEqual([T1, T2]);
  });
});

describe('a file that changes under a stored thread', () => {
  it('is read as it is by then', async () => {
    const { daemon } = await openDaemon();
    const path = storedPath(daemon.home);
    place(path, metaLine(), turnLines(T1, { words: 'one' }));
    expect((await read(daemon)).turns.map(({ id }) => id)).toEqual([T1]);
    place(path, metaLine(), turnLines(T1, { words: 'one' }), turnLines(T3, { words: 'three' }));
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    const thread = await resumed(daemon);
    expect(thread.turns.map(({ id }) => id)).toEqual([T1, T3]);
    expect(thread['updatedAt']).toBe(1_700_000_000);
    expect(thread.path).toBe(join(daemon.home, 'sessions/2026/11/20', path.split('/').at(-1) ?? ''));
  });
});
