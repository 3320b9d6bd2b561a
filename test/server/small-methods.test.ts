import { describe, expect, it } from 'vitest';
import { idOf, putThread } from '../core/store/support/home.ts';
import type { StoredThread } from '../core/store/support/home.ts';
import { TestDaemon } from '../support/daemon.ts';
import { completed, ResponsesUpstream } from '../support/responses-upstream.ts';
import { exec, expectNoProcess, openActing, outputOf } from './acting.ts';
import { linesOf, readThread, rolloutFiles } from './stored-threads.ts';
import { refused, startTurn, wholeTurn } from './turns.ts';

const STORED: StoredThread = { stamp: '2025-02-03T10-00-00', id: idOf(1) };

describe('mock/experimentalMethod', () => {
  it('gives back what it is given', async () => {
    const daemon = await TestDaemon.open();
    expect(await daemon.request('mock/experimentalMethod', { value: 'x' })).toEqual({ echoed: 'x' });
    expect(await daemon.request('mock/experimentalMethod', {})).toEqual({ echoed: null });
  });

  it('needs the capability, like every experimental method', async () => {
    const daemon = await TestDaemon.open({ capabilities: null });
    const threadId = await daemon.startThread();
    const cases: Readonly<Record<string, object>> = {
      'mock/experimentalMethod': { value: 'x' },
      'thread/memoryMode/set': { threadId, mode: 'enabled' },
      'thread/goal/get': { threadId },
      'thread/increment_elicitation': { threadId },
      'thread/backgroundTerminals/clean': { threadId },
    };
    for (const [method, params] of Object.entries(cases)) {
      expect((await daemon.call(method, params)).error).toEqual({
        code: -32600,
        message: `${method} requires experimentalApi capability`,
        data: { reason: 'experimentalApiRequired', feature: method },
      });
    }
  });
});

describe('thread/memoryMode/set', () => {
  it('is kept of a loaded thread beside a change of its metadata', async () => {
    const thread = await openActing();
    const { daemon, threadId } = thread;
    await wholeTurn(thread, 'question');
    const { path } = await readThread(daemon, threadId);
    expect(await daemon.request('thread/memoryMode/set', { threadId, mode: 'disabled' })).toEqual({});
    const [first, ...later] = linesOf(path).lines.filter(({ type }) => type === 'session_meta');
    expect(later.map(({ payload }) => payload)).toEqual([{ ...first?.payload, memory_mode: 'disabled' }]);
    await daemon.request('thread/metadata/update', { threadId, gitInfo: { branch: 'b' } });
    expect(linesOf(path).lines.at(-1)?.payload).toEqual({
      ...first?.payload,
      memory_mode: 'disabled',
      git: { branch: 'b' },
    });
  });

  it.each([false, true])('is kept of a thread that is not loaded; archived: %s', async (archived) => {
    const daemon = await TestDaemon.open();
    const path = await putThread(daemon.home, { ...STORED, archived });
    const [first] = linesOf(path).lines;
    await daemon.request('thread/memoryMode/set', { threadId: idOf(1), mode: 'disabled' });
    await daemon.request('thread/metadata/update', { threadId: idOf(1), gitInfo: { branch: 'b' } });
    await daemon.request('thread/memoryMode/set', { threadId: idOf(1), mode: 'enabled' });
    const git = { branch: 'b' };
    expect(
      linesOf(path)
        .lines.filter(({ type }) => type === 'session_meta')
        .map(({ payload }) => payload),
    ).toEqual([
      first?.payload,
      { ...first?.payload, memory_mode: 'disabled' },
      { ...first?.payload, memory_mode: 'disabled', git },
      { ...first?.payload, memory_mode: 'enabled', git },
    ]);
    expect(await readThread(daemon, idOf(1), false)).toMatchObject({
      gitInfo: { sha: null, branch: 'b', originUrl: null },
      status: { type: 'notLoaded' },
    });
  });

  it('is refused for an ephemeral thread, and for a mode that is none', async () => {
    const daemon = await TestDaemon.open();
    const threadId = await daemon.startThread({ ephemeral: true });
    const { error } = await daemon.call('thread/memoryMode/set', { threadId, mode: 'disabled' });
    expect(error).toEqual(refused('invalidInput', 'nothing is kept of an ephemeral thread'));
    expect((await daemon.call('thread/memoryMode/set', { threadId, mode: 'x' })).error?.message).toBe(
      'Invalid request: unknown variant `x`, expected `enabled` or `disabled`',
    );
    expect(rolloutFiles(daemon.home)).toEqual([]);
  });
});

