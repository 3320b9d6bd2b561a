import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTerminalModule } from '../../src/exec/terminal.ts';
import { completed, itemDone } from '../support/responses-upstream.ts';
import {
  beginCalls,
  call,
  commandView,
  exec,
  exitOf,
  itemEnd,
  openActing,
  outputOf,
  sessionText,
  wholeCalls,
} from './acting.ts';
import { ACTIVE, endOf, IDLE, script, textElement, times, wholeTurn } from './turns.ts';

/** The package for terminals is not built for every machine. */
const hasTerminal = (await loadTerminalModule()) !== null;

describe('a command in a session', () => {
  it('is told as an item with its output, and the model what came of it', async () => {
    const acting = await openActing();
    const { daemon, threadId } = acting;
    const { before, next, turnId } = await beginCalls(acting, [exec('echo hi')]);
    await itemEnd(daemon);
    const request = await next();
    expect(outputOf(request)).toMatch(sessionText('Process exited with code 0', 'hi\n'));
    request.answer('m1', ['done']);
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    const item = commandView(acting, 'echo hi');
    expect(daemon.messages.slice(before + 1)).toEqual([
      told.status(ACTIVE),
      told.started,
      ...told.input(textElement('go')),
      told.limits(),
      told.itemStarted(item),
      {
        method: 'item/commandExecution/outputDelta',
        params: { threadId, turnId, itemId: 'c1', delta: 'hi\n' },
      },
      told.itemCompleted({
        ...item,
        status: 'completed',
        aggregatedOutput: 'hi\n',
        exitCode: 0,
        durationMs: expect.any(Number),
      }),
      told.usage(),
      told.limits(),
      ...told.answer('m1', ['done']),
      told.usage(times(2)),
      told.status(IDLE),
      told.completed('completed'),
    ]);
    const [started, ended] = daemon
      .notifications('item/')
      .map(({ params }) => params?.['item'] as { type: string; processId: string } | undefined)
      .filter((each) => each?.type === 'commandExecution');
    expect(started?.processId).toBe(ended?.processId);
  });

  it('that fails says with which code', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [exec('echo no >&2; exit 3')]);
    expect(outputOf(request)).toMatch(sessionText('Process exited with code 3', 'no\n'));
    expect(await itemEnd(acting.daemon)).toMatchObject({
      status: 'failed',
      exitCode: 3,
      aggregatedOutput: 'no\n',
    });
  });

  it('is told as what it does', async () => {
    const acting = await openActing();
    await wholeCalls(acting, [exec('cat a.txt && ls')]);
    expect((await itemEnd(acting.daemon))['commandActions']).toEqual([
      { type: 'read', command: 'cat a.txt', name: 'a.txt', path: join(acting.folder, 'a.txt') },
      { type: 'listFiles', command: 'ls', path: null },
    ]);
  });

  it('goes on where the model writes to it, in the same turn and in the next', async () => {
    const acting = await openActing();
    const { daemon } = acting;
    const loop = 'while read -r line; do echo "got $line"; done; echo over';
    const first = await beginCalls(acting, [exec(loop, { tty: true, yield_time_ms: 1 })]);
    let request = await first.next();
    const session = /session ID (\d+)/.exec(String(outputOf(request)))?.[1];
    expect(outputOf(request)).toMatch(sessionText(`Process running with session ID ${session}`, ''));
    request.send(call('write_stdin', { session_id: Number(session), chars: 'one\n' }, 'c2'), completed('w'));
    request.end();
    request = await acting.upstream.request(2);
    expect(outputOf(request, 'c2')).toMatch(
      /running with session ID \d+\nOutput:\n(?:one\r\n)?(?:got one\r?\n)?$/,
    );
    request.answer('m1', ['it runs']);
    expect((await endOf(daemon, first.turnId))['status']).toBe('completed');
    await daemon.waitForNotification('item/commandExecution/outputDelta', ({ delta }) =>
      String(delta).includes('got one'),
    );

    const id = Number(session);
    const { request: last, turnId } = await wholeCalls(acting, [
      call('write_stdin', { session_id: id, chars: 'two\n' }, 'c3'),
      call('write_stdin', { session_id: 99 }, 'c4'),
    ]);
    expect(outputOf(last, 'c3')).toMatch(/running with session ID/);
    expect(outputOf(last, 'c4')).toBe('There is no running command with the session id 99.');
    const ids = { threadId: acting.threadId, itemId: 'c1', processId: session };
    const method = 'item/commandExecution/terminalInteraction';
    expect(daemon.notifications(method)).toEqual([
      { method, params: { ...ids, turnId: first.turnId, stdin: 'one\n' } },
      { method, params: { ...ids, turnId, stdin: 'two\n' } },
    ]);
  });

  it('has no input where the model does not ask for a terminal, and says so when it is written to', async () => {
    const acting = await openActing();
    const { next } = await beginCalls(acting, [
      exec('cat; echo over'),
      exec('sleep 600', { yield_time_ms: 1 }, 'c2'),
    ]);
    const request = await next();
    expect(outputOf(request)).toMatch(sessionText('Process exited with code 0', 'over\n'));
    const session = /session ID (\d+)/.exec(String(outputOf(request, 'c2')))?.[1];
    request.send(call('write_stdin', { session_id: Number(session), chars: 'x' }, 'c3'), completed('w'));
    request.end();
    expect(outputOf(await acting.upstream.request(2), 'c3')).toBe(
      'Nothing was written: the session has no input; start the command again with `tty` to write to it',
    );
  });

  it('is told with the number of all lines that it printed, however many of them were kept', async () => {
    const acting = await openActing();
    const many = 'seq 1 400000';
    const { request } = await wholeCalls(acting, [
      exec(many),
      call('shell', { command: ['sh', '-c', many], timeout_ms: 60_000 }, 'c2'),
      call('shell_command', { command: many, timeout_ms: 60_000 }, 'c3'),
    ]);
    const totals = ['c1', 'c2', 'c3'].map((callId) => {
      const output = String(outputOf(request, callId));
      return /Total output lines: (\d+)/.exec(output)?.[1] ?? output;
    });
    expect(totals).toEqual(['400000', '400000', '400000']);
  });

  it.runIf(hasTerminal)('has a terminal where the model wants one', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [exec('test -t 0 && test -t 1 && echo yes', { tty: true })]);
    expect(outputOf(request)).toMatch(sessionText('Process exited with code 0', 'yes\r\n'));
  });

  it('runs in the folder and with the shell that the model names', async () => {
    const acting = await openActing();
    mkdirSync(join(acting.folder, 'sub'));
    const { request } = await wholeCalls(acting, [
      exec('pwd', { workdir: 'sub', login: false, shell: '/bin/sh' }),
      exec('pwd', { workdir: 'nowhere' }, 'c2'),
      exec('x', { shell: '/no/such/shell' }, 'c3'),
    ]);
    expect(outputOf(request)).toMatch(sessionText('Process exited with code 0', `${acting.folder}/sub\n`));
    expect(outputOf(request, 'c2')).toBe(
      `exec_command failed for \`pwd\`: the directory ${acting.folder}/nowhere is not there (ENOENT)`,
    );
    expect(outputOf(request, 'c3')).toMatch(
      /^exec_command failed for `x`: \/no\/such\/shell could not be started/,
    );
    expect(await itemEnd(acting.daemon, 'c3')).toMatchObject({
      status: 'failed',
      exitCode: null,
      aggregatedOutput: outputOf(request, 'c3'),
    });
  });

  it('is told shortened where it is too long to be started', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [exec(`echo ${'x'.repeat(900_000)}`)]);
    const output = String(outputOf(request));
    expect(output).toMatch(/^exec_command failed for `echo x+…\d+ chars truncated…x+`: /);
    expect(output.length).toBeLessThan(5_000);
  });

  it('does not see what may be a credential', async () => {
    const acting = await openActing({
      env: { OPENAI_API_KEY: 'k1', MY_SECRET: 's1', token_of_mine: 't1', PROVIDER_PASS: 'v1', PLAIN: 'p1' },
      provider: 'env_http_headers = { "X-Pass" = "PROVIDER_PASS" }',
    });
    const { request } = await wholeCalls(acting, [exec('env')]);
    const output = String(outputOf(request));
    expect(request.headers['x-pass']).toBe('v1');
    expect(output).toContain('PLAIN=p1');
    expect(output).not.toMatch(/k1|s1|t1|v1|test-token/);
  });
});

