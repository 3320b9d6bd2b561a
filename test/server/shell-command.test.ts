import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';
import { completed, itemDone } from '../support/responses-upstream.ts';
import { openStored, restart } from './stored.ts';
import type { SessionAnswer, StoredOptions, StoredThread } from './stored.ts';
import { ACTIVE, endOf, IDLE, layout, script, startTurn, UUID, wholeTurn, wordsOf } from './turns.ts';
import type { TurnResult } from './turns.ts';

const METHOD = 'thread/shellCommand';

function open(options: StoredOptions = {}): Promise<StoredThread> {
  return openStored({ ...options, env: { SHELL: '/bin/sh' } });
}

function run({ daemon, threadId }: StoredThread, command: string): Promise<WireMessage> {
  return daemon.call(METHOD, { threadId, command });
}

/** The item of a command as it begins. */
function started({ folder }: StoredThread, command: string): object {
  return {
    type: 'commandExecution',
    id: expect.stringMatching(UUID),
    command,
    cwd: folder,
    processId: null,
    source: 'userShell',
    status: 'inProgress',
    commandActions: [expect.any(Object)],
    aggregatedOutput: null,
    exitCode: null,
    durationMs: null,
  };
}

function ended(thread: StoredThread, command: string, exitCode: number, aggregatedOutput: unknown): object {
  const status = exitCode === 0 ? 'completed' : 'failed';
  return { ...started(thread, command), status, aggregatedOutput, exitCode, durationMs: expect.any(Number) };
}

/** The id of the turn that began with the n-th `turn/started`. */
async function turnId({ daemon }: StoredThread, index = 0): Promise<string> {
  const begun = await daemon.until('a turn', () => daemon.notifications('turn/started')[index]);
  return (begun.params as unknown as TurnResult).turn.id;
}

/** Waits until so many commands have begun. */
async function begun({ daemon }: StoredThread, count = 1): Promise<void> {
  await daemon.until('a command', () => commands(daemon.notifications('item/started'))[count - 1]);
}

function commands(notes: readonly WireMessage[]): WireMessage[] {
  return notes.filter(({ params }) => (params?.['item'] as { type: string }).type === 'commandExecution');
}

/** What the model is told of a command. */
function record(command: string, exitCode: number, output: string): unknown {
  const lines = [
    '<user_shell_command>\n<command>',
    command,
    `</command>\n<result>\nExit code: ${exitCode}\nDuration: SECONDS seconds\nOutput:`,
    output,
    '</result>\n</user_shell_command>',
  ];
  return lines.join('\n');
}

/** The records of commands in an input, without the time that each took. */
async function recordsOf({ upstream }: StoredThread, index: number): Promise<string[]> {
  const { input } = await upstream.request(index);
  return input
    .map(wordsOf)
    .filter((words) => words.startsWith('<user_shell_command>'))
    .map((words) => words.replace(/Duration: \d+\.\d{4} /u, 'Duration: SECONDS '));
}

