import { describe, expect, it } from 'vitest';
import { methods } from '../../src/protocol/index.ts';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { RealtimeUpstream } from '../support/realtime-upstream.ts';
import { refused } from './turns.ts';

const UNKNOWN_THREAD = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';

const METHOD_LIST = methods.map(({ method }) => `\`${method}\``).join(', ');

type Refusal = readonly [method: string, params: unknown, error: WireMessage['error']];

function unknownMethod(method: string): WireMessage['error'] {
  return {
    code: -32600,
    message: `Invalid request: unknown variant \`${method}\`, expected one of ${METHOD_LIST}`,
    data: { reason: 'unknownMethod', method },
  };
}

function invalidParams(reason: string, path: (string | number)[] = []): WireMessage['error'] {
  return { code: -32600, message: `Invalid request: ${reason}`, data: { reason: 'invalidParams', path } };
}

async function expectRefusals(daemon: TestDaemon, refusals: readonly Refusal[]): Promise<void> {
  const before = daemon.messages.length;
  for (const [method, params, error] of refusals) {
    const answer = await daemon.call(method, params);
    expect(answer, `${method} ${JSON.stringify(params)}`).toEqual({ error, id: answer.id });
  }
  expect(daemon.messages.length - before).toBe(refusals.length);
}

describe('a request that is refused says why, to people and to programs', () => {
  it('where the method does not exist', async () => {
    const names = ['foo/bar', '', 'Initialize', 'initialized', '__proto__', 'constructor', '$/cancelRequest'];
    await expectRefusals(
      await TestDaemon.open(),
      names.flatMap((method) =>
        [undefined, {}].map((params) => [method, params, unknownMethod(method)] as const),
      ),
    );
  });

  it('where the params do not decode', async () => {
    await expectRefusals(await TestDaemon.open(), [
      ['thread/start', undefined, invalidParams('missing field `params`')],
      ['thread/loaded/list', null, invalidParams('missing field `params`')],
      ['account/read', undefined, invalidParams('missing field `params`')],
      ['thread/unsubscribe', {}, invalidParams('missing field `threadId`', ['threadId'])],
      [
        'thread/unsubscribe',
        { threadId: 5 },
        invalidParams('invalid type: integer `5`, expected a string', ['threadId']),
      ],
      [
        'thread/unsubscribe',
        { threadId: null },
        invalidParams('invalid type: null, expected a string', ['threadId']),
      ],
      [
        'thread/start',
        { sandbox: 'workspaceWrite' },
        invalidParams(
          'unknown variant `workspaceWrite`, expected one of `read-only`, `workspace-write`, `danger-full-access`',
          ['sandbox'],
        ),
      ],
      [
        'thread/start',
        { sessionStartSource: 'x' },
        invalidParams('unknown variant `x`, expected `startup` or `clear`', ['sessionStartSource']),
      ],
      [
        'thread/loaded/list',
        { limit: -1 },
        invalidParams('invalid value: integer `-1`, expected u32', ['limit']),
      ],
      [
        'turn/start',
        { threadId: UNKNOWN_THREAD, input: 'x' },
        invalidParams('invalid type: string "x", expected a sequence', ['input']),
      ],
      [
        'turn/start',
        { threadId: UNKNOWN_THREAD, input: [{ type: 'text' }] },
        invalidParams('missing field `text`', ['input', 0, 'text']),
      ],
      ['account/logout', {}, invalidParams('invalid type: map, expected unit')],
      [
        'thread/loaded/list',
        [],
        invalidParams('invalid type: sequence, expected struct ThreadLoadedListParams'),
      ],
    ]);
  });

  it('where the thread id is none, or names no thread', async () => {
    const stray =
      'invalid thread id: invalid character: expected an optional prefix of `urn:uuid:` followed by [0-9a-fA-F-], found `n` at 1';
    const short = 'invalid thread id: invalid length: expected length 32 for simple format, found 0';
    const unknown = `thread not found: ${UNKNOWN_THREAD}`;
    const requests: readonly (readonly [string, object])[] = [
      ['turn/start', { input: [{ type: 'text', text: 'x' }] }],
      ['thread/realtime/start', { outputModality: 'audio' }],
      ['thread/realtime/appendAudio', { audio: { data: '', sampleRate: 24_000, numChannels: 1 } }],
      ['thread/realtime/appendText', { text: 'x' }],
      ['thread/realtime/stop', {}],
    ];
    await expectRefusals(await TestDaemon.open(), [
      ...requests.flatMap(([method, params]): Refusal[] => [
        [method, { threadId: 'not-a-uuid', ...params }, refused('invalidThreadId', stray)],
        [method, { threadId: '', ...params }, refused('invalidThreadId', short)],
        [method, { threadId: UNKNOWN_THREAD.toUpperCase(), ...params }, refused('threadNotFound', unknown)],
      ]),
      ['thread/unsubscribe', { threadId: 'not-a-uuid' }, refused('invalidThreadId', stray)],
    ]);
  });

  it('where the request means nothing', async () => {
    const daemon = await TestDaemon.open();
    const threadId = await daemon.startThread();
    await daemon.waitForNotification('thread/started');
    await expectRefusals(daemon, [
      ['thread/loaded/list', { cursor: 'x' }, refused('invalidCursor', 'invalid cursor: x')],
      ['turn/start', { threadId, input: [] }, refused('invalidInput', 'input must not be empty')],
      [
        'thread/start',
        { modelProvider: 'nope' },
        refused('configurationInvalid', 'failed to load configuration: Model provider `nope` not found'),
      ],
      [
        'account/login/start',
        { type: 'chatgpt' },
        refused('accountError', 'login of type `chatgpt` is not supported; use `apiKey`'),
      ],
    ]);
  });

  it('where the input is too long', async () => {
    const daemon = await TestDaemon.open();
    const threadId = await daemon.startThread();
    const half = '😀'.repeat(524_288);
    const text = (words: string): object => ({ type: 'text', text: words });
    const { error } = await daemon.call('turn/start', {
      threadId,
      input: [text(half), text(half), text('x')],
    });
    expect(error).toEqual({
      code: -32602,
      message: 'Input exceeds the maximum length of 1048576 characters.',
      data: {
        reason: 'inputTooLarge',
        input_error_code: 'input_too_large',
        max_chars: 1_048_576,
        actual_chars: 1_048_577,
      },
    });
    await daemon.call('thread/loaded/list', {});
    expect(daemon.notifications('turn/')).toEqual([]);
    expect(daemon.notifications('thread/status/')).toEqual([]);
  });

  it('where realtime is turned off', async () => {
    for (const args of [
      ['--disable', 'realtime_conversation'],
      ['-c', 'features.realtime_conversation=false'],
    ]) {
      const daemon = await TestDaemon.open({ args: ['app-server', ...args] });
      const threadId = await daemon.startThread();
      await daemon.waitForNotification('thread/started');
      const off = refused('realtimeUnsupported', `thread ${threadId} does not support realtime conversation`);
      await expectRefusals(daemon, [
        ['thread/realtime/start', { threadId, outputModality: 'audio' }, off],
        ['thread/realtime/appendText', { threadId, text: 'x' }, off],
        ['thread/realtime/stop', { threadId }, off],
      ]);
      expect(await daemon.call('thread/realtime/listVoices', {})).toHaveProperty('result.voices');
    }
  });

  it('where too much is waiting already', async () => {
    const upstream = await RealtimeUpstream.open({ isSilent: true });
    const daemon = await TestDaemon.open({ config: upstream.config() });
    const threadId = await daemon.startThread();
    await daemon.request('thread/realtime/start', { threadId, outputModality: 'audio' });
    const text = 'x'.repeat(10 * 1024 * 1024);
    const waiting = [1, 2, 3].map(() => daemon.call('thread/realtime/appendText', { threadId, text }));
    const { error } = await daemon.call('thread/realtime/appendText', { threadId, text });
    expect(error).toEqual({
      code: -32001,
      message: expect.stringMatching(/^more than 33554432 bytes of input wait /),
      data: { reason: 'server_overloaded' },
    });
    await daemon.request('thread/realtime/stop', { threadId });
    expect((await Promise.all(waiting)).map(({ result }) => result)).toEqual([{}, {}, {}]);
  });
});
