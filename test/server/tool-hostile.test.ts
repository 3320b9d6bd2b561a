import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import type { InputItem } from '../support/responses-upstream.ts';
import {
  beginCalls,
  call,
  exec,
  exitOf,
  itemEnd,
  openActing,
  outputOf,
  processesWith,
  expectNoProcess,
  untilProcess,
  wholeCalls,
} from './acting.ts';
import type { Acting } from './acting.ts';
import { endOf, IDLE, layout, script, text, wholeTurn, wordsOf } from './turns.ts';

/** Interrupts a turn and gives everything that comes from the answer on. */
async function interrupt({ daemon, threadId }: Acting, turnId: string): Promise<WireMessage[]> {
  const answer = await daemon.call('turn/interrupt', { threadId, turnId });
  expect(answer.result).toEqual({});
  await endOf(daemon, turnId);
  return daemon.messages.slice(daemon.messages.indexOf(answer));
}

/** The items of the next turn's request from the first call on. */
async function nextInput(acting: Acting): Promise<readonly InputItem[]> {
  const { index } = await wholeTurn(acting, 'next');
  return (await acting.upstream.request(index)).input;
}

describe('the interruption of a turn', () => {
  it.each([
    ['exec_command', { cmd: 'sleep 611' }, /^aborted by user after \d+\.\ds$/],
    [
      'shell',
      { command: ['sleep', '611'], timeout_ms: 600_000 },
      /^Wall time: \d+\.\d seconds\naborted by user$/,
    ],
  ])('ends what %s waits for, and the next request says so', async (name, args, aborted) => {
    const acting = await openActing();
    const { daemon, mark, threadId } = acting;
    const { turnId } = await beginCalls(acting, [call(name, args)]);
    await untilProcess(mark, '611');
    const told = script(threadId, turnId);
    const messages = await interrupt(acting, turnId);
    expect(messages.slice(1).filter(({ method }) => method !== 'item/completed')).toEqual([
      told.status(IDLE),
      told.completed('interrupted'),
    ]);
    await expectNoProcess(mark);
    expect(await itemEnd(daemon)).toMatchObject({ status: 'failed' });
    const input = await nextInput(acting);
    expect(layout(input).slice(2)).toEqual([
      'user: go',
      'function_call',
      'function_call_output',
      'aborted',
      'user: next',
    ]);
    expect((input[4] as unknown as { output: string }).output).toMatch(aborted);
    expect(wordsOf(input[5])).toMatch(/^<turn_aborted>\n[^]+\n<\/turn_aborted>$/);
  });

  it('ends a command that will not end, and all that it has started', async () => {
    const acting = await openActing();
    const stubborn = `trap '' TERM HUP INT; (setsid sh -c "trap '' TERM; sleep 612" &) ; sleep 613 & sleep 614; sleep 615`;
    const { turnId } = await beginCalls(acting, [exec(stubborn)]);
    for (const seconds of ['612', '613', '614']) await untilProcess(acting.mark, `sleep ${seconds}`);
    await interrupt(acting, turnId);
    await expectNoProcess(acting.mark);
    await wholeTurn(acting, 'next');
  });

  it('leaves alone what the agent left running in the background', async () => {
    const acting = await openActing();
    await wholeCalls(acting, [exec('sleep 616', { yield_time_ms: 250 })]);
    const { turnId } = await beginCalls(acting, [exec('sleep 617', {}, 'c2')]);
    await untilProcess(acting.mark, '617');
    await interrupt(acting, turnId);
    await itemEnd(acting.daemon, 'c2');
    expect(processesWith(acting.mark).join()).toContain('616');
    await acting.daemon.stop();
    await expectNoProcess(acting.mark);
  });

  it('ends what a waiting look into a session looks at', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [exec('sleep 618', { yield_time_ms: 250 })]);
    const id = Number(/session ID (\d+)/.exec(String(outputOf(request)))?.[1]);
    const { turnId } = await beginCalls(acting, [call('write_stdin', { session_id: id }, 'c2')]);
    await interrupt(acting, turnId);
    await expectNoProcess(acting.mark);
  });
});

describe('a steering of the turn while a command runs', () => {
  it('reaches the model with the output', async () => {
    const acting = await openActing();
    const { daemon, threadId } = acting;
    const { next, turnId } = await beginCalls(acting, [
      exec('until [ -e go ]; do sleep 0.05; done; echo seen'),
    ]);
    await daemon.waitForNotification('item/started', ({ item }) => (item as { id: string }).id === 'c1');
    const steered = await daemon.request('turn/steer', {
      threadId,
      expectedTurnId: turnId,
      input: [text('hurry')],
    });
    expect(steered).toEqual({ turnId });
    writeFileSync(join(acting.folder, 'go'), '');
    const request = await next();
    expect(layout(request.input).slice(2)).toEqual([
      'user: go',
      'function_call',
      'function_call_output',
      'user: hurry',
    ]);
    expect(outputOf(request)).toMatch(/seen\n$/);
    request.answer('m1', ['done']);
    expect((await endOf(daemon, turnId))['status']).toBe('completed');
  });
});

