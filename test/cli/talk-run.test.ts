import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { runTalk } from '../../src/cli/talk/index.ts';
import type { TalkOptions } from '../../src/cli/talk/index.ts';
import { wavHeader } from '../../src/util/wav.ts';

const daemonScript = fileURLToPath(new URL('../fixtures/scripted-daemon.mjs', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'parley-talk-run-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const threadId = 't1';
const STARTED = {
  notify: 'thread/realtime/started',
  params: { threadId, realtimeSessionId: threadId, version: 'v2' },
};
const closed = (reason: string): object => ({
  notify: 'thread/realtime/closed',
  params: { threadId, reason },
});
const done = (text: string): object => ({
  notify: 'thread/realtime/transcript/done',
  params: { threadId, role: 'assistant', text },
});

/** The steps of a daemon that answers each text with its own words. */
const ECHO = {
  initialize: [{ result: {} }],
  'thread/start': [{ result: { thread: { id: threadId } } }],
  'thread/realtime/start': [{ result: {} }, STARTED],
  'thread/realtime/appendText': [{ result: {} }, done('$params.text')],
  'thread/realtime/stop': [{ result: {} }, closed('requested')],
};

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a call against the scripted daemon, with the lines on standard input. */
async function talk(
  steps: Record<string, readonly object[]>,
  options: Partial<TalkOptions> = {},
  lines?: string,
): Promise<Outcome> {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  if (lines !== undefined) stdin.end(lines);
  const script = JSON.stringify({ on: { ...ECHO, ...steps } });
  const code = await runTalk({
    modality: 'text',
    loopback: false,
    daemon: { command: process.execPath, args: [daemonScript, script] },
    clientVersion: '0.0.0',
    stdin,
    stdout,
    stderr,
    env: process.env,
    signal: new AbortController().signal,
    interrupt: () => {},
    ...options,
  });
  return { code, stdout: String(stdout.read() ?? ''), stderr: String(stderr.read() ?? '') };
}

function summary(first: string, closedText: string): unknown[] {
  return [
    'summary',
    `  utterances  ${first}`,
    expect.any(String),
    '  sent        0 bytes (0.0 s)',
    '  received    0 bytes (0.0 s)',
    `  closed      ${closedText}`,
    '',
  ];
}

describe('a call by text', () => {
  it('answers the lines of a pipe and ends with it', async () => {
    const { code, stdout, stderr } = await talk({}, {}, 'hello\n\n  last line');
    expect(stdout.split('\n')).toEqual([
      'answer: hello',
      'answer: last line',
      ...summary('0 heard, 2 typed, 2 answered', 'requested'),
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'connecting\nlistening\nstopping\n' });
  });

  it('sends the texts it was given, and reads nothing then', async () => {
    const { code, stdout } = await talk({}, { text: ['one', 'two'] });
    expect(stdout).toMatch(/^answer: one\nanswer: two\nsummary\n/);
    expect(code).toBe(0);
  });

  it('ends at once when there is nothing to say', async () => {
    const { code, stdout } = await talk({}, {}, '');
    expect(stdout.split('\n')).toEqual(summary('0 heard, 0 answered', 'requested'));
    expect(code).toBe(0);
  });

  it.each(['/stop', '/quit'])('ends on %s', async (command) => {
    const { code, stdout } = await talk(
      { 'thread/realtime/appendText': [{ result: {} }] },
      {},
      `a\n${command}\nb\n`,
    );
    expect(stdout).toMatch(/0 heard, 1 typed, 0 answered/);
    expect(code).toBe(0);
  });

  it('ends in order when it is interrupted', async () => {
    const interrupted = new AbortController();
    const stdout = new PassThrough();
    stdout.once('data', () => interrupted.abort());
    stdout.resume();
    const stdin = new PassThrough();
    stdin.write('hello\n');
    const { code, stderr } = await talk({}, { signal: interrupted.signal, stdout, stdin });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'connecting\nlistening\nstopping\n' });
  });

  it('can be interrupted before it is up', async () => {
    const signal = AbortSignal.abort();
    expect(await talk({}, { signal }, 'hello\n')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'connecting\nstopped before the call was up\n',
    });
  });

  it('tells warnings and errors that the call survives', async () => {
    const steps = {
      initialize: [
        { result: {} },
        { notify: 'configWarning', params: { summary: 'bad key', details: null } },
      ],
      'thread/realtime/appendText': [
        { result: {} },
        { notify: 'thread/realtime/error', params: { threadId, message: 'not like this' } },
        done('fine'),
      ],
    };
    const { code, stderr } = await talk(steps, {}, 'hello\n');
    expect(stderr).toContain('warning: bad key\n');
    expect(stderr).toContain('error: not like this\n');
    expect(code).toBe(0);
  });
});

