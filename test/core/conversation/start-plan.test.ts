import { describe, expect, test } from 'vitest';
import type { ThreadRealtimeStartParams } from '../../../src/protocol/index.ts';
import { V1, V2 } from '../../../src/realtime/index.ts';
import { CHATGPT, plan, planned, plannedCall, plannedSocket, refused, THREAD_ID } from './support/plan.ts';
import type { Situation } from './support/plan.ts';

test('without any configuration: version 2, its default model and voice, the built-in prompt', () => {
  expect(planned()).toEqual({
    version: V2,
    realtimeSessionId: THREAD_ID,
    transport: {
      type: 'websocket',
      url: 'wss://api.openai.com/v1/realtime?model=gpt-realtime-1.5',
      headers: {
        version: '1.2.3',
        'x-session-id': THREAD_ID,
        Authorization: 'Bearer key-of-login',
        originator: 'test',
        'User-Agent': 'test/1',
      },
    },
    session: V2.session({
      mode: 'conversational',
      instructions: 'default prompt',
      voice: 'marin',
      outputModality: 'audio',
    }),
    connectTimeoutMs: 15_000,
  });
});

test('version 1 has its own intent, voice and session', () => {
  const { url } = plannedSocket({ version: 'v1' });
  const { version, session } = planned({ version: 'v1' });
  expect({ version, url, session }).toEqual({
    version: V1,
    url: 'wss://api.openai.com/v1/realtime?intent=quicksilver&model=gpt-realtime-1.5',
    session: V1.session({
      mode: 'conversational',
      instructions: 'default prompt',
      voice: 'cove',
      outputModality: 'audio',
    }),
  });
});

describe('the version', () => {
  test.each<[config: string, params: object, expected: string]>([
    ['', {}, 'v2'],
    ['realtime.version = "v1"', {}, 'v1'],
    ['realtime.version = "v2"', {}, 'v2'],
    ['realtime.version = "v1"', { version: 'v2' }, 'v2'],
    ['realtime.version = "v2"', { version: 'v1' }, 'v1'],
    ['realtime.version = "v1"', { version: null }, 'v1'],
  ])('with %j and %j is %s', (config, params, expected) => {
    expect(planned(params, { config }).version.name).toBe(expected);
  });
});

describe('the model', () => {
  test.each<[config: string, params: object, expected: string]>([
    ['', {}, 'gpt-realtime-1.5'],
    ['experimental_realtime_ws_model = "configured"', {}, 'configured'],
    ['experimental_realtime_ws_model = "configured"', { model: 'requested' }, 'requested'],
    ['experimental_realtime_ws_model = "configured"', { model: null }, 'configured'],
    ['', { model: 'requested' }, 'requested'],
  ])('with %j and %j is %s', (config, params, expected) => {
    expect(new URL(plannedSocket(params, { config }).url).searchParams.getAll('model')).toEqual([expected]);
  });
});

describe('the voice', () => {
  function voiceOf(params: Partial<ThreadRealtimeStartParams>, config: string): unknown {
    const { session } = planned(params, { config });
    return (session as { audio: { output: { voice: string } } }).audio.output.voice;
  }

  test.each<[config: string, params: Partial<ThreadRealtimeStartParams>, expected: string]>([
    ['', {}, 'marin'],
    ['', { version: 'v1' }, 'cove'],
    ['', { voice: 'cedar' }, 'cedar'],
    ['', { voice: null }, 'marin'],
    ['realtime.voice = "ash"', {}, 'ash'],
    ['realtime.voice = "ash"', { voice: null }, 'ash'],
    ['realtime.voice = "ash"', { voice: 'cedar' }, 'cedar'],
    ['realtime.voice = "breeze"', { version: 'v1' }, 'breeze'],
    ['realtime.voice = "ash"', { version: 'v1', voice: 'breeze' }, 'breeze'],
  ])('with %j and %j is %s', (config, params, expected) => {
    expect(voiceOf(params, config)).toBe(expected);
  });

  test.each<[config: string, params: Partial<ThreadRealtimeStartParams>]>([
    ['', { voice: 'cove' }],
    ['realtime.voice = "cove"', {}],
    ['realtime.type = "transcription"', { voice: 'cove' }],
  ])('of version 1 is refused for version 2, with %j and %j', (config, params) => {
    expect(refused(params, { config })).toBe(
      'realtime voice `cove` is not supported for v2; supported voices: ' +
        'alloy, ash, ballad, coral, echo, sage, shimmer, verse, marin, cedar',
    );
  });

  test.each<[config: string, params: Partial<ThreadRealtimeStartParams>]>([
    ['', { version: 'v1', voice: 'marin' }],
    ['realtime = { version = "v1", voice = "marin" }', {}],
  ])('of version 2 is refused for version 1, with %j and %j', (config, params) => {
    expect(refused(params, { config })).toBe(
      'realtime voice `marin` is not supported for v1; supported voices: ' +
        'juniper, maple, spruce, ember, vale, breeze, arbor, sol, cove',
    );
  });
});

