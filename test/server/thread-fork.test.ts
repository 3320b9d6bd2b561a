import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TestDaemon, WireMessage } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import type { InputItem } from '../support/responses-upstream.ts';
import {
  bytesOf,
  event,
  FIXTURE_ID,
  FIXTURE_TURN,
  line,
  linesOf,
  message,
  metaLine,
  openDaemon,
  openStored,
  place,
  readTurn,
  restart,
  saidByUser,
  storedPath,
  storedUsage,
  told,
  toldItems,
  turnLines,
} from './stored.ts';
import type { SessionAnswer, StoredThread, ThreadObject } from './stored.ts';
import {
  assistant,
  endOf,
  IDLE,
  layout,
  refused,
  startTurn,
  times,
  USAGE,
  user,
  UUID,
  wholeTurn,
} from './turns.ts';

function threadOf({ result }: WireMessage): ThreadObject {
  return (result as SessionAnswer).thread;
}

async function forked(daemon: TestDaemon, params: object): Promise<ThreadObject> {
  return (await daemon.request<SessionAnswer>('thread/fork', params)).thread;
}

async function read(daemon: TestDaemon, threadId: string): Promise<ThreadObject> {
  return (await daemon.request<SessionAnswer>('thread/read', { threadId, includeTurns: true })).thread;
}

async function listed(daemon: TestDaemon): Promise<string[]> {
  const { data } = await daemon.request<{ data: { id: string }[] }>('thread/list', {});
  return data.map(({ id }) => id);
}

function usageOf(threadId: string, turnId: string, count: number): WireMessage {
  const tokenUsage = { total: times(count), last: USAGE, modelContextWindow: 258_400 };
  return { method: 'thread/tokenUsage/updated', params: { threadId, turnId, tokenUsage } };
}

/** The thread's next request once it has one more turn. */
async function inputOf(
  thread: Pick<StoredThread, 'daemon' | 'upstream'>,
  threadId: string,
  words = 'again',
): Promise<readonly InputItem[]> {
  const { index } = await wholeTurn({ ...thread, threadId }, words);
  return (await thread.upstream.request(index)).input;
}