/** A turn that a delegated request starts, with what happens in it. */
function delegated(...during: readonly object[]): object[] {
  const turn = { id: 'turn', items: [], itemsView: 'notLoaded', startedAt: 1, completedAt: null };
  const item = { type: 'handoff_request', handoff_id: 'c', input_transcript: 'list files' };
  return [
    { result: {} },
    { notify: 'thread/realtime/itemAdded', params: { threadId, item } },
    {
      notify: 'turn/started',
      params: { threadId, turn: { ...turn, status: 'inProgress', error: null, durationMs: null } },
    },
    ...during,
  ];
}

function turnEnd(status: string, message: string | null = null): object {
  const error = message === null ? null : { message, codexErrorInfo: null, additionalDetails: null };
  const turn = { id: 'turn', items: [], itemsView: 'notLoaded', status, error, durationMs: 1_500 };
  return {
    notify: 'turn/completed',
    params: { threadId, turn: { ...turn, startedAt: 1, completedAt: 3 } },
  };
}

const inTurn = (method: string, params: object): object => ({
  notify: method,
  params: { threadId, turnId: 'turn', ...params },
});

describe('a call that delegates', () => {
  const envelope = '<realtime_delegation>\n  <input>list files</input>\n</realtime_delegation>';
  const told = {
    type: 'userMessage',
    id: 'u',
    content: [{ type: 'text', text: envelope, text_elements: [] }],
  };
  const message = { type: 'agentMessage', id: 'm', text: 'two files', phase: null, memoryCitation: null };
  const command = {
    type: 'commandExecution',
    id: 'x',
    command: 'ls',
    cwd: '/',
    processId: null,
    source: 'agent',
    commandActions: [],
    aggregatedOutput: null,
    exitCode: null,
    durationMs: null,
  };

  it('shows the work from its beginning to its end', async () => {
    const appendText = delegated(
      inTurn('item/completed', { item: told, completedAtMs: 1 }),
      { notify: 'warning', params: { threadId, message: 'little room is left' } },
      inTurn('item/started', { item: { ...command, status: 'inProgress' }, startedAtMs: 1 }),
      inTurn('item/completed', { item: { ...command, status: 'completed', exitCode: 0 }, completedAtMs: 2 }),
      inTurn('item/agentMessage/delta', { itemId: 'm', delta: 'two ' }),
      inTurn('item/completed', { item: message, completedAtMs: 3 }),
      turnEnd('completed'),
      done('There are two files.'),
    );
    const { code, stdout, stderr } = await talk(
      { 'thread/realtime/appendText': appendText },
      { text: ['x'] },
    );
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      'agent: two files',
      'answer: There are two files.',
      'summary',
      '  utterances  0 heard, 1 typed, 1 answered',
      '  agent       1 turn',
    ]);
    expect(stderr.split('\n')).toEqual([
      'connecting',
      'listening',
      'delegated to the agent: list files',
      'agent started',
      'warning: little room is left',
      'agent ran ls: completed',
      'agent completed in 1.5 s',
      'stopping',
      '',
    ]);
    expect(code).toBe(0);
  });

  it('fails with the work, and tells its error once', async () => {
    const error = { message: 'no such model', codexErrorInfo: null, additionalDetails: null };
    const appendText = delegated(
      inTurn('error', { error: { ...error, message: 'Reconnecting... 1/5' }, willRetry: true }),
      inTurn('error', { error, willRetry: false }),
      turnEnd('failed', 'no such model'),
      done('That did not work.'),
    );
    const { code, stdout, stderr } = await talk(
      { 'thread/realtime/appendText': appendText },
      { text: ['x'] },
    );
    expect(stdout).toContain('\n  agent       1 turn, 1 failed\n');
    expect(stderr.split('\n').slice(2)).toEqual([
      'delegated to the agent: list files',
      'agent started',
      'agent has trouble: Reconnecting... 1/5',
      'agent failed after 1.5 s: no such model',
      'stopping',
      'parley talk: the agent failed',
      '',
    ]);
    expect(code).toBe(1);
  });

  it('does not fail with work that was stopped', async () => {
    const appendText = delegated(turnEnd('interrupted'), done('It is stopped.'));
    const { code, stderr } = await talk({ 'thread/realtime/appendText': appendText }, { text: ['x'] });
    expect(stderr).toContain('\nagent interrupted after 1.5 s\nstopping\n');
    expect(code).toBe(0);
  });

  it('is not concerned with the turns of other threads', async () => {
    const other = { threadId: 'other', turnId: 't', item: message, completedAtMs: 1 };
    const appendText = [{ result: {} }, { notify: 'item/completed', params: other }, done('hello')];
    const { stdout } = await talk({ 'thread/realtime/appendText': appendText }, { text: ['x'] });
    expect(stdout).toMatch(/^answer: hello\nsummary\n/);
  });

  it('tells of work that its user leaves unfinished', async () => {
    const interrupted = new AbortController();
    const stderr = new PassThrough();
    const written: string[] = [];
    stderr.on('data', (data: Buffer) => {
      written.push(data.toString());
      if (data.toString().includes('agent started')) interrupted.abort();
    });
    const options = { signal: interrupted.signal, stderr, text: ['x'] };
    const { code } = await talk({ 'thread/realtime/appendText': delegated() }, options);
    expect(written.join('').split('\n').slice(2)).toEqual([
      'delegated to the agent: list files',
      'agent started',
      'stopping',
      'agent stopped with the call',
      '',
    ]);
    expect(code).toBe(0);
  });
});

