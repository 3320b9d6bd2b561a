import { describe, expect, it, onTestFinished } from 'vitest';
import { openCore } from '../../server/in-process-core.ts';

describe('an agent that is closed', () => {
  it('does not wait for a turn that was never run, which ends if it is run after all', async () => {
    const told: (readonly [string, unknown])[] = [];
    const core = openCore((event, params) => told.push([event, params]));
    const thread = await core.threads.start({});
    const { run, turn } = thread.agent.startTurn({
      threadId: thread.id,
      input: [{ type: 'text', text: 'one', text_elements: [] }],
    });
    await thread.close();
    expect(told).toEqual([]);
    run();
    await thread.close();
    expect(told.map(([event]) => event)).toEqual([
      'threadStatusChanged',
      'turnStarted',
      'threadStatusChanged',
      'turnCompleted',
    ]);
    expect(told.at(-1)?.[1]).toMatchObject({ turn: { id: turn.id, status: 'interrupted', error: null } });
  });

  it('tells of a command that was taken and is not run', async () => {
    const told: (readonly [string, unknown])[] = [];
    const core = openCore((event, params) => told.push([event, params]));
    const thread = await core.threads.start({});
    const { run } = thread.agent.startTurn({
      threadId: thread.id,
      input: [{ type: 'text', text: 'one', text_elements: [] }],
    });
    run();
    const command = thread.agent.startUserCommand('echo roses');
    const closed = thread.close();
    command.run();
    await closed;
    const message = 'The command `echo roses` was not run: the thread was closed.';
    expect(told.filter(([event]) => event === 'warning')).toEqual([
      ['warning', { threadId: thread.id, message }],
    ]);
  });
});

describe('commands that wait for a turn to end', () => {
  it('are told of where too many of them run in the next one', async () => {
    const told: (readonly [string, unknown])[] = [];
    const core = openCore((event, params) => told.push([event, params]));
    const thread = await core.threads.start({});
    onTestFinished(() => thread.close());
    const { run } = thread.agent.startTurn({
      threadId: thread.id,
      input: [{ type: 'text', text: 'one', text_elements: [] }],
    });
    run();
    const commands = Array.from({ length: 18 }, () => thread.agent.startUserCommand('sleep 600'));
    const { finish } = await thread.agent.interruptTurn('');
    for (const command of commands) command.run();
    finish();
    const warnings = (): unknown[] =>
      told.filter(([event]) => event === 'warning').map(([, params]) => params);
    const message = 'The command `sleep 600` was not run: 16 commands run in the turn already.';
    await expect
      .poll(warnings, { timeout: 10_000 })
      .toEqual([1, 2].map(() => ({ threadId: thread.id, message })));
  });
});
