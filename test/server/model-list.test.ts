import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { ModelsProvider } from '../support/models-provider.ts';

interface Listed {
  readonly data: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

const EFFORTS = {
  none: 'Answers without thinking first',
  low: 'Thinks briefly, for answers that come soon',
  medium: 'Weighs time against depth',
  high: 'Thinks longer, for harder problems',
  xhigh: 'Thinks as long as it takes',
};

const GPT_5_5 = {
  id: 'gpt-5.5',
  model: 'gpt-5.5',
  upgrade: null,
  upgradeInfo: null,
  availabilityNux: null,
  displayName: 'GPT-5.5',
  description: 'Strong at coding and at long tasks of any kind.',
  hidden: false,
  supportedReasoningEfforts: Object.entries(EFFORTS).map(([reasoningEffort, description]) => ({
    reasoningEffort,
    description,
  })),
  defaultReasoningEffort: 'medium',
  inputModalities: ['text', 'image'],
  supportsPersonality: true,
  additionalSpeedTiers: [],
  serviceTiers: [],
  isDefault: true,
};

/** What is answered about a model of which the name alone is known. */
function unknown(id: string, isDefault = false): object {
  return {
    ...GPT_5_5,
    id,
    model: id,
    displayName: id,
    description: '',
    supportedReasoningEfforts: [],
    defaultReasoningEffort: 'none',
    supportsPersonality: false,
    isDefault,
  };
}

const VISIBLE = [
  'gpt-5.5',
  'gpt-5.6-sol',
  'gpt-5.6-terra',
  'gpt-5.6-luna',
  'gpt-5.4',
  'gpt-5.4-mini',
  'gpt-5.3-codex',
];
const ALL = [...VISIBLE, 'gpt-5.3-codex-spark', 'gpt-5.2'];

async function list(daemon: TestDaemon, params: object = {}): Promise<Listed> {
  return daemon.request<Listed>('model/list', params);
}

function ids({ data }: Listed): string[] {
  return data.map(({ id }) => id);
}

/** Everything that the daemon has logged, once it has ended. */
async function logOf(daemon: TestDaemon): Promise<string> {
  const closed = once(daemon.process, 'close');
  daemon.process.stdin.end();
  await closed;
  return daemon.stderr;
}

describe('without a provider to ask', () => {
  it('lists the built-in models, the default first', async () => {
    const daemon = await TestDaemon.open();
    const { data, nextCursor } = await list(daemon, { cursor: null, limit: null, includeHidden: false });
    expect(data[0]).toEqual(GPT_5_5);
    expect(data.map(({ id }) => id)).toEqual(VISIBLE);
    expect(data.filter((model) => 'isDefault' in model && model.isDefault === true)).toEqual([GPT_5_5]);
    expect(nextCursor).toBeNull();
    for (const model of data) expect(Object.keys(model)).toEqual(Object.keys(GPT_5_5));
  });

  it('lists hidden models where they are wanted', async () => {
    const daemon = await TestDaemon.open();
    const listed = await list(daemon, { includeHidden: true });
    expect(ids(listed)).toEqual(ALL);
    expect(
      listed.data.filter((model) => 'hidden' in model && model.hidden === true).map(({ id }) => id),
    ).toEqual(['gpt-5.3-codex-spark', 'gpt-5.2']);
  });

  it('lists page by page', async () => {
    const daemon = await TestDaemon.open();
    expect(await list(daemon, { limit: 1 })).toEqual({ data: [GPT_5_5], nextCursor: '1' });
    expect(await list(daemon, { limit: 0 })).toEqual({ data: [GPT_5_5], nextCursor: '1' });
    const pages: string[][] = [];
    let cursor: string | null = null;
    do {
      const page: Listed = await list(daemon, { cursor, limit: 3 });
      pages.push(ids(page));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(pages).toEqual([VISIBLE.slice(0, 3), VISIBLE.slice(3, 6), VISIBLE.slice(6)]);
    expect(ids(await list(daemon, { limit: 4_294_967_295 }))).toEqual(VISIBLE);
    expect(await list(daemon, { cursor: String(VISIBLE.length) })).toEqual({ data: [], nextCursor: null });
  });

  it.each(['invalid', '', '-1', '1.5', ' 1', '0x1', String(VISIBLE.length + 1), '9'.repeat(30)])(
    'refuses the cursor %j',
    async (cursor) => {
      const daemon = await TestDaemon.open();
      expect((await daemon.call('model/list', { cursor })).error).toEqual({
        code: -32600,
        message: `invalid cursor: ${cursor}`,
        data: { reason: 'invalidCursor' },
      });
    },
  );

  it.each([
    ['a configuration that cannot be used', 'model = 5'],
    ['a provider that does not exist', 'model_provider = "nope"'],
    [
      'a provider whose key is not set',
      'model_provider = "p"\n[model_providers.p]\nname = "P"\nenv_key = "NO_KEY"',
    ],
    ['a provider that requires a login', 'openai_base_url = "http://127.0.0.1:9/v1"'],
  ])('with %s asks nobody', async (_what, config) => {
    const daemon = await TestDaemon.open({ config });
    expect(ids(await list(daemon))).toEqual(VISIBLE);
    expect(await logOf(daemon)).not.toContain('the models could not be asked for');
  });
});

describe('a provider that describes its models', () => {
  it('is asked once, with its own parameters, headers and key', async () => {
    const provider = await ModelsProvider.open({ body: { models: [{ slug: 'm1' }] } });
    const daemon = await TestDaemon.open({
      config: provider.config(`
experimental_bearer_token = "token-1"
query_params = { "api-version" = "1" }
http_headers = { "X-Extra" = "yes" }`),
    });
    const answers = await Promise.all([list(daemon), list(daemon), list(daemon)]);
    const again = await list(daemon);
    expect([...answers, again]).toEqual(
      Array.from({ length: 4 }, () => ({ data: [unknown('m1', true)], nextCursor: null })),
    );
    expect(provider.requests).toEqual([
      {
        method: 'GET',
        url: '/v1/models?api-version=1&client_version=0.130.0',
        headers: expect.objectContaining({
          authorization: 'Bearer token-1',
          originator: 'test',
          'user-agent': expect.stringMatching(/^test\/0\.130\.0 /),
          'x-extra': 'yes',
        }),
      },
    ]);
  });

  it('is believed', async () => {
    const provider = await ModelsProvider.open({
      body: {
        models: [
          { slug: 'second', priority: 2, visibility: 'list' },
          { slug: 'hidden', priority: 0, visibility: 'hide' },
          {
            slug: 'first',
            display_name: 'The first',
            description: 'It is the first.',
            priority: 1,
            visibility: 'list',
            supported_in_api: true,
            context_window: 1000,
            default_reasoning_level: 'high',
            supported_reasoning_levels: [
              { effort: 'low', description: 'Little' },
              { effort: 'high' },
              { effort: 'beyond measure', description: 'Too much' },
            ],
            input_modalities: ['text', 'smell'],
            additional_speed_tiers: ['fast', 5],
            service_tiers: [{ id: 'flex', name: 'Flex', description: 'Later' }, { id: 'half' }],
            upgrade: { model: 'second', migration_markdown: '# Move' },
            availability_nux: { message: 'New here' },
            something_new: { a: 1 },
          },
          { slug: 'elsewhere', priority: 0, visibility: 'list', supported_in_api: false },
          { slug: '' },
          { name: 'no slug' },
          null,
          { slug: 'gpt-5.5', priority: 3, display_name: null, context_window: 'large' },
        ],
      },
    });
    const daemon = await TestDaemon.open({ config: provider.config() });
    expect(await list(daemon, { includeHidden: true })).toEqual({
      data: [
        { ...unknown('hidden'), hidden: true },
        {
          ...unknown('first', true),
          displayName: 'The first',
          description: 'It is the first.',
          supportedReasoningEfforts: [
            { reasoningEffort: 'low', description: 'Little' },
            { reasoningEffort: 'high', description: EFFORTS.high },
          ],
          defaultReasoningEffort: 'high',
          inputModalities: ['text'],
          additionalSpeedTiers: ['fast'],
          serviceTiers: [{ id: 'flex', name: 'Flex', description: 'Later' }],
          upgrade: 'second',
          upgradeInfo: { model: 'second', upgradeCopy: null, modelLink: null, migrationMarkdown: '# Move' },
          availabilityNux: { message: 'New here' },
        },
        unknown('second'),
        { ...GPT_5_5, isDefault: false },
      ],
      nextCursor: null,
    });
  });

  it('is asked with the account of a ChatGPT login', async () => {
    const provider = await ModelsProvider.open({
      body: { models: [{ slug: 'm1', supported_in_api: false }] },
    });
    const daemon = await TestDaemon.open({ config: `openai_base_url = "${provider.url}"` });
    const tokens = { id_token: '', access_token: 'access-1', account_id: 'account-1' };
    writeFileSync(join(daemon.home, 'auth.json'), JSON.stringify({ auth_mode: 'chatgpt', tokens }));
    expect(await list(daemon)).toEqual({ data: [unknown('m1', true)], nextCursor: null });
    expect(provider.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer access-1',
      'chatgpt-account-id': 'account-1',
    });
  });
});

describe('a provider that names its models', () => {
  const NAMES = {
    object: 'list',
    data: [
      { id: 'own', object: 'model' },
      { id: 'gpt-5.2', object: 'model' },
      { id: 'own', object: 'model' },
      { id: 'gpt-5.4-mini-2026-03-17', object: 'model' },
      { id: 5 },
    ],
  };

  it('has those, with what is known of them', async () => {
    const provider = await ModelsProvider.open({ body: NAMES });
    const daemon = await TestDaemon.open({ config: provider.config() });
    const listed = await list(daemon);
    expect(listed.data[0]).toEqual(unknown('own', true));
    expect(listed.data.slice(1)).toEqual([
      {
        ...GPT_5_5,
        id: 'gpt-5.2',
        model: 'gpt-5.2',
        displayName: 'GPT-5.2',
        description: 'An older model for general work.',
        supportsPersonality: false,
        isDefault: false,
      },
      {
        ...GPT_5_5,
        id: 'gpt-5.4-mini-2026-03-17',
        model: 'gpt-5.4-mini-2026-03-17',
        displayName: 'GPT-5.4 mini',
        description: 'Small and quick, for light coding tasks.',
        isDefault: false,
      },
    ]);
  });

  it('is taken to have other things too, if it is OpenAI', async () => {
    const names = ['whisper-1', 'gpt-5.4', 'gpt-5.5', 'gpt-5.2', 'text-embedding-3-small'];
    const provider = await ModelsProvider.open({
      body: { object: 'list', data: names.map((id) => ({ id })) },
    });
    const daemon = await TestDaemon.open({ config: `openai_base_url = "${provider.url}"` });
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: 'sk-1' });
    expect(ids(await list(daemon))).toEqual(['gpt-5.5', 'gpt-5.4']);
    expect(ids(await list(daemon, { includeHidden: true }))).toEqual(['gpt-5.5', 'gpt-5.4', 'gpt-5.2']);
    expect(provider.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer sk-1']);
  });
});