describe('thread/fork', () => {
  it('answers with a new thread of the same past, then tells its usage and that it started', async () => {
    const source = await openStored();
    const { daemon, folder, path, threadId } = source;
    const { turnId } = await wholeTurn(source, 'one');
    await daemon.request('thread/name/set', { threadId, name: 'Garden' });
    const before = bytesOf(path);
    const modified = statSync(path).mtimeMs;
    const {
      after,
      answer,
      before: earlier,
    } = await told(daemon, 'thread/fork', {
      threadId,
      threadSource: 'user',
    });
    const fork = threadOf(answer);
    expect(earlier).toEqual([]);
    expect(fork.id).toMatch(UUID);
    expect(fork.id).not.toBe(threadId);
    expect(basename(fork.path)).toMatch(/^rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-/);
    expect(basename(fork.path).endsWith(`${fork.id}.jsonl`)).toBe(true);
    expect(answer.result).toEqual({
      thread: {
        id: fork.id,
        sessionId: fork.id,
        forkedFromId: threadId,
        preview: 'one',
        ephemeral: false,
        modelProvider: 'test',
        createdAt: expect.any(Number),
        updatedAt: expect.any(Number),
        status: IDLE,
        path: fork.path,
        cwd: folder,
        cliVersion: '0.130.0',
        source: 'vscode',
        threadSource: 'user',
        agentNickname: null,
        agentRole: null,
        gitInfo: null,
        name: null,
        turns: [readTurn(turnId, toldItems(daemon, turnId) as object[])],
      },
      model: 'gpt-5.5',
      modelProvider: 'test',
      serviceTier: null,
      cwd: folder,
      instructionSources: [],
      approvalPolicy: 'on-request',
      approvalsReviewer: 'user',
      sandbox: { type: 'readOnly', networkAccess: false },
      permissionProfile: expect.any(Object),
      activePermissionProfile: null,
      reasoningEffort: null,
    });
    expect(await after()).toEqual([
      usageOf(fork.id, turnId, 1),
      { method: 'thread/started', params: { thread: { ...fork, turns: [] } } },
    ]);
    expect(bytesOf(path)).toBe(before);
    expect(statSync(path).mtimeMs).toBe(modified);
  });

  it('makes a file of its own: a first line, and all lines of the source', async () => {
    const source = await openStored();
    const { daemon, folder, path, threadId } = source;
    await wholeTurn(source, 'one');
    const fork = await forked(daemon, { threadId, baseInstructions: 'Be a gardener.' });
    const lines = readFileSync(fork.path, 'utf8');
    const [first, ...rest] = linesOf(fork.path);
    expect(first).toEqual(
      line('session_meta', {
        id: fork.id,
        forked_from_id: threadId,
        timestamp: expect.stringMatching(/Z$/),
        cwd: folder,
        originator: 'test',
        cli_version: '0.130.0',
        source: 'vscode',
        model_provider: 'test',
        base_instructions: { text: 'Be a gardener.' },
      }),
    );
    expect(rest).toEqual(linesOf(path));
    expect(lines.endsWith(readFileSync(path, 'utf8'))).toBe(true);
    expect(statSync(fork.path).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(fork.path)).mode & 0o777).toBe(0o700);
  });

  it('goes on apart from its source', async () => {
    const source = await openStored();
    const { daemon, path, threadId, upstream } = source;
    await wholeTurn(source, 'one');
    const first = await upstream.request();
    const fork = await forked(daemon, { threadId });
    const past = [...first.input, assistant('answer 0')];
    expect(await inputOf(source, fork.id, 'here')).toEqual([...past, user('here')]);
    expect(await inputOf(source, threadId, 'there')).toEqual([...past, user('there')]);
    expect((await upstream.request(1)).headers).toMatchObject({
      session_id: fork.id,
      'x-codex-window-id': `${fork.id}:0`,
    });
    expect(readFileSync(path, 'utf8')).not.toContain('"here"');
    expect(readFileSync(fork.path, 'utf8')).not.toContain('"there"');
    const { turns } = await read(daemon, fork.id);
    expect(turns).toHaveLength(2);
    expect(turns.at(-1)).toMatchObject({ items: [saidByUser(expect.any(String), 'here'), {}] });
  });

  it('is found again after a restart, with what it comes from', async () => {
    const source = await openStored();
    await wholeTurn(source, 'one');
    const fork = await forked(source.daemon, { threadId: source.threadId });
    await wholeTurn({ ...source, threadId: fork.id }, 'two');
    const shown = await read(source.daemon, fork.id);
    const { daemon } = await restart(source);
    expect(await read(daemon, fork.id)).toEqual({ ...shown, status: { type: 'notLoaded' } });
    expect(shown).toMatchObject({ forkedFromId: source.threadId, preview: 'one' });
    const { thread } = await daemon.request<SessionAnswer>('thread/resume', { threadId: fork.id });
    expect(thread).toEqual(shown);
    expect((await listed(daemon)).toSorted()).toEqual([source.threadId, fork.id].toSorted());
  });

  it('can be forked itself', async () => {
    const source = await openStored();
    const { daemon, threadId, upstream } = source;
    await wholeTurn(source, 'one');
    const child = await forked(daemon, { threadId });
    await wholeTurn({ ...source, threadId: child.id }, 'two');
    const grandchild = await forked(daemon, { threadId: child.id });
    expect(grandchild).toMatchObject({ forkedFromId: child.id, preview: 'one' });
    expect(grandchild.turns).toEqual((await read(daemon, child.id)).turns);
    expect(
      linesOf(grandchild.path)
        .slice(0, 3)
        .map(({ payload }) => payload['id']),
    ).toEqual([grandchild.id, child.id, threadId]);
    expect(layout(await inputOf(source, grandchild.id))).toEqual([
      'developer',
      'environment',
      'user: one',
      'assistant: answer 0',
      'user: two',
      'assistant: answer 1',
      'user: again',
    ]);
    expect(upstream.requests).toHaveLength(3);
  });

  it('leaves turns and usage out where they are not wanted', async () => {
    const source = await openStored();
    await wholeTurn(source, 'one');
    const { after, answer } = await told(source.daemon, 'thread/fork', {
      threadId: source.threadId,
      excludeTurns: true,
    });
    expect(threadOf(answer)).toMatchObject({ preview: 'one', turns: [] });
    expect((await after()).map(({ method }) => method)).toEqual(['thread/started']);
    const input = await inputOf(source, threadOf(answer).id);
    expect(layout(input)).toContain('assistant: answer 0');
  });

  it('takes over what was stored of model, effort, repository and instructions, unless it is told otherwise', async () => {
    const { daemon, upstream } = await openDaemon();
    const git = { commit_hash: 'abc', branch: 'stored' };
    place(
      storedPath(daemon.home),
      metaLine({ git, source: 'exec', cwd: '/repo' }),
      turnLines(`${FIXTURE_TURN}1`, {
        words: 'one',
        answer: 'first',
        context: { model: 'gpt-5.4', effort: 'high' },
      }),
    );
    const { answer } = await told(daemon, 'thread/fork', { threadId: FIXTURE_ID });
    expect(answer.result).toMatchObject({
      model: 'gpt-5.4',
      reasoningEffort: 'high',
      cwd: '/repo',
      thread: {
        source: 'vscode',
        cwd: '/repo',
        gitInfo: { sha: 'abc', branch: 'stored', originUrl: null },
      },
    });
    const { id } = threadOf(answer);
    const request = upstream.request();
    const input = inputOf({ daemon, upstream }, id);
    expect((await request).body).toMatchObject({ instructions: 'Be brief.', model: 'gpt-5.4' });
    await input;
    const other = await told(daemon, 'thread/fork', {
      threadId: FIXTURE_ID,
      model: 'gpt-5.5',
      cwd: '/elsewhere',
      sandbox: 'danger-full-access',
    });
    expect(other.answer.result).toMatchObject({
      model: 'gpt-5.5',
      reasoningEffort: null,
      cwd: '/elsewhere',
      sandbox: { type: 'dangerFullAccess' },
      thread: { cwd: '/elsewhere' },
    });
    // The source is not loaded by it.
    expect((await read(daemon, FIXTURE_ID))['status']).toEqual({ type: 'notLoaded' });
  });

  it('loads the file of a path, wherever that is', async () => {
    const { daemon, folder } = await openDaemon();
    const lines = [
      metaLine(),
      turnLines(`${FIXTURE_TURN}1`, { words: 'one', answer: 'first', usage: storedUsage(1) }),
    ];
    const outside = place(join(testFolder(), 'past.jsonl'), ...lines);
    place(join(folder, 'kept', 'past.jsonl'), ...lines);
    for (const path of [outside, 'kept/past.jsonl']) {
      const { after, answer } = await told(daemon, 'thread/fork', { threadId: 'no id', path });
      const fork = threadOf(answer);
      expect(fork).toMatchObject({ forkedFromId: FIXTURE_ID, preview: 'one', turns: [{}] });
      expect(fork.path.startsWith(join(daemon.home, 'sessions'))).toBe(true);
      expect((await after())[0]).toEqual(usageOf(fork.id, `${FIXTURE_TURN}1`, 1));
    }
    expect(bytesOf(outside)).toBe(lines.join(''));
  });

  it('ends the last line of a source that was cut, in its own file alone', async () => {
    const { daemon, upstream } = await openDaemon();
    const lines = [metaLine(), turnLines(`${FIXTURE_TURN}1`, { words: 'one' }), '{"timestamp":"2026-'].join(
      '',
    );
    const path = place(storedPath(daemon.home), lines);
    const fork = await forked(daemon, { threadId: FIXTURE_ID });
    expect(bytesOf(path)).toBe(lines);
    expect(readFileSync(fork.path, 'utf8').endsWith(`${lines}\n`)).toBe(true);
    await wholeTurn({ daemon, upstream, threadId: fork.id }, 'two');
    expect((await read(daemon, fork.id)).turns).toMatchObject([
      { id: `${FIXTURE_TURN}1` },
      { status: 'completed' },
    ]);
  });
});

