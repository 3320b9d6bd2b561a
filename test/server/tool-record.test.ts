import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { beginCalls, call, exec, openActing, question, wholeCalls } from './acting.ts';
import { endOf } from './turns.ts';

interface ReadThread {
  readonly thread: { readonly turns: readonly { readonly items: readonly { readonly type: string }[] }[] };
}

describe('what the agent has done', () => {
  it('is read from the record as it was told, by another daemon as well', async () => {
    const acting = await openActing({ approvals: 'untrusted' });
    const { daemon, threadId } = acting;
    const input = '*** Begin Patch\n*** Add File: a.txt\n+hello\n*** End Patch';
    const { next, turnId } = await beginCalls(acting, [
      exec('pwd'),
      call('shell', { command: ['touch', 'made'] }, 'c2'),
      call('apply_patch', { input }, 'c3'),
    ]);
    daemon.write({ id: (await question(daemon)).id, result: { decision: 'decline' } });
    daemon.write({ id: (await question(daemon, 1)).id, result: { decision: 'accept' } });
    (await next()).answer('m1', ['done']);
    await endOf(daemon, turnId);
    const told = daemon
      .notifications('item/completed')
      .map(({ params }) => params?.['item'] as { id: string; type: string })
      .filter(({ type }) => type === 'commandExecution' || type === 'fileChange');
    // Those that run at the same time end in any order.
    expect(told.toSorted((one, two) => one.id.localeCompare(two.id))).toMatchObject([
      { id: 'c1', status: 'completed' },
      { id: 'c2', status: 'declined' },
      { id: 'c3', status: 'completed' },
    ]);
    const read = async (reader: TestDaemon): Promise<unknown> => {
      const { thread } = await reader.request<ReadThread>('thread/read', { threadId, includeTurns: true });
      return thread.turns[0]?.items.filter(
        ({ type }) => type === 'commandExecution' || type === 'fileChange',
      );
    };
    expect(await read(daemon)).toEqual(told);
    const other = await TestDaemon.open({ home: daemon.home });
    await daemon.stop();
    expect(await read(other)).toEqual(told);
  });

  it('is what a resumed thread goes on from', async () => {
    const acting = await openActing();
    const { daemon, threadId, upstream } = acting;
    await wholeCalls(acting, [exec('echo once')]);
    await daemon.stop();
    const other = await TestDaemon.open({ home: daemon.home });
    await other.request('thread/resume', { threadId });
    await wholeCalls({ daemon: other, threadId, upstream }, [exec('echo twice', {}, 'c2')]);
    const items = upstream.requests.at(-1)?.input as readonly { type: string; call_id?: string }[];
    expect(
      items.flatMap(({ call_id, type }) => (call_id === undefined ? [] : [`${type} ${call_id}`])),
    ).toEqual(['function_call c1', 'function_call_output c1', 'function_call c2', 'function_call_output c2']);
  });
});