describe('the output modality', () => {
  test('text is for version 2', () => {
    expect(planned({ outputModality: 'text' }).session).toMatchObject({ output_modalities: ['text'] });
    expect(refused({ outputModality: 'text', version: 'v1' })).toBe(
      'output modality `text` needs realtime version v2',
    );
  });

  test('is checked before the voice, and the voice before the key', () => {
    const auth = { kind: 'none' } as const;
    const params = { version: 'v1', voice: 'marin' } as const;
    expect(refused({ ...params, outputModality: 'text' }, { auth })).toContain('output modality');
    expect(refused(params, { auth })).toContain('voice `marin`');
    expect(refused({}, { auth })).toContain('API key');
  });
});

describe('a transcription session', () => {
  const config = 'realtime.type = "transcription"';

  test('only listens in version 2', () => {
    expect(planned({}, { config })).toMatchObject({
      transport: { url: 'wss://api.openai.com/v1/realtime?model=gpt-realtime-1.5' },
      session: V2.session({
        mode: 'transcription',
        instructions: '',
        voice: 'marin',
        outputModality: 'audio',
      }),
    });
  });

  test('is a conversation in version 1', () => {
    expect(planned({ version: 'v1' }, { config }).session).toEqual(
      planned({ version: 'v1' }, { config: '' }).session,
    );
  });
});

describe('the instructions', () => {
  const CONFIGURED = 'experimental_realtime_ws_backend_prompt = "configured"\n';
  const CONTEXT = 'experimental_realtime_ws_startup_context = "context"\n';

  test.each<[name: string, config: string, params: Partial<ThreadRealtimeStartParams>, expected: string]>([
    ['no prompt named', '', {}, 'default prompt'],
    ['a prompt', '', { prompt: 'requested' }, 'requested'],
    ['an empty prompt', '', { prompt: '' }, ''],
    ['a blank prompt', '', { prompt: ' ' }, ' '],
    ['null', '', { prompt: null }, ''],
    ['a configured prompt', CONFIGURED, {}, 'configured'],
    ['a configured prompt and one of the request', CONFIGURED, { prompt: 'requested' }, 'configured'],
    ['a configured prompt and null', CONFIGURED, { prompt: null }, 'configured'],
    [
      'a configured prompt with white space around it',
      'experimental_realtime_ws_backend_prompt = " configured\\n"',
      {},
      ' configured\n',
    ],
    [
      'a blank configured prompt',
      'experimental_realtime_ws_backend_prompt = " \\n"',
      { prompt: 'requested' },
      'requested',
    ],
    ['a context', CONTEXT, {}, 'default prompt\n\ncontext'],
    ['a context and a prompt', CONTEXT, { prompt: 'requested' }, 'requested\n\ncontext'],
    ['a context alone', CONTEXT, { prompt: null }, 'context'],
    ['a context beside a configured prompt', CONFIGURED + CONTEXT, {}, 'configured\n\ncontext'],
    ['an empty context', 'experimental_realtime_ws_startup_context = ""', {}, 'default prompt'],
  ])('with %s', (_name, config, params, expected) => {
    const both = [planned(params, { config }), planned({ ...params, version: 'v1' }, { config })];
    expect(both.map(({ session }) => session['instructions'])).toEqual([expected, expected]);
  });
});

describe('the key', () => {
  const PROVIDER = 'model_provider = "own"\n[model_providers.own]\nname = "Own"\nbase_url = "http://h/v1"\n';
  const TOKEN = 'experimental_bearer_token = "token-of-provider"\n';
  const VARIABLE = 'env_key = "OWN_KEY"\n';

  test.each<[name: string, situation: Situation, key: string]>([
    ['the login', {}, 'key-of-login'],
    ['the login, not the environment', { environment: { OPENAI_API_KEY: 'from-env' } }, 'key-of-login'],
    [
      'the environment beside a ChatGPT login',
      { auth: CHATGPT, environment: { OPENAI_API_KEY: ' from-env ' } },
      'from-env',
    ],
    [
      'the environment without a login',
      { auth: { kind: 'none' }, environment: { OPENAI_API_KEY: 'from-env' } },
      'from-env',
    ],
    ['the login, for any provider', { config: PROVIDER }, 'key-of-login'],
    ["the provider's token", { config: PROVIDER + TOKEN }, 'token-of-provider'],
    [
      "the provider's variable",
      { config: PROVIDER + TOKEN + VARIABLE, environment: { OWN_KEY: 'from-own-env' } },
      'from-own-env',
    ],
  ])('of %s', (_name, situation, key) => {
    expect(plannedSocket({}, situation).headers['Authorization']).toBe(`Bearer ${key}`);
  });

  test.each<[name: string, situation: Situation]>([
    ['nobody is logged in', { auth: { kind: 'none' } }],
    ['the login is one of ChatGPT', { auth: CHATGPT }],
    ['the variable is blank', { auth: CHATGPT, environment: { OPENAI_API_KEY: ' ' } }],
    [
      'the variable is not for this provider',
      { config: PROVIDER, auth: { kind: 'none' }, environment: { OPENAI_API_KEY: 'from-env' } },
    ],
  ])('is missing when %s', (_name, situation) => {
    expect(refused({}, situation)).toBe(
      'a realtime session needs an API key: log in with one, or configure it for the provider',
    );
  });

  test.each([{}, { OWN_KEY: ' ' }])(
    'of the configured variable must be set, whatever else there is: %j',
    (environment) => {
      expect(refused({}, { config: PROVIDER + TOKEN + VARIABLE, environment })).toBe(
        'Missing environment variable: `OWN_KEY`.',
      );
    },
  );

  test('a login of ChatGPT still goes to the API, not to the ChatGPT backend', () => {
    const environment = { OPENAI_API_KEY: 'from-env' };
    expect(plannedSocket({}, { auth: CHATGPT, environment }).url).toBe(
      'wss://api.openai.com/v1/realtime?model=gpt-realtime-1.5',
    );
  });
});

