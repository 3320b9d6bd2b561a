import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { ModelProviderSettings } from '../../../src/core/config/index.ts';
import { configOf, errorOf } from './home.ts';

/** The settings with what they keep wrapped laid open, so that all of it is compared. */
function open(settings: ModelProviderSettings | undefined) {
  if (settings === undefined) throw new Error('expected the provider to be there');
  const { bearerToken, httpHeaders, queryParams, envHttpHeaders, ...rest } = settings;
  return {
    ...rest,
    bearerToken: bearerToken?.reveal() ?? null,
    httpHeaders: Object.fromEntries([...httpHeaders].map(([name, value]) => [name, value.reveal()])),
    queryParams: Object.fromEntries([...queryParams].map(([name, value]) => [name, value.reveal()])),
    envHttpHeaders: Object.fromEntries(envHttpHeaders),
  };
}

test('a minimal provider has every default', () => {
  const user = '[model_providers.local]\nname = "Local"\nbase_url = "http://localhost:1/v1"';
  const { modelProviders } = configOf({ user });
  expect([...modelProviders.keys()]).toEqual(['local']);
  expect(open(modelProviders.get('local'))).toEqual({
    name: 'Local',
    baseUrl: 'http://localhost:1/v1',
    envKey: null,
    envKeyInstructions: null,
    bearerToken: null,
    queryParams: {},
    httpHeaders: {},
    envHttpHeaders: {},
    requestMaxRetries: 4,
    streamMaxRetries: 5,
    streamIdleTimeoutMs: 300_000,
    websocketConnectTimeoutMs: 15_000,
    requiresOpenaiAuth: false,
    supportsWebsockets: false,
  });
});

test('every key of a provider is read', () => {
  const user = `
[model_providers."my provider"]
name = "Mine"
base_url = "https://h/v1"
env_key = "MY_KEY"
env_key_instructions = "Ask for one."
experimental_bearer_token = "tok"
wire_api = "responses"
query_params = { api-version = "1", key = "q" }
http_headers = { X-A = "a", "x.b" = "b" }
env_http_headers = { X-C = "C_VARIABLE" }
request_max_retries = 0
stream_max_retries = 1000
stream_idle_timeout_ms = 99999999999
websocket_connect_timeout_ms = 1
requires_openai_auth = true
supports_websockets = true
unknown = [1]
auth = { command = "token" }
`;
  expect(open(configOf({ user }).modelProviders.get('my provider'))).toEqual({
    name: 'Mine',
    baseUrl: 'https://h/v1',
    envKey: 'MY_KEY',
    envKeyInstructions: 'Ask for one.',
    bearerToken: 'tok',
    queryParams: { 'api-version': '1', key: 'q' },
    httpHeaders: { 'X-A': 'a', 'x.b': 'b' },
    envHttpHeaders: { 'X-C': 'C_VARIABLE' },
    requestMaxRetries: 0,
    streamMaxRetries: 100,
    streamIdleTimeoutMs: 2_147_483_647,
    websocketConnectTimeoutMs: 1,
    requiresOpenaiAuth: true,
    supportsWebsockets: true,
  });
});

test('a provider can be put together from several layers', () => {
  const { modelProviders } = configOf({
    system: 'model_providers.p.name = "System"',
    user: 'model_providers.p.base_url = "http://user"',
    overrides: ['model_providers.p.env_key=KEY'],
    threadConfig: { 'model_providers.p.name': 'Request' },
  });
  expect(open(modelProviders.get('p'))).toMatchObject({
    name: 'Request',
    baseUrl: 'http://user',
    envKey: 'KEY',
  });
});

test('what may be a credential does not show when the configuration is printed', () => {
  const user = `
[model_providers.p]
name = "P"
experimental_bearer_token = "SECRET"
http_headers = { a = "SECRET" }
query_params = { a = "SECRET" }
`;
  const config = configOf({ user });
  const provider = config.modelProviders.get('p');
  expect(
    inspect(config, { depth: 9 }) + JSON.stringify(provider) + String(provider?.bearerToken),
  ).not.toContain('SECRET');
});

function errorAt(line: number, column: number, endColumn: number, key: string, reason: string) {
  return {
    message: `$USER:${line}:${column}: ${key}: ${reason}`,
    file: '$USER',
    line,
    column,
    endColumn,
    key,
  };
}

test.each(['openai', 'ollama', 'lmstudio'])('the reserved id %s', (id) => {
  const user = `[model_providers.${id}]\nname = "x"`;
  const reason = `built-in providers cannot be redefined, and these ids are reserved: \`${id}\``;
  const end = 'model_providers.'.length + 1 + id.length;
  expect(errorOf({ user })).toEqual(errorAt(1, 2, end, `model_providers.${id}`, reason));
});

test('several reserved ids are listed in order', () => {
  const user = '[model_providers.openai]\n[model_providers.lmstudio]\n[model_providers.ollama]';
  const ids = '`lmstudio`, `ollama`, `openai`';
  const reason = `built-in providers cannot be redefined, and these ids are reserved: ${ids}`;
  expect(errorOf({ user })).toEqual(errorAt(2, 2, 25, 'model_providers.lmstudio', reason));
});

test('of the built-in Bedrock provider only aws may be set', () => {
  const aws = '[model_providers.amazon-bedrock.aws]\nprofile = "p"\n';
  expect(configOf({ user: aws }).modelProviders).toEqual(new Map());
  const reason = 'only `aws` may be set for this built-in provider';
  expect(errorOf({ user: `${aws}[model_providers.amazon-bedrock]\nname = "b"` })).toEqual(
    errorAt(4, 1, 4, 'model_providers.amazon-bedrock.name', reason),
  );
});

test.each([
  ['', 1, 2, 18, 'name', 'expected a name that is not blank, found nothing'],
  ['name = " "', 2, 1, 4, 'name', 'expected a name that is not blank, found a blank string'],
  ['name = 3', 2, 1, 4, 'name', 'expected a name that is not blank, found a whole number'],
  [
    'name = "x"\nwire_api = "chat"',
    3,
    1,
    8,
    'wire_api',
    'the Chat Completions API is no longer supported, expected "responses", found "chat"',
  ],
  ['name = "x"\nwire_api = "soap"', 3, 1, 8, 'wire_api', 'expected "responses", found "soap"'],
  ['name = "x"\nhttp_headers.a = 1', 3, 1, 14, 'http_headers.a', 'expected a string, found a whole number'],
  [
    'name = "x"\nhttp_headers = "a: b"',
    3,
    1,
    12,
    'http_headers',
    'expected a table of strings, found a string',
  ],
  [
    'name = "x"\nstream_idle_timeout_ms = 0',
    3,
    1,
    22,
    'stream_idle_timeout_ms',
    'expected a whole number of at least 1, found 0',
  ],
  [
    'name = "x"\nsupports_websockets = "yes"',
    3,
    1,
    19,
    'supports_websockets',
    'expected true or false, found a string',
  ],
])('a provider with %j', (body, line, column, endColumn, key, reason) => {
  const user = `[model_providers.p]\n${body}`;
  expect(errorOf({ user })).toEqual(errorAt(line, column, endColumn, `model_providers.p.${key}`, reason));
});

test('an entry that is not a table', () => {
  const user = '[model_providers]\np = "x"';
  expect(errorOf({ user })).toEqual(errorAt(2, 1, 1, 'model_providers.p', 'expected a table'));
});