describe('thread/goal', () => {
  it.each(['set', 'get', 'clear'])('%s is refused: there are no goals', async (name) => {
    const daemon = await TestDaemon.open();
    const threadId = await daemon.startThread();
    expect((await daemon.call(`thread/goal/${name}`, { threadId, objective: 'x' })).error).toEqual({
      code: -32600,
      message: 'goals feature is disabled',
      data: { reason: 'featureDisabled', feature: 'goals' },
    });
  });
});

describe('the count of elicitations', () => {
  it('goes up and down for each thread, and not below none', async () => {
    const daemon = await TestDaemon.open();
    const [threadId, other] = [await daemon.startThread(), await daemon.startThread()];
    const count = (name: string, id: string) =>
      daemon.request(`thread/${name}_elicitation`, { threadId: id });
    expect(await count('increment', threadId)).toEqual({ count: 1, paused: true });
    expect(await count('increment', threadId)).toEqual({ count: 2, paused: true });
    expect(await count('increment', other)).toEqual({ count: 1, paused: true });
    expect(await count('decrement', threadId)).toEqual({ count: 1, paused: true });
    expect(await count('decrement', threadId)).toEqual({ count: 0, paused: false });
    expect((await daemon.call('thread/decrement_elicitation', { threadId })).error).toEqual(
      refused('invalidInput', 'no elicitation is open in this thread'),
    );
    expect(await count('increment', threadId)).toEqual({ count: 1, paused: true });
  });
});

describe('thread/backgroundTerminals/clean', () => {
  it('ends what the agent has left running', async () => {
    const thread = await openActing();
    const { daemon, mark, threadId, upstream } = thread;
    await startTurn(thread, 'go');
    const first = await upstream.request();
    first.send(exec('sleep 600', { yield_time_ms: 250 }), completed('r0'));
    first.end();
    const second = await upstream.request(1);
    expect(outputOf(second)).toMatch(/session ID/);
    second.answer('m1', ['it runs']);
    await daemon.waitForNotification('turn/completed');
    expect(await daemon.request('thread/backgroundTerminals/clean', { threadId })).toEqual({});
    await expectNoProcess(mark);
    expect(await daemon.request('thread/backgroundTerminals/clean', { threadId })).toEqual({});
  });
});

describe('what there is nothing to tell of', () => {
  it('is answered as empty', async () => {
    const daemon = await TestDaemon.open();
    expect(await daemon.request('configRequirements/read')).toEqual({ requirements: null });
    expect(await daemon.request('app/list', { limit: 5, threadId: 'x' })).toEqual({
      data: [],
      nextCursor: null,
    });
    const { error } = await daemon.call('configRequirements/read', {});
    expect(error?.message).toBe('Invalid request: invalid type: map, expected unit');
  });
});

describe('getAuthStatus', () => {
  it('tells the kind of login where the provider has one, and never the key', async () => {
    const daemon = await TestDaemon.open();
    const status = () => daemon.request('getAuthStatus', { includeToken: true, refreshToken: false });
    expect(await status()).toEqual({ authMethod: null, authToken: null, requiresOpenaiAuth: true });
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: 'sk-test' });
    expect(await status()).toEqual({ authMethod: 'apikey', authToken: null, requiresOpenaiAuth: true });
    const upstream = await ResponsesUpstream.open();
    const other = await TestDaemon.open({ config: upstream.config() });
    expect(await other.request('getAuthStatus', {})).toEqual({
      authMethod: null,
      authToken: null,
      requiresOpenaiAuth: false,
    });
  });
});