describe('a provider that is of no help', () => {
  it.each([
    ['has none', { body: { models: [], data: [] } }, null],
    ['answers something else', { body: '[1, 2]' }, null],
    ['answers no JSON', { body: '<html>secret-body</html>' }, 'the answer is not JSON'],
    ['refuses', { status: 403, body: 'secret-body' }, 'the provider answered with status 403'],
    ['fails', { status: 500, body: '' }, 'the provider answered with status 500'],
    [
      'answers without end',
      { body: `"${'x'.repeat(8 * 1024 * 1024)}"` },
      'the answer is longer than 8388608 bytes',
    ],
  ])('because it %s is replaced by the built-in models, and left alone', async (_what, answer, reason) => {
    const provider = await ModelsProvider.open(answer);
    const daemon = await TestDaemon.open({
      config: provider.config('experimental_bearer_token = "secret-token"'),
    });
    expect(ids(await list(daemon))).toEqual(VISIBLE);
    expect(ids(await list(daemon, { includeHidden: true }))).toEqual(ALL);
    expect(provider.requests).toHaveLength(1);
    const log = await logOf(daemon);
    const logged = log.split('\n').filter((line) => line.includes('the models could not be asked for'));
    expect(logged.map((line) => (JSON.parse(line) as { reason: string }).reason)).toEqual(
      reason === null ? [] : [reason],
    );
    expect(log).not.toContain('secret');
  });

  it('because nobody is there is replaced too', async () => {
    const provider = await ModelsProvider.open(null);
    const config = provider.config('query_params = { key = "secret-key" }');
    await provider.close();
    const daemon = await TestDaemon.open({ config });
    expect(ids(await list(daemon))).toEqual(VISIBLE);
    const log = await logOf(daemon);
    expect(log).toContain('ECONNREFUSED');
    expect(log).not.toContain('secret');
  });

  it('does not keep other requests waiting, and is given up in the end', async () => {
    const provider = await ModelsProvider.open(null);
    const daemon = await TestDaemon.open({ config: provider.config() });
    const listing = list(daemon);
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
    expect(ids(await listing)).toEqual(VISIBLE);
    expect(await logOf(daemon)).toContain('there was no answer within 5000 ms');
  });
});

describe('modelProvider/capabilities/read', () => {
  it.each([
    ['', { namespaceTools: true, imageGeneration: true, webSearch: true }],
    ['model_provider = "lmstudio"', { namespaceTools: true, imageGeneration: false, webSearch: false }],
    ['model = 5', { namespaceTools: true, imageGeneration: true, webSearch: true }],
  ])('with the configuration %j', async (config, expected) => {
    const daemon = await TestDaemon.open({ config });
    expect(await daemon.request('modelProvider/capabilities/read', {})).toEqual(expected);
  });

  it('with a provider that does not exist', async () => {
    const daemon = await TestDaemon.open({ config: 'model_provider = "nope"' });
    expect((await daemon.call('modelProvider/capabilities/read', {})).error).toEqual({
      code: -32600,
      message: 'failed to load configuration: Model provider `nope` not found',
      data: { reason: 'configurationInvalid' },
    });
  });
});
