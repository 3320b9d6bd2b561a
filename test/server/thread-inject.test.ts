import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { linesOf, listedIds, readThread, resumeThread } from './stored-threads.ts';
import { assistant, endOf, layout, openThread, startTurn, user, wholeTurn } from './turns.ts';

describe('thread/inject_items', () => {
  it('puts items behind the surroundings and before the first words of the user', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const items = [user('injected'), assistant('noted')];
    expect(await daemon.request('thread/inject_items', { threadId, items })).toEqual({});
    await wholeTurn(thread, 'question');
    const { input } = await upstream.request(0);
    expect(layout(input).filter((place) => place !== 'developer')).toEqual([
      'environment',
      'user: injected',
      'assistant: noted',
      'user: question',
    ]);
    expect(input).toEqual(expect.arrayContaining(items));
  });

  it('changes later requests only', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    const before = (await upstream.request(0)).text;
    await daemon.request('thread/inject_items', { threadId, items: [assistant('injected')] });
    expect(upstream.requests).toHaveLength(1);
    expect((await upstream.request(0)).text).toBe(before);
    await wholeTurn(thread, 'two');
    const { input } = await upstream.request(1);
    expect(layout(input).slice(-4)).toEqual([
      'user: one',
      'assistant: answer 0',
      'assistant: injected',
      'user: two',
    ]);
  });

  it('is kept: a daemon that goes on with the thread sends the same', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const items = [
      user('injected'),
      { type: 'function_call', call_id: 'c1', name: 'look', arguments: '{}' },
      { type: 'function_call_output', call_id: 'c1', output: 'seen' },
    ];
    await daemon.request('thread/inject_items', { threadId, items });
    const { path } = await readThread(daemon, threadId, false);
    const stored = linesOf(path).lines.filter(({ type }) => type === 'response_item');
    expect(stored.slice(-3).map(({ payload }) => payload)).toMatchObject(items);
    await daemon.stop();
    const next = await TestDaemon.open({ home: daemon.home });
    await resumeThread(next, threadId);
    await startTurn({ daemon: next, threadId }, 'question');
    const { input } = await upstream.request(0);
    expect(input).toEqual(expect.arrayContaining(items));
    expect(layout(input).at(-1)).toBe('user: question');
  });

  it('is no turn, and does not make a thread worth listing', async () => {
    const { daemon, threadId } = await openThread();
    const before = daemon.notifications().length;
    await daemon.request('thread/inject_items', { threadId, items: [user('injected')] });
    expect((await readThread(daemon, threadId)).turns).toEqual([]);
    expect(await listedIds(daemon)).toEqual([]);
    expect(daemon.notifications()).toHaveLength(before);
  });

  it('is taken while a turn runs, for the requests after it', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const turnId = await startTurn(thread, 'one');
    const request = await upstream.request(0);
    await daemon.request('thread/inject_items', { threadId, items: [assistant('injected')] });
    request.answer('m0', ['answer']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
    await wholeTurn(thread, 'two');
    const { input } = await upstream.request(1);
    expect(layout(input).slice(-4).toSorted()).toEqual([
      'assistant: answer',
      'assistant: injected',
      'user: one',
      'user: two',
    ]);
  });

  it('refuses the whole list for one item that is none, and says which', async () => {
    const thread = await openThread();
    const { daemon, threadId, upstream } = thread;
    const good = user('injected');
    const cases: readonly (readonly [unknown, string])[] = [
      [{}, 'it lacks what its type needs, or has no type'],
      [{ type: 'message' }, 'it lacks what its type needs, or has no type'],
      ['text', 'it lacks what its type needs, or has no type'],
      [null, 'it lacks what its type needs, or has no type'],
      [{ type: 'nonsense' }, 'unknown type `nonsense`'],
    ];
    for (const [bad, reason] of cases) {
      for (const index of [0, 2]) {
        const items = [good, good, good].toSpliced(index, 1, bad as object);
        expect((await daemon.call('thread/inject_items', { threadId, items })).error).toEqual({
          code: -32600,
          message: `items[${index}] is not a valid response item: ${reason}`,
          data: { reason: 'invalidInput' },
        });
      }
    }
    await wholeTurn(thread, 'question');
    expect(layout((await upstream.request(0)).input)).not.toContain('user: injected');
  });

  it('needs a thread that is loaded', async () => {
    const { daemon } = await openThread();
    const threadId = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';
    const { error } = await daemon.call('thread/inject_items', { threadId, items: [] });
    expect(error?.message).toBe(`thread not found: ${threadId}`);
  });
});
