import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { decodeParams, methodRow, methods, unknownMethodReason } from '../../src/protocol/index.ts';
import type { Decoded, MethodName, MethodRow, ParamsInputOf, ParamsOf } from '../../src/protocol/index.ts';
import { arbitraryOf, json } from './arbitrary.ts';

const audio = { data: 'AAAA', sampleRate: 24000, numChannels: 1 };

describe('decodeParams', () => {
  it('drops unknown keys and fills in defaults', () => {
    expect(
      decodeParams(methodRow('thread/realtime/appendAudio'), {
        threadId: 'T',
        later: 1,
        audio: { ...audio, codec: 'pcm' },
      }),
    ).toEqual({
      ok: true,
      value: { threadId: 'T', audio: { ...audio, samplesPerChannel: null, itemId: null } },
    });
  });

  it('keeps an absent prompt apart from null, and ignores the session id of older clients', () => {
    const params = { threadId: 'T', outputModality: 'audio' };
    expect(decodeParams(methodRow('thread/realtime/start'), { ...params, sessionId: 'S' })).toStrictEqual({
      ok: true,
      value: params,
    });
    expect(decodeParams(methodRow('thread/realtime/start'), { ...params, prompt: null })).toStrictEqual({
      ok: true,
      value: { ...params, prompt: null },
    });
  });

  it('keeps an absent service tier apart from null', () => {
    expect(decodeParams(methodRow('thread/start'), {})).toStrictEqual({ ok: true, value: {} });
    expect(decodeParams(methodRow('thread/start'), { serviceTier: null })).toStrictEqual({
      ok: true,
      value: { serviceTier: null },
    });
  });

  it('takes both metadata maps of a turn, and null for either', () => {
    const params = { threadId: 'T', input: [], clientMetadata: { a: 'b' }, responsesapiClientMetadata: null };
    expect(decodeParams(methodRow('turn/start'), params)).toStrictEqual({ ok: true, value: params });
  });

  it('fills in what a resume and a fork leave out, and keeps the items of a history', () => {
    const history = [
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] },
      { type: 'function_call_output', call_id: 'c', output: [{ type: 'input_text', text: 'done' }] },
      { type: 'other' },
    ];
    expect(decodeParams(methodRow('thread/resume'), { threadId: 'any', history })).toStrictEqual({
      ok: true,
      value: { threadId: 'any', history, excludeTurns: false, persistExtendedHistory: false },
    });
    expect(decodeParams(methodRow('thread/fork'), { threadId: 'T', serviceTier: null })).toStrictEqual({
      ok: true,
      value: {
        threadId: 'T',
        serviceTier: null,
        ephemeral: false,
        excludeTurns: false,
        persistExtendedHistory: false,
      },
    });
  });

  it('takes one working directory or several', () => {
    for (const cwd of ['/repo', ['/repo', '/other'], [], null]) {
      expect(decodeParams(methodRow('thread/list'), { cwd })).toStrictEqual({
        ok: true,
        value: { cwd, useStateDbOnly: false },
      });
    }
  });

  it('keeps absent git fields apart from null', () => {
    const params = { threadId: 'T', gitInfo: { sha: null, branch: 'main' } };
    expect(decodeParams(methodRow('thread/metadata/update'), params)).toStrictEqual({
      ok: true,
      value: params,
    });
  });

  it('leaves injected items as they are', () => {
    const params = { threadId: 'T', items: [{ type: 'later', new: [1] }, null, 5] };
    expect(decodeParams(methodRow('thread/inject_items'), params)).toStrictEqual({ ok: true, value: params });
  });

  it('decodes a method without params to null', () => {
    expect(decodeParams(methodRow('account/logout'), undefined)).toEqual({ ok: true, value: null });
    expect(decodeParams(methodRow('account/logout'), null)).toEqual({ ok: true, value: null });
  });

  it('gives the types of decoded params', () => {
    const row = methodRow('thread/unsubscribe');
    expectTypeOf(decodeParams(row, {})).toEqualTypeOf<Decoded<{ threadId: string }>>();
    expectTypeOf(decodeParams(row as MethodRow, {})).toEqualTypeOf<Decoded<unknown>>();
    expectTypeOf<ParamsOf<'account/logout'>>().toEqualTypeOf<null>();
    expectTypeOf<ParamsOf<'thread/realtime/appendAudio'>['audio']['itemId']>().toEqualTypeOf<string | null>();
    expectTypeOf<ParamsInputOf<'thread/realtime/appendAudio'>['audio']['itemId']>().toEqualTypeOf<
      string | null | undefined
    >();
  });
});