describe('a command to its end', () => {
  const shell = (args: object, callId = 'c1') => call('shell', args, callId);

  it.each([
    ['lines to a model that takes patches as free text', 'gpt-5.5'],
    ['JSON to another', 'test-model'],
  ])('answers in %s, under every name of the tool', async (_form, model) => {
    const acting = await openActing({ model });
    const command = ['sh', '-c', 'echo hi; exit 2'];
    const { request } = await wholeCalls(acting, [
      shell({ command }),
      call('container.exec', { command }, 'c2'),
      itemDone({
        type: 'local_shell_call',
        call_id: 'c3',
        status: 'completed',
        action: { type: 'exec', command, timeout_ms: 5_000, working_directory: acting.folder },
      }),
    ]);
    for (const callId of ['c1', 'c2', 'c3']) {
      const output = outputOf(request, callId);
      if (model === 'gpt-5.5') expect(exitOf(output)).toEqual([2, 'hi\n']);
      else
        expect(JSON.parse(String(output)), callId).toEqual({
          output: 'hi\n',
          metadata: { exit_code: 2, duration_seconds: expect.any(Number) },
        });
    }
    expect(await itemEnd(acting.daemon)).toEqual({
      ...commandView(acting, 'echo hi; exit 2'),
      command: "sh -c 'echo hi; exit 2'",
      processId: null,
      source: 'agent',
      status: 'failed',
      commandActions: expect.any(Array),
      aggregatedOutput: 'hi\n',
      exitCode: 2,
      durationMs: expect.any(Number),
    });
  });

  it('is ended when its time is over', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [
      shell({ command: ['sh', '-c', 'echo early; sleep 600'], timeout_ms: 300 }),
    ]);
    const [code, output] = exitOf(outputOf(request));
    expect(code).toBe(124);
    expect(output).toMatch(/^command timed out after \d+ milliseconds\nearly\n$/);
    expect(await itemEnd(acting.daemon)).toMatchObject({
      status: 'failed',
      exitCode: 124,
      aggregatedOutput: 'early\n',
    });
  });
});