describe('thread/fork in the middle of a turn', () => {
  it('copies what there is of the turn, which was interrupted there', async () => {
    const source = await openStored();
    const { daemon, threadId, upstream } = source;
    const first = await wholeTurn(source, 'one');
    const turnId = await startTurn(source, 'two');
    const request = await upstream.request(1);
    request.begin('m1', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta', ({ delta }) => delta === 'half');
    const fork = await forked(daemon, { threadId });
    expect(fork).toMatchObject({
      status: IDLE,
      turns: [
        { id: first.turnId, status: 'completed' },
        { id: turnId, status: 'interrupted', items: [saidByUser(expect.stringMatching(UUID), 'two')] },
      ],
    });
    request.finish('m1', ['half', ' done']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
    expect((await read(daemon, fork.id)).turns).toEqual(fork.turns);
    expect((await read(daemon, threadId)).turns.at(-1)).toMatchObject({ id: turnId, status: 'completed' });
    expect(layout(await inputOf(source, fork.id))).toEqual([
      'developer',
      'environment',
      'user: one',
      'assistant: answer 0',
      'user: two',
      'user: again',
    ]);
    expect(daemon.notifications('turn/completed')).toHaveLength(3);
  });

  it('copies a turn that a file leaves open as interrupted', async () => {
    const { daemon } = await openDaemon();
    place(storedPath(daemon.home), metaLine(), turnLines(`${FIXTURE_TURN}1`, { words: 'one', isOpen: true }));
    expect((await forked(daemon, { threadId: FIXTURE_ID })).turns).toMatchObject([
      { id: `${FIXTURE_TURN}1`, status: 'interrupted' },
    ]);
  });
});

describe('an ephemeral fork', () => {
  it('has no file, is not listed, and remembers all the same', async () => {
    const source = await openStored();
    const { daemon, threadId } = source;
    await wholeTurn(source, 'one');
    const { after, answer } = await told(daemon, 'thread/fork', { threadId, ephemeral: true });
    const fork = threadOf(answer);
    expect(fork).toMatchObject({ path: null, ephemeral: true, forkedFromId: threadId, preview: 'one' });
    expect(fork.turns).toHaveLength(1);
    expect((await after()).at(-1)).toEqual({
      method: 'thread/started',
      params: { thread: { ...fork, turns: [] } },
    });
    expect(layout(await inputOf(source, fork.id))).toEqual([
      'developer',
      'environment',
      'user: one',
      'assistant: answer 0',
      'user: again',
    ]);
    expect(await listed(daemon)).toEqual([threadId]);
    expect((await daemon.call('thread/fork', { threadId: fork.id })).error).toEqual(
      refused('rolloutNotFound', `no rollout found for thread id ${fork.id}`),
    );
    const again = await restart(source);
    expect((await again.daemon.call('thread/resume', { threadId: fork.id })).error).toEqual(
      refused('rolloutNotFound', `no rollout found for thread id ${fork.id}`),
    );
  });
});

describe('thread/fork without a thread to copy', () => {
  it('is refused before the first message of the source, and for ids that nobody knows', async () => {
    const { daemon, threadId } = await openStored();
    for (const id of [threadId, FIXTURE_ID]) {
      expect((await daemon.call('thread/fork', { threadId: id })).error).toEqual(
        refused('rolloutNotFound', `no rollout found for thread id ${id}`),
      );
    }
    expect((await daemon.call('thread/fork', { threadId: '../x' })).error).toEqual(
      refused('invalidThreadId', expect.stringMatching(/^invalid thread id: /)),
    );
    expect(daemon.notifications('thread/started')).toHaveLength(1);
    expect(existsSync(join(daemon.home, 'sessions'))).toBe(false);
  });

  it('is refused where the provider is not configured any more, and leaves no file behind', async () => {
    const { daemon } = await openDaemon();
    const path = place(
      storedPath(daemon.home),
      metaLine({ model_provider: 'gone' }),
      turnLines('u', { words: 'one' }),
    );
    expect((await daemon.call('thread/fork', { threadId: FIXTURE_ID })).error).toEqual(
      refused('configurationInvalid', 'failed to load configuration: Model provider `gone` not found'),
    );
    const { data } = await daemon.request<{ data: ThreadObject[] }>('thread/list', { modelProviders: [] });
    expect(data.map((thread) => thread.path)).toEqual([path]);
  });
});

it('a fork of a thread that was compacted goes on in the window of its source', async () => {
  const source = await openStored({ top: 'compact_prompt = "Sum up."' });
  const { daemon, threadId, upstream } = source;
  await wholeTurn(source, 'one');
  await daemon.request('thread/compact/start', { threadId });
  (await upstream.request(1)).answer('s1', ['a summary']);
  await daemon.until('the end', () =>
    daemon.notifications('turn/completed').length === 2 ? true : undefined,
  );
  const fork = await forked(daemon, { threadId });
  expect(layout(await inputOf(source, fork.id))).toEqual([
    'user: one',
    'summary: a summary',
    'developer',
    'environment',
    'user: again',
  ]);
  expect((await upstream.request(2)).headers['x-codex-window-id']).toBe(`${fork.id}:1`);
  expect(linesOf(fork.path)).toContainEqual(event('context_compacted'));
  expect(linesOf(fork.path)).toContainEqual(line('response_item', message('user', 'again')));
});