describe('decode failures', () => {
  const start = { threadId: 'T', outputModality: 'audio' };

  it.each<[MethodName, unknown, string, (string | number)[]]>([
    ['thread/loaded/list', undefined, 'missing field `params`', []],
    ['thread/loaded/list', null, 'missing field `params`', []],
    ['account/login/start', undefined, 'missing field `params`', []],
    ['account/logout', {}, 'invalid type: map, expected unit', []],
    ['account/logout', [], 'invalid type: sequence, expected unit', []],
    ['account/logout', 5, 'invalid type: integer `5`, expected unit', []],
    ['thread/start', [], 'invalid type: sequence, expected struct ThreadStartParams', []],
    ['thread/start', 'x', 'invalid type: string "x", expected struct ThreadStartParams', []],
    ['thread/unsubscribe', {}, 'missing field `threadId`', ['threadId']],
    ['initialize', {}, 'missing field `clientInfo`', ['clientInfo']],
    ['initialize', { clientInfo: { name: 'a' } }, 'missing field `version`', ['clientInfo', 'version']],
    ['thread/unsubscribe', { threadId: 5 }, 'invalid type: integer `5`, expected a string', ['threadId']],
    [
      'thread/unsubscribe',
      { threadId: 1.5 },
      'invalid type: floating point `1.5`, expected a string',
      ['threadId'],
    ],
    ['thread/unsubscribe', { threadId: null }, 'invalid type: null, expected a string', ['threadId']],
    [
      'thread/unsubscribe',
      { threadId: true },
      'invalid type: boolean `true`, expected a string',
      ['threadId'],
    ],
    ['thread/unsubscribe', { threadId: [] }, 'invalid type: sequence, expected a string', ['threadId']],
    ['thread/unsubscribe', { threadId: {} }, 'invalid type: map, expected a string', ['threadId']],
    ['thread/start', { ephemeral: 'x' }, 'invalid type: string "x", expected a boolean', ['ephemeral']],
    ['thread/start', { config: 5 }, 'invalid type: integer `5`, expected a map', ['config']],
    ['turn/start', { threadId: 'T', input: 'x' }, 'invalid type: string "x", expected a sequence', ['input']],
    ['turn/start', { threadId: 'T', input: [{}] }, 'missing field `type`', ['input', 0, 'type']],
    ['thread/loaded/list', { limit: -1 }, 'invalid value: integer `-1`, expected u32', ['limit']],
    [
      'thread/loaded/list',
      { limit: 4294967296 },
      'invalid value: integer `4294967296`, expected u32',
      ['limit'],
    ],
    ['thread/loaded/list', { limit: 0.5 }, 'invalid type: floating point `0.5`, expected u32', ['limit']],
    ['thread/loaded/list', { limit: 'x' }, 'invalid type: string "x", expected u32', ['limit']],
    [
      'thread/realtime/appendAudio',
      { threadId: 'T', audio: { ...audio, numChannels: 65536 } },
      'invalid value: integer `65536`, expected u16',
      ['audio', 'numChannels'],
    ],
    [
      'thread/realtime/appendAudio',
      { threadId: 'T', audio: 'AAAA' },
      'invalid type: string "AAAA", expected struct ThreadRealtimeAudioChunk',
      ['audio'],
    ],
    ['thread/realtime/start', { threadId: 'T' }, 'missing field `outputModality`', ['outputModality']],
    [
      'thread/realtime/start',
      { ...start, outputModality: 'video' },
      'unknown variant `video`, expected `text` or `audio`',
      ['outputModality'],
    ],
    [
      'thread/realtime/start',
      { ...start, outputModality: 5 },
      'invalid type: integer `5`, expected string or map',
      ['outputModality'],
    ],
    [
      'thread/realtime/start',
      { ...start, transport: { type: 'x' } },
      'unknown variant `x`, expected one of `websocket`, `webrtc`, `existingCall`',
      ['transport', 'type'],
    ],
    ['thread/realtime/start', { ...start, transport: {} }, 'missing field `type`', ['transport', 'type']],
    [
      'thread/realtime/start',
      { ...start, transport: { type: 'webrtc' } },
      'missing field `sdp`',
      ['transport', 'sdp'],
    ],
    [
      'thread/realtime/start',
      { ...start, transport: 'webrtc' },
      'invalid type: string "webrtc", expected internally tagged enum ThreadRealtimeStartTransport',
      ['transport'],
    ],
    [
      'thread/start',
      { sandbox: 'workspaceWrite' },
      'unknown variant `workspaceWrite`, expected one of `read-only`, `workspace-write`, `danger-full-access`',
      ['sandbox'],
    ],
    [
      'thread/start',
      { approvalPolicy: 'unlessTrusted' },
      'unknown variant `unlessTrusted`, expected one of `untrusted`, `on-failure`, `on-request`, `never`, `granular`',
      ['approvalPolicy'],
    ],
    [
      'thread/start',
      { approvalPolicy: { granular: { rules: true } } },
      'missing field `sandbox_approval`',
      ['approvalPolicy', 'granular', 'sandbox_approval'],
    ],
    [
      'thread/start',
      { permissions: { type: 'x' } },
      'unknown variant `x`, expected `profile`',
      ['permissions', 'type'],
    ],
    [
      'thread/start',
      { dynamicTools: [{ name: 'a', description: 'b' }] },
      'missing field `inputSchema`',
      ['dynamicTools', 0, 'inputSchema'],
    ],
    ['thread/list', undefined, 'missing field `params`', []],
    [
      'thread/list',
      { cwd: 5 },
      'data did not match any variant of untagged enum ThreadListCwdFilter',
      ['cwd'],
    ],
    [
      'thread/list',
      { cwd: ['/repo', 5] },
      'data did not match any variant of untagged enum ThreadListCwdFilter',
      ['cwd'],
    ],
    [
      'thread/list',
      { sortKey: 'name' },
      'unknown variant `name`, expected `created_at` or `updated_at`',
      ['sortKey'],
    ],
    [
      'thread/list',
      { sortDirection: 'up' },
      'unknown variant `up`, expected `asc` or `desc`',
      ['sortDirection'],
    ],
    [
      'thread/turns/list',
      { threadId: 'T', itemsView: 'some' },
      'unknown variant `some`, expected one of `notLoaded`, `summary`, `full`',
      ['itemsView'],
    ],
    ['thread/turns/items/list', { threadId: 'T' }, 'missing field `turnId`', ['turnId']],
    [
      'thread/read',
      { threadId: 'T', includeTurns: 1 },
      'invalid type: integer `1`, expected a boolean',
      ['includeTurns'],
    ],
    ['thread/name/set', { threadId: 'T' }, 'missing field `name`', ['name']],
    [
      'thread/metadata/update',
      { threadId: 'T', gitInfo: 'main' },
      'invalid type: string "main", expected struct ThreadMetadataGitInfoUpdateParams',
      ['gitInfo'],
    ],
    [
      'thread/rollback',
      { threadId: 'T', numTurns: -1 },
      'invalid value: integer `-1`, expected u32',
      ['numTurns'],
    ],
    ['thread/rollback', { threadId: 'T' }, 'missing field `numTurns`', ['numTurns']],
    [
      'thread/inject_items',
      { threadId: 'T', items: {} },
      'invalid type: map, expected a sequence',
      ['items'],
    ],
    [
      'thread/resume',
      { threadId: 'T', history: [{ type: 'message', role: 'user' }] },
      'missing field `content`',
      ['history', 0, 'content'],
    ],
    [
      'thread/resume',
      { threadId: 'T', history: [{ type: 'function_call_output', call_id: 'c', output: 5 }] },
      'data did not match any variant of untagged enum FunctionCallOutputBody',
      ['history', 0, 'output'],
    ],
    [
      'thread/resume',
      {
        threadId: 'T',
        history: [
          {
            type: 'local_shell_call',
            status: 'completed',
            action: { type: 'exec', command: [], timeout_ms: -1 },
          },
        ],
      },
      'invalid value: integer `-1`, expected u64',
      ['history', 0, 'action', 'timeout_ms'],
    ],
    // A wrong field is reported before a missing one, and of two wrong ones the first that was sent.
    ['thread/realtime/appendText', { text: 5 }, 'invalid type: integer `5`, expected a string', ['text']],
    [
      'thread/realtime/appendText',
      { text: 5, threadId: 6 },
      'invalid type: integer `5`, expected a string',
      ['text'],
    ],
  ])('%s %j: %s', (method, params, reason, path) => {
    expect(decodeParams(methodRow(method), params)).toEqual({ ok: false, reason, path });
  });

  it('quotes only the beginning of a long value', () => {
    const decoded = decodeParams(methodRow('account/login/start'), { type: 'x'.repeat(1_000_000) });
    expect(decoded).toEqual({
      ok: false,
      reason: `unknown variant \`${'x'.repeat(100)}…\`, expected one of \`apiKey\`, \`chatgpt\`, \`chatgptDeviceCode\`, \`chatgptAuthTokens\``,
      path: ['type'],
    });
  });

  it('names every method when one is unknown', () => {
    expect(unknownMethodReason('foo/bar')).toBe(
      `unknown variant \`foo/bar\`, expected one of ${methods.map((row) => `\`${row.method}\``).join(', ')}`,
    );
  });
});

describe('decode properties', () => {
  const rows = fc.constantFrom(...methods);
  const rowsWithParams = fc.constantFrom(...methods.filter((row) => row.params !== null));

  it('answers any JSON value', () => {
    fc.assert(
      fc.property(rows, json, (row, params) => {
        const decoded = decodeParams(row, params);
        if (!decoded.ok) expect(decoded.reason).not.toBe('invalid params');
      }),
    );
  });

  it('gives back a valid value without its unknown keys', () => {
    const valid = rowsWithParams.chain((row) => fc.tuple(fc.constant(row), arbitraryOf(row.params), json));
    fc.assert(
      fc.property(valid, ([row, params, extra]) => {
        expect(decodeParams(row, { ...(params as object), 'x-unknown': extra })).toStrictEqual({
          ok: true,
          value: params,
        });
      }),
    );
  });

  it('explains any damage to a valid value', () => {
    const damaged = rowsWithParams.chain((row) =>
      fc.tuple(fc.constant(row), arbitraryOf(row.params), json, fc.infiniteStream(fc.nat())),
    );
    fc.assert(
      fc.property(damaged, ([row, params, replacement, choices]) => {
        const decoded = decodeParams(row, damage(params, replacement, choices));
        if (decoded.ok) return;
        expect(decoded.reason).toMatch(
          /^invalid (type|value): |^(missing field|unknown variant) `|^data did not match any variant of untagged enum [A-Z]/,
        );
        expect(decoded.reason).not.toBe('invalid params');
      }),
    );
  });
});

/** A copy of a JSON value in which one part, picked by walking down at random, is replaced or left out. */
function damage(value: unknown, replacement: unknown, choices: Iterator<number>): unknown {
  const pick = (count: number) => (choices.next().value as number) % count;
  if (typeof value !== 'object' || value === null || pick(4) === 0) return replacement;
  const keys = Object.keys(value);
  if (keys.length === 0) return replacement;
  const key = keys[pick(keys.length)]!;
  const part = (value as Record<string, unknown>)[key];
  if (Array.isArray(value)) return value.with(Number(key), damage(part, replacement, choices));
  if (pick(4) === 0) return Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
  return { ...value, [key]: damage(part, replacement, choices) };
}