describe('a script to its end', () => {
  const command = (script: string, more: object = {}, callId = 'c1') =>
    call('shell_command', { command: script, ...more }, callId);

  it('answers in lines', async () => {
    const acting = await openActing();
    mkdirSync(join(acting.folder, 'sub'));
    const { request } = await wholeCalls(acting, [
      command('pwd; exit 2', { workdir: 'sub', login: false }),
      command('seq 1 5000', {}, 'c2'),
    ]);
    expect(outputOf(request)).toMatch(
      new RegExp(`^Exit code: 2\nWall time: [\\d.]+ seconds\nOutput:\n${acting.folder}/sub\n$`),
    );
    expect(outputOf(request, 'c2')).toMatch(
      /^Exit code: 0\nWall time: [\d.]+ seconds\nTotal output lines: 5000\nOutput:\n1\n2\n[\s\S]+ truncated…[\s\S]+\n5000\n$/,
    );
    expect(await itemEnd(acting.daemon)).toMatchObject({
      command: expect.stringMatching(/ -c 'pwd; exit 2'$/),
      processId: null,
      source: 'agent',
      status: 'failed',
      exitCode: 2,
    });
  });

  it('is ended when its time is over', async () => {
    const acting = await openActing();
    const { request } = await wholeCalls(acting, [command('echo early; sleep 600', { timeout_ms: 300 })]);
    expect(outputOf(request)).toMatch(
      /^Exit code: 124\nWall time: [\d.]+ seconds\nOutput:\ncommand timed out after \d+ milliseconds\nearly\n$/,
    );
  });
});

