import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { ResponsesUpstream } from '../support/responses-upstream.ts';

async function startThreads(daemon: TestDaemon, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1)
    ids.push(await daemon.startThread({ ephemeral: index % 2 === 0 }));
  return ids;
}

describe('thread/loaded/list', () => {
  it('gives all ids in ascending order, or page by page', async () => {
    const daemon = await TestDaemon.open();
    const [a, b, c] = (await startThreads(daemon, 3)).sort() as [string, string, string];
    const list = async (params: object): Promise<unknown> => daemon.request('thread/loaded/list', params);
    const all = { data: [a, b, c], nextCursor: null };
    expect(await list({})).toEqual(all);
    expect(await list({ limit: null, cursor: null })).toEqual(all);
    expect(await list({ limit: 3 })).toEqual(all);
    expect(await list({ limit: 4_294_967_295 })).toEqual(all);
    expect(await list({ limit: 2 })).toEqual({ data: [a, b], nextCursor: b });
    expect(await list({ limit: 2, cursor: b })).toEqual({ data: [c], nextCursor: null });
    expect(await list({ limit: 1 })).toEqual({ data: [a], nextCursor: a });
    expect(await list({ limit: 0 })).toEqual({ data: [a], nextCursor: a });
    expect(await list({ limit: 0, cursor: a })).toEqual({ data: [b], nextCursor: b });
    expect(await list({ cursor: c })).toEqual({ data: [], nextCursor: null });
  });

  it('takes a cursor that is no loaded thread, but none that is no id', async () => {
    const daemon = await TestDaemon.open();
    const [id] = await startThreads(daemon, 1);
    const list = async (cursor: string): Promise<unknown> => daemon.request('thread/loaded/list', { cursor });
    expect(await list('00000000-0000-0000-0000-000000000000')).toEqual({ data: [id], nextCursor: null });
    expect(await list('ffffffff-ffff-ffff-ffff-ffffffffffff')).toEqual({ data: [], nextCursor: null });
    for (const cursor of ['', 'x', '1', `${id}x`]) {
      expect((await daemon.call('thread/loaded/list', { cursor })).error).toEqual({
        code: -32600,
        message: `invalid cursor: ${cursor}`,
        data: { reason: 'invalidCursor' },
      });
    }
  });
});

describe('the id of a thread', () => {
  it('may be spelled in any of the ways in which a UUID is written', async () => {
    const daemon = await TestDaemon.open();
    const id = await daemon.startThread();
    const spellings = [
      id,
      id.toUpperCase(),
      id.replaceAll('-', ''),
      id.replaceAll('-', '').toUpperCase(),
      `{${id}}`,
      `urn:uuid:${id}`,
    ];
    for (const threadId of spellings) {
      const { error } = await daemon.call('turn/start', { threadId, input: [] });
      expect(error?.message, threadId).toBe('input must not be empty');
    }
  });

  it('is refused where it is none', async () => {
    const daemon = await TestDaemon.open();
    const id = await daemon.startThread();
    const prefix =
      'invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found';
    const cases: readonly (readonly [string, string])[] = [
      ['not-a-uuid', `${prefix} \`n\` at 1`],
      [`${id.slice(0, 5)}x`, `${prefix} \`x\` at 6`],
      [` ${id}`, `${prefix} \` \` at 1`],
      [`${id.slice(0, 3)}😀`, `${prefix} \`😀\` at 4`],
      ['', 'invalid length: expected length 32 for simple format, found 0'],
      ['abc', 'invalid length: expected length 32 for simple format, found 3'],
      [id.replaceAll('-', '').slice(1), 'invalid length: expected length 32 for simple format, found 31'],
    ];
    for (const [threadId, reason] of cases) {
      expect((await daemon.call('thread/unsubscribe', { threadId })).error, threadId).toEqual({
        code: -32600,
        message: `invalid thread id: ${reason}`,
        data: { reason: 'invalidThreadId' },
      });
    }
    for (const threadId of [`${id}0`, id.slice(1), id.replace('-', ''), '-'.repeat(36)]) {
      const { error } = await daemon.call('thread/unsubscribe', { threadId });
      expect(error?.message, threadId).toMatch(/^invalid thread id: invalid /);
    }
  });
});

describe('thread/unsubscribe', () => {
  it('says whether the thread was followed, and leaves it loaded', async () => {
    const daemon = await TestDaemon.open();
    const threadId = await daemon.startThread();
    const unsubscribe = async (id: string): Promise<unknown> =>
      daemon.request('thread/unsubscribe', { threadId: id });
    expect(await unsubscribe(threadId.toUpperCase())).toEqual({ status: 'unsubscribed' });
    expect(await unsubscribe(threadId)).toEqual({ status: 'notSubscribed' });
    expect(await unsubscribe('01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64')).toEqual({ status: 'notLoaded' });
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [threadId], nextCursor: null });
  });

  it('leaves of a turn its answer and the status of the thread', async () => {
    const upstream = await ResponsesUpstream.open();
    const daemon = await TestDaemon.open({ config: upstream.config() });
    const threadId = await daemon.startThread();
    await daemon.request('thread/unsubscribe', { threadId });
    const before = daemon.messages.length;
    const answer = await daemon.call('turn/start', { threadId, input: [{ type: 'text', text: 'x' }] });
    (await upstream.request()).answer('m1', ['hello']);
    await daemon.waitForNotification('thread/status/changed', idle);
    const next = await daemon.call('thread/unsubscribe', { threadId });
    expect(daemon.messages.slice(before)).toEqual([
      answer,
      {
        method: 'thread/status/changed',
        params: { threadId, status: { type: 'active', activeFlags: [] } },
      },
      { method: 'thread/status/changed', params: { threadId, status: { type: 'idle' } } },
      next,
    ]);
    expect(next.result).toEqual({ status: 'notSubscribed' });
  });
});

function idle(params: Readonly<Record<string, unknown>>): boolean {
  return (params['status'] as { type: string }).type === 'idle';
}
