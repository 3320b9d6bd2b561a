import { mkdirSync, readFileSync, renameSync, statSync, utimesSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import { openCore } from './in-process-core.ts';
import {
  FIXTURE_ID,
  linesOf,
  message,
  metaLine,
  openDaemon,
  openStored,
  place,
  readTurn,
  restart,
  saidByAgent,
  saidByUser,
  storedPath,
  told,
  toldItems,
  turnLines,
} from './stored.ts';
import type { SessionAnswer, StoredThread } from './stored.ts';
import { ACTIVE, endOf, IDLE, refused, startTurn, times, turnView, USAGE, UUID, wholeTurn } from './turns.ts';

const OTHER_ID = '01a1fb3d-0000-7000-8000-00bf3dcfbd64';

/** A thread of one turn that another daemon has on its disk. */
async function openCold(): Promise<StoredThread & { turnId: string; items: unknown[] }> {
  const thread = await openStored();
  const { turnId } = await wholeTurn(thread, 'one');
  const items = toldItems(thread.daemon, turnId);
  return { ...(await restart(thread)), turnId, items };
}

function statusIs(threadId: string, status: object): WireMessage {
  return { method: 'thread/status/changed', params: { threadId, status } };
}

function usageOf(threadId: string, turnId: string, count: number): WireMessage {
  const tokenUsage = { total: times(count), last: USAGE, modelContextWindow: 258_400 };
  return { method: 'thread/tokenUsage/updated', params: { threadId, turnId, tokenUsage } };
}

function thread({ result }: WireMessage): SessionAnswer['thread'] {
  return (result as SessionAnswer).thread;
}

describe('thread/resume of a stored thread', () => {
  it('tells the status, answers with the whole thread, then tells the usage', async () => {
    const { daemon, folder, items, path, threadId, turnId } = await openCold();
    const { after, answer, before } = await told(daemon, 'thread/resume', { threadId });
    expect(before).toEqual([statusIs(threadId, IDLE)]);
    expect(answer.result).toEqual({
      thread: {
        id: threadId,
        sessionId: threadId,
        forkedFromId: null,
        preview: 'one',
        ephemeral: false,
        modelProvider: 'test',
        createdAt: expect.any(Number),
        updatedAt: expect.any(Number),
        status: IDLE,
        path,
        cwd: folder,
        cliVersion: '0.130.0',
        source: 'vscode',
        threadSource: null,
        agentNickname: null,
        agentRole: null,
        gitInfo: null,
        name: null,
        turns: [readTurn(turnId, items as object[])],
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
    expect(await after()).toEqual([usageOf(threadId, turnId, 1)]);
  });

  it('answers in the same words as the start of the thread, in the same order', async () => {
    const stored = await openStored({ thread: { threadSource: 'user' } });
    const started = stored.daemon.messages.find(
      ({ result }) => (result as SessionAnswer)?.thread !== undefined,
    );
    await wholeTurn(stored, 'one');
    const { daemon, threadId } = await restart(stored);
    const { answer } = await told(daemon, 'thread/resume', { threadId });
    const expected = started?.result as SessionAnswer;
    expect(answer.result).toEqual({
      ...expected,
      thread: {
        ...expected.thread,
        preview: 'one',
        updatedAt: expect.any(Number),
        turns: expect.any(Array),
      },
    });
    expect(Object.keys(answer.result as object)).toEqual(Object.keys(expected));
    expect(Object.keys(thread(answer))).toEqual(Object.keys(expected.thread));
  });

  it('follows the thread: its next turn is told', async () => {
    const stored = await openCold();
    await stored.daemon.request('thread/resume', { threadId: stored.threadId });
    const { turnId } = await wholeTurn(stored, 'two');
    expect(stored.daemon.notifications('turn/').map(({ params }) => params?.['turn'])).toEqual([
      turnView(turnId, 'inProgress'),
      turnView(turnId, 'completed'),
    ]);
    expect(stored.daemon.notifications('thread/started')).toEqual([]);
  });

  it('leaves turns and usage out where they are not wanted', async () => {
    const { daemon, threadId } = await openCold();
    const cold = await told(daemon, 'thread/resume', { threadId, excludeTurns: true });
    expect(thread(cold.answer)).toMatchObject({ preview: 'one', turns: [] });
    expect(await cold.after()).toEqual([]);
    const loaded = await told(daemon, 'thread/resume', { threadId, excludeTurns: true });
    expect(thread(loaded.answer)).toMatchObject({ preview: 'one', turns: [] });
    expect([...loaded.before, ...(await loaded.after())]).toEqual([]);
  });

  it('tells what was used as it was stored, and goes on counting from there', async () => {
    const stored = await openCold();
    await stored.daemon.request('thread/resume', { threadId: stored.threadId });
    const { turnId } = await wholeTurn(stored, 'two');
    expect(stored.daemon.notifications('thread/tokenUsage')).toEqual([
      usageOf(stored.threadId, stored.turnId, 1),
      usageOf(stored.threadId, turnId, 2),
    ]);
  });

  it('changes neither the file nor its time before a turn, whatever it overrides', async () => {
    const stored = await openCold();
    const { daemon, path, threadId } = stored;
    const before = readFileSync(path);
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    const { answer } = await told(daemon, 'thread/resume', {
      threadId,
      model: 'gpt-5.4',
      sandbox: 'danger-full-access',
      approvalPolicy: 'never',
    });
    expect(thread(answer)['updatedAt']).toBe(1_700_000_000);
    expect(answer.result).toMatchObject({ model: 'gpt-5.4', approvalPolicy: 'never' });
    expect(readFileSync(path)).toEqual(before);
    expect(statSync(path).mtimeMs).toBe(1_700_000_000_000);
    await wholeTurn(stored, 'two');
    expect(statSync(path).mtimeMs).toBeGreaterThan(1_700_000_000_000);
    expect(readFileSync(path).subarray(0, before.length)).toEqual(before);
  });

  it('begins no second session in the file', async () => {
    const stored = await openCold();
    await stored.daemon.request('thread/resume', { threadId: stored.threadId });
    await wholeTurn(stored, 'two');
    expect(linesOf(stored.path).filter(({ type }) => type === 'session_meta')).toHaveLength(1);
  });

  it('takes what was stored of the model, the provider and the effort', async () => {
    const stored = await openStored();
    await wholeTurn(stored, 'one', { model: 'gpt-5.4', effort: 'high' });
    const { daemon, threadId } = await restart(stored);
    const { answer } = await told(daemon, 'thread/resume', { threadId });
    expect(answer.result).toMatchObject({ model: 'gpt-5.4', modelProvider: 'test', reasoningEffort: 'high' });
  });

  for (const [what, overrides, expected] of [
    ['model', { model: 'gpt-5.5' }, { model: 'gpt-5.5', reasoningEffort: 'low' }],
    ['modelProvider', { modelProvider: 'test' }, { model: 'gpt-5.2', reasoningEffort: 'low' }],
    ['config.model', { config: { model: 'gpt-5.5' } }, { model: 'gpt-5.5', reasoningEffort: 'low' }],
    [
      'config.model_reasoning_effort',
      { config: { model_reasoning_effort: 'xhigh' } },
      { model: 'gpt-5.2', reasoningEffort: 'xhigh' },
    ],
  ] as const) {
    it(`takes nothing that was stored of the model where the request says ${what}`, async () => {
      const stored = await openStored({ model: 'gpt-5.2', top: 'model_reasoning_effort = "low"' });
      await wholeTurn(stored, 'one', { model: 'gpt-5.4', effort: 'high' });
      const { daemon, threadId } = await restart(stored);
      const { answer } = await told(daemon, 'thread/resume', { threadId, ...overrides });
      expect(answer.result).toMatchObject({ modelProvider: 'test', ...expected });
    });
  }

  it('reports the repository that is stored, and not the present one', async () => {
    const { daemon, folder } = await openDaemon();
    const git = { commit_hash: 'abc', branch: 'stored', repository_url: 'https://example.org/r.git' };
    place(join(folder, '.git', 'HEAD'), 'ref: refs/heads/present\n');
    place(storedPath(daemon.home), metaLine({ cwd: folder, git }), turnLines('u', { words: 'one' }));
    const { answer } = await told(daemon, 'thread/resume', { threadId: FIXTURE_ID });
    expect(thread(answer)['gitInfo']).toEqual({
      sha: 'abc',
      branch: 'stored',
      originUrl: 'https://example.org/r.git',
    });
  });

  it('is answered from the archive, where the file stays', async () => {
    const stored = await openCold();
    const { daemon, path, threadId } = stored;
    const archived = join(daemon.home, 'archived_sessions', basename(path));
    mkdirSync(dirname(archived));
    renameSync(path, archived);
    const { answer } = await told(daemon, 'thread/resume', { threadId });
    expect(thread(answer)).toMatchObject({ path: archived, preview: 'one', turns: [{ id: stored.turnId }] });
    await wholeTurn(stored, 'two');
    expect(linesOf(archived).at(-1)?.payload['last_agent_message']).toBe('answer 1');
  });

  it('takes an id however it is spelled', async () => {
    const { daemon, threadId } = await openCold();
    for (const spelled of [threadId.toUpperCase(), `urn:uuid:${threadId}`, threadId.replaceAll('-', '')]) {
      const { answer } = await told(daemon, 'thread/resume', { threadId: spelled });
      expect(thread(answer).id).toBe(threadId);
    }
  });

  it('carries its name', async () => {
    const stored = await openStored();
    await wholeTurn(stored, 'one');
    await stored.daemon.request('thread/name/set', { threadId: stored.threadId, name: ' Garden ' });
    const { daemon, threadId } = await restart(stored);
    const { answer } = await told(daemon, 'thread/resume', { threadId });
    expect(thread(answer)['name']).toBe('Garden');
  });
});

describe('thread/resume of a loaded thread', () => {
  it('answers what is live, whatever it overrides', async () => {
    const stored = await openStored();
    const { daemon, threadId } = stored;
    const { turnId } = await wholeTurn(stored, 'one');
    const { after, answer, before } = await told(daemon, 'thread/resume', {
      threadId,
      model: 'gpt-5.4',
      approvalPolicy: 'never',
      cwd: '/elsewhere',
      baseInstructions: 'Be a gardener.',
    });
    expect(before).toEqual([]);
    expect(answer.result).toMatchObject({
      model: 'gpt-5.5',
      approvalPolicy: 'on-request',
      cwd: stored.folder,
      thread: { status: IDLE, turns: [readTurn(turnId, toldItems(daemon, turnId) as object[])] },
    });
    expect(await after()).toEqual([usageOf(threadId, turnId, 1)]);
    const { index } = await wholeTurn(stored, 'two');
    const [first, next] = [await stored.upstream.request(), await stored.upstream.request(index)];
    expect(next.body).toEqual({ ...first.body, input: next.input });
  });

  it('shows a turn that is running, and hears the rest of it once', async () => {
    const stored = await openStored();
    const { daemon, threadId, upstream } = stored;
    const first = await wholeTurn(stored, 'one');
    const turnId = await startTurn(stored, 'two');
    const request = await upstream.request(1);
    request.begin('m1', ['half ']);
    await daemon.waitForNotification('item/agentMessage/delta', ({ delta }) => delta === 'half ');
    const { answer } = await told(daemon, 'thread/resume', { threadId, model: 'gpt-5.4' });
    expect(answer.result).toMatchObject({
      model: 'gpt-5.5',
      thread: {
        status: ACTIVE,
        turns: [
          { id: first.turnId, status: 'completed' },
          {
            id: turnId,
            status: 'inProgress',
            items: [saidByUser(expect.stringMatching(UUID), 'two')],
            completedAt: null,
          },
        ],
      },
    });
    request.finish('m1', ['half ', 'done']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
    const done = daemon.notifications('turn/completed').map(({ params }) => params?.['turn']);
    expect(done).toMatchObject([{ id: first.turnId }, { id: turnId }]);
  });

  it('leaves the turns of a running thread out where they are not wanted', async () => {
    const stored = await openStored();
    const { daemon, threadId, upstream } = stored;
    const turnId = await startTurn(stored, 'one');
    const request = await upstream.request();
    const { after, answer } = await told(daemon, 'thread/resume', { threadId, excludeTurns: true });
    expect(thread(answer)).toMatchObject({ status: ACTIVE, turns: [] });
    expect(await after()).toEqual([]);
    request.answer('m0', ['done']);
    await endOf(daemon, turnId);
  });

  it('is refused with a history', async () => {
    const stored = await openStored();
    const { threadId } = stored;
    const turnId = await startTurn(stored, 'one');
    const history = [message('user', 'another past')];
    expect((await stored.daemon.call('thread/resume', { threadId, history })).error).toEqual(
      refused('threadRunning', `cannot resume thread ${threadId} with history while it is already running`),
    );
    (await stored.upstream.request()).answer('m0', ['done']);
    expect((await endOf(stored.daemon, turnId))['status']).toBe('completed');
  });

  it('is refused with another path, and taken with its own', async () => {
    const stored = await openStored();
    const { daemon, folder, path, threadId } = stored;
    await wholeTurn(stored, 'one');
    const copy = place(join(folder, basename(path)), readFileSync(path, 'utf8'));
    expect((await daemon.call('thread/resume', { threadId, path: copy })).error).toEqual(
      refused('threadRunning', expect.stringContaining('mismatched path')),
    );
    // The file of a loaded thread does not become a second one under its id, whatever the request calls it.
    expect((await daemon.call('thread/resume', { threadId: 'any', path: copy })).error).toEqual(
      refused('threadRunning', expect.stringContaining('mismatched path')),
    );
    for (const params of [
      { threadId, path },
      { threadId: 'any', path },
      { threadId, path: relative(folder, path) },
    ]) {
      const { answer } = await told(daemon, 'thread/resume', params);
      expect(thread(answer)).toMatchObject({ id: threadId, path });
    }
  });

  it('is refused while the thread is being unloaded', async () => {
    const core = openCore(() => {});
    const loaded = await core.threads.start({ ephemeral: false });
    const unloaded = core.threads.unload(loaded);
    const params = { threadId: loaded.id, excludeTurns: false, persistExtendedHistory: false };
    await expect(core.threads.resume(params, () => {})).rejects.toMatchObject({
      code: 'threadClosing',
      message: `thread ${loaded.id} is closing; retry thread/resume after the thread is closed`,
    });
    await unloaded;
    await expect(core.threads.resume(params, () => {})).rejects.toMatchObject({ code: 'rolloutNotFound' });
  });
});

describe('thread/resume without a thread to go on with', () => {
  it('does not have the caller follow what it was refused', async () => {
    const core = openCore(() => {});
    const loaded = await core.threads.start({ ephemeral: false });
    const followed: string[] = [];
    const params = { threadId: loaded.id, excludeTurns: false, persistExtendedHistory: false };
    await expect(core.threads.resume(params, ({ id }) => followed.push(id))).rejects.toMatchObject({
      code: 'rolloutNotFound',
    });
    expect(followed).toEqual([]);
  });

  it('is refused before the first message, loaded or not', async () => {
    const stored = await openStored();
    const { threadId } = stored;
    const error = refused('rolloutNotFound', `no rollout found for thread id ${threadId}`);
    expect((await stored.daemon.call('thread/resume', { threadId })).error).toEqual(error);
    const { daemon } = await restart(stored);
    expect((await daemon.call('thread/resume', { threadId })).error).toEqual(error);
  });

  it('is refused for a thread that is not kept, and for one that nobody knows', async () => {
    const stored = await openStored({ thread: { ephemeral: true } });
    const { daemon, threadId } = stored;
    await wholeTurn(stored, 'one');
    for (const id of [threadId, OTHER_ID]) {
      expect((await daemon.call('thread/resume', { threadId: id })).error).toEqual(
        refused('rolloutNotFound', `no rollout found for thread id ${id}`),
      );
    }
    expect(
      daemon.notifications('thread/status').filter(({ params }) => params?.['threadId'] === OTHER_ID),
    ).toEqual([]);
  });

  it('is refused for what is no id, and does not leave the folder', async () => {
    const { daemon } = await openDaemon();
    for (const threadId of ['', 'x', '../../config.toml', `${FIXTURE_ID}/../../x`]) {
      expect((await daemon.call('thread/resume', { threadId })).error).toEqual(
        refused('invalidThreadId', expect.stringMatching(/^invalid thread id: /)),
      );
    }
  });

  it('is refused where the provider of the thread is not configured any more', async () => {
    const { daemon } = await openDaemon();
    place(storedPath(daemon.home), metaLine({ model_provider: 'gone' }), turnLines('u', { words: 'one' }));
    const { answer, before } = await told(daemon, 'thread/resume', { threadId: FIXTURE_ID });
    expect(answer.error).toEqual(
      refused('configurationInvalid', 'failed to load configuration: Model provider `gone` not found'),
    );
    expect(before).toEqual([]);
    const { data } = await daemon.request<{ data: string[] }>('thread/loaded/list', {});
    expect(data).toEqual([]);
    const other = await told(daemon, 'thread/resume', { threadId: FIXTURE_ID, modelProvider: 'test' });
    expect(other.answer.result).toMatchObject({ modelProvider: 'test' });
  });
});

describe('thread/resume by a path', () => {
  it('goes on in a file outside the home, whatever thread is named', async () => {
    const stored = await openStored();
    await wholeTurn(stored, 'one');
    const path = place(
      join(testFolder(), 'anything.jsonl'),
      metaLine(),
      turnLines('u', { words: 'elsewhere', answer: 'yes' }),
    );
    const { daemon, threadId } = await restart(stored);
    const { answer } = await told(daemon, 'thread/resume', { threadId, path });
    expect(thread(answer)).toMatchObject({ id: FIXTURE_ID, path, preview: 'elsewhere', source: 'cli' });
    await wholeTurn({ ...stored, daemon, threadId: FIXTURE_ID }, 'two');
    expect(linesOf(path).at(-1)?.payload).toMatchObject({ last_agent_message: 'answer 1' });
    expect(linesOf(stored.path).at(-1)?.payload).toMatchObject({ last_agent_message: 'answer 0' });
  });

  it('is taken from the folder in which the server works, with a thread id that is none', async () => {
    const { daemon, folder } = await openDaemon();
    place(join(folder, 'kept', 'past.jsonl'), metaLine(), turnLines('u', { words: 'one' }));
    const { answer } = await told(daemon, 'thread/resume', { threadId: '', path: 'kept/past.jsonl' });
    expect(thread(answer)).toMatchObject({ id: FIXTURE_ID, path: join(folder, 'kept', 'past.jsonl') });
  });

  it('is refused where there is no file, and where it is no file', async () => {
    const { daemon, folder } = await openDaemon();
    for (const path of [join(folder, 'nothing.jsonl'), folder]) {
      expect((await daemon.call('thread/resume', { threadId: 'x', path })).error).toEqual(
        refused('rolloutUnreadable', expect.stringContaining(path)),
      );
    }
  });
});

describe('thread/resume with a history', () => {
  const history = [message('user', 'what was said'), message('assistant', 'what was answered')];

  it('makes a thread of its own, which remembers it', async () => {
    const { daemon, folder, upstream } = await openDaemon();
    const { answer, before } = await told(daemon, 'thread/resume', {
      threadId: FIXTURE_ID,
      path: '/nowhere',
      history,
      modelProvider: 'test',
    });
    const { id, path, turns } = thread(answer);
    expect(id).toMatch(UUID);
    expect(id).not.toBe(FIXTURE_ID);
    expect(before).toEqual([statusIs(id, IDLE)]);
    expect(answer.result).toMatchObject({
      modelProvider: 'test',
      thread: { preview: 'what was said', status: IDLE, forkedFromId: null },
    });
    expect(turns).toMatchObject([
      { items: [saidByUser('item-1', 'what was said'), saidByAgent('item-2', 'what was answered')] },
    ]);
    await wholeTurn({ daemon, folder, path, threadId: id, upstream } as StoredThread, 'and now');
    const { input } = await upstream.request();
    expect(input.slice(0, 2)).toEqual(history);
    expect(input.slice(-1)).toEqual([message('user', 'and now')]);
  });

  it('can be resumed itself', async () => {
    const opened = await openDaemon();
    const first = await told(opened.daemon, 'thread/resume', { threadId: 'x', history });
    const { id: threadId } = thread(first.answer);
    const { daemon, upstream } = await restart(opened);
    const { answer } = await told(daemon, 'thread/resume', { threadId });
    expect(thread(answer)).toMatchObject({ preview: 'what was said', turns: [{ items: [{}, {}] }] });
    await wholeTurn({ daemon, threadId, upstream }, 'and now');
    expect((await upstream.request()).input.slice(0, 2)).toEqual(history);
  });

  it('is refused when it is empty or no history', async () => {
    const { daemon } = await openDaemon();
    expect((await daemon.call('thread/resume', { threadId: 'x', history: [] })).error).toEqual(
      refused('invalidInput', 'history must not be empty'),
    );
    const half = { type: 'message', content: [] };
    expect((await daemon.call('thread/resume', { threadId: 'x', history: [half] })).error).toEqual({
      code: -32600,
      message: 'Invalid request: missing field `role`',
      data: { reason: 'invalidParams', path: ['history', 0, 'role'] },
    });
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
  });

  it('needs the experimental capability, as a path does', async () => {
    const { daemon } = await openDaemon({ capabilities: null });
    for (const [feature, value] of [
      ['history', history],
      ['path', '/nowhere'],
    ] as const) {
      expect((await daemon.call('thread/resume', { threadId: FIXTURE_ID, [feature]: value })).error).toEqual({
        code: -32600,
        message: `thread/resume.${feature} requires experimentalApi capability`,
        data: { reason: 'experimentalApiRequired', feature: `thread/resume.${feature}` },
      });
    }
  });
});