describe('several calls of one response', () => {
  it('run at the same time where they may, and are told in their order behind all that was said', async () => {
    const acting = await openActing();
    // Each waits for what the other does, so that they end only if they run at the same time.
    const { request } = await wholeCalls(acting, [
      exec('until [ -e b ]; do sleep 0.05; done; touch a; echo first'),
      exec('touch b; until [ -e a ]; do sleep 0.05; done; echo second', {}, 'c2'),
      itemDone({
        type: 'message',
        role: 'assistant',
        id: 'm0',
        content: [{ type: 'output_text', text: 'both' }],
      }),
      exec('echo third', {}, 'c3'),
    ]);
    const items = request.input.slice(3) as readonly { type: string; call_id?: string }[];
    expect(items.map(({ call_id, type }) => `${type} ${call_id ?? ''}`.trim())).toEqual([
      'function_call c1',
      'function_call c2',
      'message',
      'function_call c3',
      'function_call_output c1',
      'function_call_output c2',
      'function_call_output c3',
    ]);
    expect(outputOf(request)).toMatch(/first\n$/);
    expect(outputOf(request, 'c2')).toMatch(/second\n$/);
    expect(outputOf(request, 'c3')).toMatch(/third\n$/);
  });

  it('begin before the response has ended', async () => {
    const acting = await openActing();
    const { next } = await beginCalls(acting, [exec('echo hi')]);
    expect(await itemEnd(acting.daemon)).toMatchObject({ status: 'completed' });
    (await next()).answer('m1', ['done']);
  });
});

describe('a call that cannot be made', () => {
  it.each([
    ['exec_command', '{', /^failed to parse function arguments: .+/],
    ['exec_command', '[]', /^failed to parse function arguments: .+/],
    ['exec_command', {}, /^failed to parse function arguments: .+`cmd`$/],
    ['exec_command', { cmd: '' }, /^failed to parse function arguments: the command is empty at `cmd`$/],
    ['exec_command', { cmd: ['ls'] }, /^failed to parse function arguments: .+`cmd`$/],
    ['exec_command', { cmd: 'ls', sandbox_permissions: 'all' }, /^failed to parse .+`sandbox_permissions`$/],
    ['write_stdin', { session_id: '1' }, /^failed to parse function arguments: .+`session_id`$/],
    ['shell', { command: [] }, /^failed to parse function arguments: the command is empty at `command`$/],
    ['shell_command', { command: '' }, /^failed to parse .+ the command is empty at `command`$/],
    ['shell', { command: 'ls' }, /^failed to parse function arguments: .+`command`$/],
    ['shell', { command: ['ls'], timeout_ms: -1 }, /^failed to parse function arguments: .+`timeout_ms`$/],
    ['update_plan', { plan: [{ step: 'x', status: 'maybe' }] }, /^failed to parse .+`plan.0.status`$/],
    ['view_image', {}, /^failed to parse function arguments: .+`path`$/],
    ['request_user_input', { questions: [] }, /^failed to parse .+there is no question at `questions`$/],
    ['no_such_tool', {}, /^unsupported call: no_such_tool$/],
    ['toString', {}, /^unsupported call: toString$/],
  ])('%s with %j is answered by a text, and shows nothing', async (name, args, expected) => {
    const acting = await openActing();
    const { request, told } = await wholeCalls(acting, [call(name, args)]);
    expect(outputOf(request)).toMatch(expected);
    const items = told.map(({ params }) => (params?.['item'] as { type: string } | undefined)?.type);
    expect(new Set(items)).toEqual(new Set([undefined, 'userMessage', 'agentMessage']));
    await wholeTurn(acting, 'next');
  });
});