describe('thread/shellCommand', () => {
  it('is refused for a blank command and for a thread that is not there', async () => {
    const thread = await open();
    for (const command of ['', ' \n']) {
      expect((await run(thread, command)).error).toEqual({
        code: -32600,
        message: 'command must not be empty',
        data: { reason: 'invalidInput' },
      });
    }
    const threadId = '01a1fc60-2c9d-75b6-a40c-078fc359a3d9';
    const refused = await thread.daemon.call(METHOD, { threadId, command: 'true' });
    expect(refused.error).toMatchObject({ code: -32600, message: `thread not found: ${threadId}` });
    expect(thread.daemon.notifications('turn/')).toEqual([]);
  });

  it('has a turn of its own while none runs, and is kept', async () => {
    const thread = await open();
    const { daemon, threadId } = thread;
    const before = daemon.messages.length;
    const answer = await run(thread, 'echo hi');
    const id = await turnId(thread);
    await endOf(daemon, id);
    const shown = `/bin/sh -lc 'echo hi'`;
    const told = script(threadId, id);
    const heard = daemon.messages.slice(before);
    const itemId = (heard[3]?.params?.['item'] as { id: string }).id;
    expect(heard).toEqual([
      { id: answer.id, result: {} },
      told.status(ACTIVE),
      told.started,
      told.itemStarted(started(thread, shown)),
      {
        method: 'item/commandExecution/outputDelta',
        params: { threadId, turnId: id, itemId, delta: 'hi\n' },
      },
      told.itemCompleted(ended(thread, shown, 0, 'hi\n')),
      told.status(IDLE),
      told.completed('completed'),
    ]);
    const next = await restart(thread);
    const read = await next.daemon.request<SessionAnswer>('thread/read', { threadId, includeTurns: true });
    expect(read.thread.turns.map(({ items }) => items)).toEqual([
      [{ ...ended(thread, shown, 0, 'hi\n'), id: itemId }],
    ]);
  });

  it('is known to the model in the next turn, also of a thread that goes on later', async () => {
    const thread = await open();
    await run(thread, 'echo hi; exit 3');
    await endOf(thread.daemon, await turnId(thread));
    await wholeTurn(thread, 'what was that?');
    expect(await recordsOf(thread, 0)).toEqual([record('echo hi; exit 3', 3, 'hi\n')]);
    const { input } = await thread.upstream.request(0);
    expect(layout(input)).toEqual([
      'developer',
      'environment',
      expect.stringContaining('<user_shell_command>'),
      'user: what was that?',
    ]);
    const next = await restart(thread, { env: { SHELL: '/bin/sh' } });
    await next.daemon.request('thread/resume', { threadId: thread.threadId });
    await wholeTurn(next, 'and now?');
    expect(await recordsOf(next, 1)).toEqual([record('echo hi; exit 3', 3, 'hi\n')]);
  });

  it('shows the model the ends of a long output, and the client all of it', async () => {
    const thread = await open();
    await run(thread, 'seq 1 5000');
    await endOf(thread.daemon, await turnId(thread));
    const [item] = commands(thread.daemon.notifications('item/completed'));
    const { aggregatedOutput } = item?.params?.['item'] as { aggregatedOutput: string };
    expect(aggregatedOutput.split('\n')).toHaveLength(5001);
    await wholeTurn(thread, 'hm');
    const [words = ''] = await recordsOf(thread, 0);
    expect(words).toMatch(
      /Output:\nTotal output lines: 5000\n\n1\n2\n[^]*chars truncated[^]*\n5000\n\n<\/result>/,
    );
    expect(words.length).toBeLessThan(10_500);
  });

  it('runs outside the sandbox, without a question', async () => {
    const thread = await open({ thread: { sandbox: 'read-only', approvalPolicy: 'untrusted' } });
    const path = join(testFolder(), 'made');
    await run(thread, `touch '${path}'`);
    await endOf(thread.daemon, await turnId(thread));
    expect(existsSync(path)).toBe(true);
    expect(
      thread.daemon.messages.filter(({ id, method }) => id !== undefined && method !== undefined),
    ).toEqual([]);
  });

  it('belongs to the turn that runs, which waits for it; the model is told once its response is over', async () => {
    const thread = await open();
    const { daemon, folder, threadId, upstream } = thread;
    const id = await startTurn(thread, 'hello');
    const request = await upstream.request(0);
    request.begin('m0', ['answer']);
    const command = `until [ -e go ]; do sleep 0.05; done; echo went`;
    expect((await run(thread, command)).result).toEqual({});
    await begun(thread);
    request.finish('m0', ['answer']);
    await daemon.waitForNotification('thread/tokenUsage/updated');
    expect(daemon.notifications('turn/completed')).toEqual([]);
    await daemon.request('turn/steer', {
      threadId,
      expectedTurnId: id,
      input: [{ type: 'text', text: 'more' }],
    });
    const second = await upstream.request(1);
    expect(await recordsOf(thread, 1)).toEqual([]);
    await run(thread, `touch '${join(folder, 'go')}'`);
    await daemon.until('both ends', () => commands(daemon.notifications('item/completed'))[1]);
    second.answer('m1', ['second']);
    await endOf(daemon, id);
    const ends = commands(daemon.notifications('item/completed'));
    expect(ends.map(({ params }) => params?.['turnId'])).toEqual([id, id]);
    expect(daemon.notifications('turn/started')).toHaveLength(1);
    await wholeTurn(thread, 'next');
    const { input } = await upstream.request(2);
    const places = layout(input).map((each) => each.split('\n')[0]);
    expect(places.slice(2, 6)).toEqual([
      'user: hello',
      'assistant: answer',
      'user: more',
      'assistant: second',
    ]);
    expect(places.slice(6)).toEqual([
      'user: <user_shell_command>',
      'user: <user_shell_command>',
      'user: next',
    ]);
  });

  it('takes input while it runs, which is answered in its turn at once', async () => {
    const thread = await open();
    const { daemon, folder, upstream } = thread;
    await run(thread, 'until [ -e go ]; do sleep 0.05; done');
    await begun(thread);
    const own = await turnId(thread);
    expect(await startTurn(thread, 'hello')).toBe(own);
    (await upstream.request(0)).answer('m0', ['hi']);
    await daemon.waitForNotification('thread/tokenUsage/updated');
    expect(daemon.notifications('turn/completed')).toEqual([]);
    await run(thread, `touch '${join(folder, 'go')}'`);
    expect((await endOf(daemon, own))['status']).toBe('completed');
    expect(daemon.notifications('turn/started')).toHaveLength(1);
  });

  it('is told to the model in the same turn where that is asked again', async () => {
    const thread = await open();
    const { daemon, upstream } = thread;
    const id = await startTurn(thread, 'hello');
    const request = await upstream.request(0);
    request.begin('m0', ['…']);
    await run(thread, 'echo hi');
    await daemon.until('its end', () => commands(daemon.notifications('item/completed'))[0]);
    request.send(
      itemDone({ type: 'function_call', call_id: 'c', name: 'nothing', arguments: '{}' }),
      completed('m0'),
    );
    request.end();
    (await upstream.request(1)).answer('m1', ['ok']);
    await endOf(daemon, id);
    expect(await recordsOf(thread, 1)).toEqual([record('echo hi', 0, 'hi\n')]);
    const { input } = await upstream.request(1);
    expect(input.map(({ type }) => type).slice(-3)).toEqual([
      'function_call',
      'function_call_output',
      'message',
    ]);
  });

  it('ends when its turn is interrupted, and the model knows', async () => {
    const thread = await open();
    const { daemon, threadId } = thread;
    await run(thread, 'echo begun; sleep 600');
    await daemon.waitForNotification('item/commandExecution/outputDelta');
    const id = await turnId(thread);
    await daemon.request('turn/interrupt', { threadId, turnId: id });
    expect((await endOf(daemon, id))['status']).toBe('interrupted');
    const [item] = commands(daemon.notifications('item/completed'));
    expect(item?.params?.['item']).toEqual(
      ended(thread, `/bin/sh -lc 'echo begun; sleep 600'`, 143, 'begun\n'),
    );
    await wholeTurn(thread, 'next');
    expect(await recordsOf(thread, 0)).toEqual([
      record('echo begun; sleep 600', 143, '(the user stopped it)\nbegun\n'),
    ]);
  });

  it('ends with the daemon', async () => {
    const thread = await open();
    await run(thread, 'echo $$; exec sleep 600');
    const { delta } = await thread.daemon.waitForNotification('item/commandExecution/outputDelta');
    const pid = Number(delta);
    expect(process.kill(pid, 0)).toBe(true);
    await thread.daemon.stop();
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('outlives a failure of the model: a turn that fails ends after it', async () => {
    const thread = await open();
    const { daemon, folder, upstream } = thread;
    const id = await startTurn(thread, 'hello');
    const request = await upstream.request(0);
    await run(thread, 'until [ -e go ]; do sleep 0.05; done');
    await begun(thread);
    request.refuse(400, 'no');
    await run(thread, `touch '${join(folder, 'go')}'`);
    expect((await endOf(daemon, id))['status']).toBe('failed');
    const methods = daemon.notifications().map(({ method }) => method);
    expect(methods.lastIndexOf('item/completed')).toBeLessThan(methods.indexOf('turn/completed'));
    await wholeTurn(thread, 'next');
    expect(await recordsOf(thread, 1)).toHaveLength(2);
  });

  it('belongs to a compaction that runs, and what came of it outlives that', async () => {
    const thread = await open({ top: 'compact_prompt = "Sum up."' });
    const { daemon, threadId, upstream } = thread;
    await wholeTurn(thread, 'one');
    await daemon.request('thread/compact/start', { threadId });
    const request = await upstream.request(1);
    await run(thread, 'echo hi');
    await daemon.until('its end', () => commands(daemon.notifications('item/completed'))[0]);
    request.answer('s1', ['a summary']);
    await endOf(daemon, await turnId(thread, 1));
    await wholeTurn(thread, 'two');
    expect(await recordsOf(thread, 2)).toEqual([record('echo hi', 0, 'hi\n')]);
  });

  it('is refused where too many run in one turn', async () => {
    const thread = await open();
    for (let count = 0; count < 16; count += 1) {
      expect((await run(thread, 'sleep 600')).result).toEqual({});
      await begun(thread, count + 1);
    }
    expect((await run(thread, 'sleep 600')).error).toMatchObject({
      code: -32001,
      message: expect.stringContaining('16 commands run in the turn already'),
    });
    await thread.daemon.request('turn/interrupt', {
      threadId: thread.threadId,
      turnId: await turnId(thread),
    });
    await endOf(thread.daemon, await turnId(thread));
    expect(commands(thread.daemon.notifications('item/completed'))).toHaveLength(16);
  });
});