describe('a call that fails', () => {
  it.each<[string, Record<string, readonly object[]>, string]>([
    [
      'at the start of the session',
      {
        'thread/realtime/start': [
          { result: {} },
          { notify: 'thread/realtime/error', params: { threadId, message: 'no key' } },
        ],
      },
      'no key',
    ],
    [
      'because the daemon does not start',
      { initialize: [{ stderr: 'first\nbad config\n' }, { exit: 1 }] },
      'the daemon exited with code 1 before it answered `initialize`; it last said: bad config',
    ],
    [
      'because the daemon refuses',
      { 'thread/start': [{ error: { code: -32600, message: 'no such provider' } }] },
      'no such provider',
    ],
  ])('%s gives one line', async (_name, steps, message) => {
    expect(await talk(steps, {}, 'hello\n')).toEqual({
      code: 1,
      stdout: '',
      stderr: `connecting\nparley talk: ${message}\n`,
    });
  });

  it.each<[string, readonly object[], string]>([
    [
      'the upstream hangs up',
      [{ result: {} }, closed('transport_closed')],
      'the call ended too early: transport_closed',
    ],
    [
      'an error ends the call',
      [
        { result: {} },
        { notify: 'thread/realtime/error', params: { threadId, message: 'boom' } },
        closed('error'),
      ],
      'the call ended too early: error: boom',
    ],
    [
      'the daemon crashes',
      [{ result: {} }, { exit: 70 }],
      'the call ended too early: the daemon is gone (exit code 70)',
    ],
    ['a text is refused', [{ error: { code: -32602, message: 'too long' } }], 'too long'],
  ])('sums up and gives one line when %s', async (_name, appendText, message) => {
    const stdin = new PassThrough();
    stdin.write('hello\n');
    const { code, stdout, stderr } = await talk({ 'thread/realtime/appendText': appendText }, { stdin });
    expect(stdout).toContain('summary\n  utterances  0 heard, 1 typed, 0 answered\n');
    expect(stderr.split('\n').at(-2)).toBe(`parley talk: ${message}`);
    expect(code).toBe(1);
  });

  it('says that the program for the daemon does not exist', async () => {
    const daemon = { command: '/no/such/program', args: [] };
    expect(await talk({}, { daemon }, '')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'connecting\nparley talk: the daemon could not be started: spawn /no/such/program ENOENT\n',
    });
  });

  it('leaves no file behind when it never came up, and only what was written otherwise', async () => {
    const out = join(directory, 'never.wav');
    const failing = { 'thread/realtime/start': [{ error: { code: -32600, message: 'no' } }] };
    const options = { modality: 'audio', out } as const;
    expect((await talk(failing, options, '')).code).toBe(1);
    expect(existsSync(out)).toBe(false);
    const audio = { data: 'AQACAAMA', sampleRate: 24_000, numChannels: 1, samplesPerChannel: 3, itemId: 'i' };
    const answer = [
      { result: {} },
      { notify: 'thread/realtime/outputAudio/delta', params: { threadId, audio } },
      { exit: 1 },
    ];
    expect((await talk({ 'thread/realtime/appendText': answer }, options, 'hello\n')).code).toBe(1);
    const header = wavHeader({ sampleRate: 24_000, channels: 1 }, 6);
    expect(readFileSync(out)).toEqual(Buffer.concat([header, Buffer.from([1, 0, 2, 0, 3, 0])]));
  });
});

