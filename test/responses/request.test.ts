import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mergeHeaders } from '../../src/responses/header-map.ts';
import { Redactor } from '../../src/util/redactor.ts';
import { httpBody } from '../../src/responses/request/body.ts';
import { clientMetadata } from '../../src/responses/request/client-metadata.ts';
import { displayUrl, endpointUrl, socketUrl } from '../../src/responses/request/url.ts';
import { isAzureResponses, supportsRemoteCompaction, turnMetadata } from '../../src/responses/index.ts';
import type { ResponsesRequest } from '../../src/responses/index.ts';
import { BODY, CONTEXT, INSTALLATION, request, THREAD } from './support/session.ts';

const identity = { threadId: THREAD, installationId: INSTALLATION };

function body(changes: Partial<ResponsesRequest>, isAzure = false): unknown {
  return JSON.parse(JSON.stringify(httpBody(request(changes), { identity, isAzure })));
}

describe('the body', () => {
  test('of a model without any abilities', () => {
    expect(body({})).toEqual(BODY);
  });

  test.each<[Partial<ResponsesRequest>, object]>([
    [
      { reasoning: { effort: 'medium', summary: 'auto' } },
      { reasoning: { effort: 'medium', summary: 'auto' } },
    ],
    [{ reasoning: { effort: null, summary: 'concise' } }, { reasoning: { summary: 'concise' } }],
    [{ reasoning: { effort: 'low', summary: null } }, { reasoning: { effort: 'low' } }],
    [{ reasoning: { effort: null, summary: null } }, { reasoning: {} }],
  ])('asks for encrypted reasoning with %j', (changes, expected) => {
    expect(body(changes)).toEqual({ ...BODY, ...expected, include: ['reasoning.encrypted_content'] });
  });

  test.each<[Partial<ResponsesRequest>, object]>([
    [{ serviceTier: 'fast' }, { service_tier: 'priority' }],
    [{ serviceTier: 'flex' }, { service_tier: 'flex' }],
    [{ text: { verbosity: 'low', outputSchema: null } }, { text: { verbosity: 'low' } }],
    [{ text: { verbosity: null, outputSchema: null } }, {}],
    [
      { text: { verbosity: null, outputSchema: { schema: { type: 'object' }, isStrict: true } } },
      {
        text: {
          format: {
            type: 'json_schema',
            strict: true,
            schema: { type: 'object' },
            name: 'codex_output_schema',
          },
        },
      },
    ],
    [
      { text: { verbosity: 'high', outputSchema: { schema: true, isStrict: false } } },
      {
        text: {
          verbosity: 'high',
          format: { type: 'json_schema', strict: false, schema: true, name: 'codex_output_schema' },
        },
      },
    ],
    [{ parallelToolCalls: true }, { parallel_tool_calls: true }],
    [
      { tools: [{ type: 'web_search', external_web_access: false }] },
      { tools: [{ type: 'web_search', external_web_access: false }] },
    ],
  ])('says %j', (changes, expected) => {
    expect(body(changes)).toEqual({ ...BODY, ...expected });
  });

  test('has no instructions when they are empty', () => {
    const { instructions: _, ...rest } = BODY;
    expect(body({ instructions: '' })).toEqual(rest);
  });

  test('is stored at Azure, and has ids there', () => {
    const item = { type: 'message', id: 'm', role: 'assistant', content: [] } as const;
    const input = [{ type: 'other', itemType: 'x' } as const, { ...item, content: [] }];
    expect(body({ input }, true)).toEqual({
      ...BODY,
      store: true,
      input: [{ type: 'message', id: 'm', role: 'assistant', content: [] }],
    });
  });
});

describe('client metadata of a frame', () => {
  test('has what is known', () => {
    const full = { ...identity, subagent: 'review', parentThreadId: 'parent' };
    const trace = { traceparent: '00-a', tracestate: 'b=c' };
    expect(clientMetadata(full, { windowGeneration: 3, turnMetadata: '{"turn_id":"t"}', trace })).toEqual({
      'x-codex-installation-id': INSTALLATION,
      'x-codex-window-id': `${THREAD}:3`,
      'x-openai-subagent': 'review',
      'x-codex-parent-thread-id': 'parent',
      'x-codex-turn-metadata': '{"turn_id":"t"}',
      ws_request_header_traceparent: '00-a',
      ws_request_header_tracestate: 'b=c',
    });
  });

  test.each([null, '{"a":"ü€"}', 'line\nbreak'])(
    'leaves out metadata that no header carries: %j',
    (metadata) => {
      expect(clientMetadata(identity, { ...CONTEXT, turnMetadata: metadata })).toEqual({
        'x-codex-installation-id': INSTALLATION,
        'x-codex-window-id': `${THREAD}:0`,
      });
    },
  );
});