describe('the address', () => {
  const PROVIDER = `
model_provider = "own"
[model_providers.own]
name = "Own"
base_url = "https://own.example/api/v1"
query_params = { trace = "1", intent = "x", model = "y" }
`;

  test.each<[name: string, config: string, params: object, url: string]>([
    ['of the provider', PROVIDER, {}, 'wss://own.example/api/v1/realtime?model=gpt-realtime-1.5&trace=1'],
    [
      'of the configuration',
      `experimental_realtime_ws_base_url = "http://127.0.0.1:9"\n${PROVIDER}`,
      { version: 'v1' },
      'ws://127.0.0.1:9/v1/realtime?intent=quicksilver&model=gpt-realtime-1.5&trace=1',
    ],
    [
      'of the built-in provider, moved',
      'openai_base_url = "http://127.0.0.1:9/v1"',
      {},
      'ws://127.0.0.1:9/v1/realtime?model=gpt-realtime-1.5',
    ],
  ])('%s', (_name, config, params, url) => {
    expect(plannedSocket(params, { config }).url).toBe(url);
  });

  test.each([
    ['ftp://h', 'the realtime base URL has the scheme `ftp`; expected http, https, ws or wss'],
    ['nonsense', 'the realtime base URL is not a valid URL'],
  ])('%s is refused', (base, message) => {
    expect(refused({}, { config: `experimental_realtime_ws_base_url = "${base}"` })).toBe(message);
  });
});

test('headers: the session and the key beat the provider, the provider beats the defaults', () => {
  const config = `
model_provider = "own"
[model_providers.own]
name = "Own"
base_url = "https://own.example/v1"
http_headers = { authorization = "Basic x", "X-Session-Id" = "theirs", originator = "theirs", x-own = "1" }
env_http_headers = { x-env = "OWN_HEADER", x-unset = "NOT_SET" }
`;
  const { headers } = plannedSocket(
    { realtimeSessionId: 'mine' },
    { config, environment: { OWN_HEADER: 'e' } },
  );
  expect(headers).toEqual({
    'x-session-id': 'mine',
    Authorization: 'Bearer key-of-login',
    originator: 'theirs',
    'User-Agent': 'test/1',
    'x-own': '1',
    'x-env': 'e',
  });
});

describe('the session id', () => {
  test.each<[requested: string | null | undefined, expected: string]>([
    [undefined, THREAD_ID],
    [null, THREAD_ID],
    ['conv_1', 'conv_1'],
    ['with\ttab and space', 'with\ttab and space'],
  ])('%j gives %j, and is never part of the session', (realtimeSessionId, expected) => {
    const params = realtimeSessionId === undefined ? {} : { realtimeSessionId };
    const outcome = planned(params);
    const { call, sideband } = plannedCall(params);
    const sent = [plannedSocket(params), call, sideband].map(({ headers }) => headers['x-session-id']);
    expect([outcome.realtimeSessionId, ...sent]).toEqual([expected, expected, expected, expected]);
    expect(outcome.session).not.toHaveProperty('id');
    expect(outcome.session).not.toHaveProperty('model');
  });

  test.each(['a\nb', 'a\r\nInjected: yes', 'a\u0000', 'a\u007f', 'snow\u2603'])(
    '%j is refused',
    (realtimeSessionId) => {
      expect(refused({ realtimeSessionId })).toBe(
        '`realtimeSessionId` has characters that a header cannot carry',
      );
    },
  );
});

test('the connect timeout is configured', () => {
  expect(planned({}, { config: 'realtime.connect_timeout_ms = 200' }).connectTimeoutMs).toBe(200);
});

test.each([undefined, null, { type: 'websocket' } as const])(
  'the transport %j is the socket',
  (transport) => {
    expect(plan(transport === undefined ? {} : { transport }).ok).toBe(true);
  },
);