describe('a client that goes while a command runs', () => {
  it.each(['ends its input', 'is killed', 'kills the daemon'])(
    'leaves no process when it %s',
    async (way) => {
      const acting = await openActing();
      await beginCalls(acting, [exec('(setsid sleep 621 &) ; sleep 622')]);
      await untilProcess(acting.mark, 'sleep 621');
      await untilProcess(acting.mark, 'sleep 622');
      const { process: daemon } = acting.daemon;
      if (way === 'ends its input') daemon.stdin.end();
      else if (way === 'is killed') {
        daemon.stdin.destroy();
        daemon.stdout.destroy();
      } else daemon.kill('SIGKILL');
      await acting.daemon.exited;
      await expectNoProcess(acting.mark);
    },
  );

  it('leaves no process when the daemon is told to stop', async () => {
    const acting = await openActing();
    await beginCalls(acting, [exec(`trap '' TERM; sleep 623; sleep 624`)]);
    await untilProcess(acting.mark, 'sleep 623');
    acting.daemon.process.kill('SIGTERM');
    await acting.daemon.exited;
    await expectNoProcess(acting.mark);
  });
});

describe('the output of a command', () => {
  it('without end is bounded in memory, for clients and for the model', async () => {
    const acting = await openActing();
    const { daemon } = acting;
    const { request } = await wholeCalls(acting, [
      exec('echo FIRST; head -c 40000000 /dev/zero | tr "\\0" "x" | fold -w 100; echo; echo LAST', {
        yield_time_ms: 30_000,
      }),
    ]);
    const output = String(outputOf(request));
    expect(output).toMatch(
      /Process exited with code 0\nOriginal token count: \d+\nOutput:\nTotal output lines: \d+\n\nFIRST\nx[^]*…\d+ tokens truncated…[^]*x\nLAST\n$/,
    );
    expect(output.length).toBeLessThan(42_000);
    const item = await itemEnd(daemon);
    expect(String(item['aggregatedOutput']).length).toBeLessThan(1_200_000);
    expect(item['aggregatedOutput']).toMatch(/^FIRST\n[^]*LAST\n$/);
    const deltas = daemon
      .notifications('item/commandExecution/outputDelta')
      .map(({ params }) => params?.['delta']);
    const shown = deltas.join('');
    expect(shown.length).toBeLessThan(1_200_000);
    expect(shown).toMatch(/^FIRST\nx[^]*\[more output is left out here\]\n$/);
  });

  it('without end is ended with the turn', async () => {
    const acting = await openActing();
    const { turnId } = await beginCalls(acting, [exec('yes endless')]);
    await acting.daemon.waitForNotification('item/commandExecution/outputDelta');
    await interrupt(acting, turnId);
    await expectNoProcess(acting.mark);
    await wholeTurn(acting, 'next');
  });

  it('is cut to what the model asks for, however little that is', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [
      exec('seq 1000', { max_output_tokens: 10 }),
      exec('seq 1000', { max_output_tokens: -5 }, 'c2'),
    ]);
    expect(outputOf(request)).toMatch(
      /Output:\nTotal output lines: 1000\n\n1\n2\n[^]*…\d+ tokens truncated…[^]*1000\n$/,
    );
    expect(String(outputOf(request)).length).toBeLessThan(250);
    expect(outputOf(request, 'c2')).toMatch(/Output:\nTotal output lines: 1000\n\n…\d+ tokens truncated…$/);
  });

  it('of a shell command is cut in the middle as well', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [call('shell', { command: ['seq', '100000'] })]);
    expect(outputOf(request)).toMatch(/\nTotal output lines: 100000\nOutput:\n1\n2\n/);
    const [, output] = exitOf(outputOf(request));
    expect(output).toMatch(/^1\n2\n[^]*…\d+ chars truncated…[^]*100000\n$/);
    expect(output.length).toBeLessThan(10_200);
  });

  it('that is no text becomes one', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [exec(`printf 'a\\000\\377\\376b\\033[31m'`)]);
    const shown = 'a\0\uFFFD\uFFFDb\u001b[31m';
    expect(String(outputOf(request)).split('Output:\n')[1]).toBe(shown);
    expect((await itemEnd(acting.daemon))['aggregatedOutput']).toBe(shown);
  });

  it('does not wait for what was left in the background', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [
      call('shell', { command: ['sh', '-c', 'sleep 631 & echo started'] }),
    ]);
    expect(exitOf(outputOf(request))).toEqual([0, 'started\n']);
    await acting.daemon.stop();
    await expectNoProcess(acting.mark);
  });
});