describe('turn metadata', () => {
  const base = { session_id: 's', turn_id: 't', sandbox: 'none' };

  test('is the base alone when there is nothing else', () => {
    expect(turnMetadata({ base, turnStartedAtMs: null, clientMetadata: null })).toBe(
      '{"session_id":"s","turn_id":"t","sandbox":"none"}',
    );
  });

  test('adds the start and what the client says, and replaces nothing', () => {
    const parts = {
      base,
      turnStartedAtMs: 5,
      clientMetadata: {
        custom: 'c',
        session_id: 'x',
        turn_id: 'x',
        sandbox: 'x',
        turn_started_at_unix_ms: 'x',
      },
    };
    expect(JSON.parse(turnMetadata(parts))).toEqual({ ...base, turn_started_at_unix_ms: 5, custom: 'c' });
  });

  test('never takes the start from the client', () => {
    const client = { turn_started_at_unix_ms: '9', workspaces: 'w' };
    expect(JSON.parse(turnMetadata({ base, turnStartedAtMs: null, clientMetadata: client }))).toEqual({
      ...base,
      workspaces: 'w',
    });
  });

  test('is ASCII', () => {
    const text = turnMetadata({ base: {}, turnStartedAtMs: null, clientMetadata: { '/srv/données': '😀' } });
    expect(text).toBe('{"/srv/donn\\u00e9es":"\\ud83d\\ude00"}');
  });

  test('can always stand in a header, and says what it was given', () => {
    const entries = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(entries, entries, (known, client) => {
        const text = turnMetadata({ base: known, turnStartedAtMs: 7, clientMetadata: client });
        expect(text).toMatch(/^[\u0020-\u007e]*$/u);
        const said = new Map(Object.entries(JSON.parse(text) as object));
        for (const [key, value] of Object.entries(known)) {
          if (key !== 'turn_started_at_unix_ms') expect(said.get(key)).toBe(value);
        }
        for (const key of Object.keys(client)) expect(said.has(key)).toBe(true);
        expect(said.get('turn_started_at_unix_ms')).toBe(7);
      }),
    );
  });
});

describe('a URL', () => {
  test.each([
    ['https://h/v1', 'responses', {}, 'https://h/v1/responses'],
    ['https://h/v1///', '//responses/compact', {}, 'https://h/v1/responses/compact'],
    ['https://h/v1/', '', {}, 'https://h/v1'],
    [
      'https://h',
      'responses',
      { 'api-version': '2025 04', b: 'x&y' },
      'https://h/responses?api-version=2025 04&b=x&y',
    ],
  ])('of %s and %s', (base, path, query, expected) => {
    expect(endpointUrl(base, path, query)).toBe(expected);
  });

  test.each([
    ['http://h/a?b=c', 'ws://h/a?b=c'],
    ['HTTPS://h', 'wss://h'],
    ['ws://h', 'ws://h'],
    ['ftp://http:1', 'ftp://http:1'],
  ])('%s for a socket', (url, expected) => {
    expect(socketUrl(url)).toBe(expected);
  });

  test.each([
    ['https://user:secret@h:1/v1?key=secret#f', 'https://h:1/v1'],
    ['nonsense', null],
  ])('%s for people', (url, expected) => {
    expect(displayUrl(url)).toBe(expected);
  });
});

describe('headers', () => {
  test('of a later layer replace those of an earlier one, whatever their case', () => {
    const merged = mergeHeaders(
      { 'User-Agent': 'default', originator: 'a' },
      { 'user-agent': 'own', Extra: '1' },
      { EXTRA: '2' },
    );
    expect(merged).toEqual({ 'user-agent': 'own', originator: 'a', EXTRA: '2' });
  });

  test('that HTTP does not allow are left out', () => {
    expect(
      mergeHeaders({ 'bad name': 'a', good: 'b', empty: '', line: 'a\nb', wide: '€', none: null }),
    ).toEqual({
      good: 'b',
      empty: '',
    });
  });
});

describe('a provider', () => {
  test.each([
    'https://foo.openai.azure.com/openai',
    'https://foo.openai.azure.us/openai/deployments/bar',
    'https://foo.cognitiveservices.azure.cn/openai',
    'https://foo.aoai.azure.com/openai',
    'https://foo.openai.azure-api.net/openai',
    'https://foo.z01.azurefd.net/',
    'https://FOO.WINDOWS.NET/OPENAI',
  ])('at %s is Azure', (baseUrl) => {
    expect(isAzureResponses({ name: 'x', baseUrl })).toBe(true);
    expect(supportsRemoteCompaction({ name: 'x', baseUrl })).toBe(true);
  });

  test.each([
    'https://api.openai.com/v1',
    'https://example.com/openai',
    'https://myproxy.azurewebsites.net/openai',
    null,
  ])('at %s is not', (baseUrl) => {
    expect(isAzureResponses({ name: 'x', baseUrl })).toBe(false);
    expect(supportsRemoteCompaction({ name: 'x', baseUrl })).toBe(false);
  });

  test('may be named so', () => {
    expect(isAzureResponses({ name: 'AZURE', baseUrl: 'https://example.com' })).toBe(true);
    expect(supportsRemoteCompaction({ name: 'OpenAI', baseUrl: null })).toBe(true);
    expect(supportsRemoteCompaction({ name: 'openai', baseUrl: null })).toBe(false);
  });
});

test('what was sent in confidence is taken out of a text', () => {
  const redactor = new Redactor();
  redactor.remember({
    credential: { Authorization: 'Bearer sk-credential', 'ChatGPT-Account-ID': 'account-1234' },
    headers: { 'api-key': 'provider-key', 'x-team': 'platform' },
    query: { sig: 'query-signature', 'api-version': '2025-04-01' },
  });
  const text =
    'sk-credential Bearer sk-credential account-1234 provider-key platform query-signature 2025-04-01';
  expect(redactor.apply(text)).toBe(
    '[redacted] [redacted] [redacted] [redacted] platform [redacted] 2025-04-01',
  );
});