describe('options that do not fit', () => {
  const notWav = join(directory, 'not.wav');
  writeFileSync(notWav, 'words');

  it('do not read audio from a terminal', async () => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true });
    expect(await talk({}, { in: '-', stdin })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'parley talk: --in - reads raw PCM from a pipe, but standard input is a terminal\n',
    });
  });

  it.each<[Partial<TalkOptions>, string]>([
    [{ in: 'a.wav', rate: 8_000 }, '--rate and --channels are for raw PCM'],
    [{ channels: 2 }, '--rate and --channels are for raw PCM'],
    [{ in: '-', rate: 5 }, '--rate 5 is not supported'],
    [{ in: '-', channels: 3 }, '--channels 3 is not supported'],
    [{ out: 'a.wav', modality: 'text' }, '--out needs audio'],
    [{ in: notWav, out: notWav, modality: 'audio' }, '--out would overwrite the file that --in reads'],
  ])('are a usage error: %j', async (options, message) => {
    const { code, stdout, stderr } = await talk({}, options);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.startsWith(`parley talk: ${message}`)).toBe(true);
    expect(stderr.split('\n').length).toBe(2);
  });

  it.each<[Partial<TalkOptions>, string]>([
    [
      { in: '/no/such.wav' },
      "cannot read /no/such.wav: ENOENT: no such file or directory, open '/no/such.wav'",
    ],
    [{ in: notWav }, `cannot read ${notWav}: not a WAV file`],
    [
      { out: '/no/such/directory/a.wav', modality: 'audio' },
      "cannot write /no/such/directory/a.wav: ENOENT: no such file or directory, open '/no/such/directory/a.wav'",
    ],
  ])('name the file: %j', async (options, message) => {
    expect(await talk({}, options)).toEqual({ code: 1, stdout: '', stderr: `parley talk: ${message}\n` });
  });
});
