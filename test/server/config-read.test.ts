import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';

interface Read {
  readonly config: Record<string, unknown>;
  readonly origins: Record<string, { readonly name: object; readonly version: string }>;
  readonly layers:
    readonly { readonly name: object; readonly version: string; readonly config: object }[] | null;
}

/** What is answered about a configuration that sets nothing. */
const NOTHING_SET = {
  model: null,
  review_model: null,
  model_context_window: null,
  model_auto_compact_token_limit: null,
  model_provider: null,
  approval_policy: null,
  approvals_reviewer: null,
  sandbox_mode: null,
  sandbox_workspace_write: null,
  forced_chatgpt_workspace_id: null,
  forced_login_method: null,
  web_search: null,
  tools: null,
  profile: null,
  profiles: {},
  instructions: null,
  developer_instructions: null,
  compact_prompt: null,
  model_reasoning_effort: null,
  model_reasoning_summary: null,
  model_verbosity: null,
  service_tier: null,
  analytics: null,
  apps: null,
};

const VERSION = expect.stringMatching(/^sha256:[0-9a-f]{64}$/);

async function read(daemon: TestDaemon, params: object = {}): Promise<Read> {
  return daemon.request<Read>('config/read', params);
}

function userLayer(daemon: TestDaemon): object {
  return { name: { type: 'user', file: join(daemon.home, 'config.toml') }, version: VERSION };
}

describe('config/read', () => {
  it('gives every key, null where nothing is set', async () => {
    const daemon = await TestDaemon.open();
    expect(await read(daemon, { includeLayers: false, cwd: null })).toEqual({
      config: NOTHING_SET,
      origins: {},
      layers: null,
    });
  });

  it('gives the values of the user, and where they come from', async () => {
    const daemon = await TestDaemon.open({
      config: `
model = "gpt-x"
model_context_window = 1000
unknown_key = 1979-05-27T07:32:00Z
large = 9223372036854775807
approval_policy = { granular = { sandbox_approval = true, rules = true, mcp_elicitations = false } }
profile = "quick"
[sandbox_workspace_write]
network_access = true
[projects."/a.b"]
trust_level = "trusted"
[features]
goals = true
[profiles.quick]
model = "gpt-y"
[empty]
`,
    });
    const user = userLayer(daemon);
    expect(await read(daemon)).toEqual({
      config: {
        ...NOTHING_SET,
        model: 'gpt-x',
        model_context_window: 1000,
        unknown_key: '1979-05-27T07:32:00.000Z',
        large: 2 ** 63,
        approval_policy: {
          granular: {
            sandbox_approval: true,
            rules: true,
            skill_approval: false,
            request_permissions: false,
            mcp_elicitations: false,
          },
        },
        profile: 'quick',
        sandbox_workspace_write: {
          writable_roots: [],
          network_access: true,
          exclude_tmpdir_env_var: false,
          exclude_slash_tmp: false,
        },
        projects: { '/a.b': { trust_level: 'trusted' } },
        features: { goals: true },
        profiles: { quick: { model: 'gpt-y' } },
        empty: {},
      },
      origins: {
        model: user,
        model_context_window: user,
        unknown_key: user,
        large: user,
        'approval_policy.granular.sandbox_approval': user,
        'approval_policy.granular.rules': user,
        'approval_policy.granular.mcp_elicitations': user,
        profile: user,
        'sandbox_workspace_write.network_access': user,
        'projects."/a.b".trust_level': user,
        'features.goals': user,
        'profiles.quick.model': user,
        empty: user,
      },
      layers: null,
    });
  });

  it('gives the layers on request, the highest first', async () => {
    const daemon = await TestDaemon.open({
      config: 'model = "gpt-x"\nmodel_verbosity = "low"\n',
      args: ['app-server', '-c', 'model=gpt-y', '--enable', 'goals', '-c', 'model=gpt-z'],
    });
    const user = userLayer(daemon);
    const flags = { name: { type: 'sessionFlags' }, version: VERSION };
    expect(await read(daemon, { includeLayers: true })).toEqual({
      config: { ...NOTHING_SET, model: 'gpt-z', model_verbosity: 'low', features: { goals: true } },
      origins: { model: flags, model_verbosity: user, 'features.goals': flags },
      layers: [
        { ...flags, config: { model: 'gpt-z', features: { goals: true } }, disabledReason: null },
        { ...user, config: { model: 'gpt-x', model_verbosity: 'low' }, disabledReason: null },
      ],
    });
  });

  it('takes a file that does not exist for an empty layer', async () => {
    const daemon = new TestDaemon();
    const home = join(daemon.home, 'elsewhere');
    mkdirSync(home);
    const other = await TestDaemon.open({ env: { CODEX_HOME: home } });
    expect((await read(other, { includeLayers: true })).layers).toEqual([
      {
        name: { type: 'user', file: join(home, 'config.toml') },
        version: VERSION,
        config: {},
        disabledReason: null,
      },
    ]);
  });

  it('gives a version that depends on the values alone', async () => {
    const daemon = await TestDaemon.open({ config: 'model = "a"\n[features]\ngoals = true\n' });
    const version = async (): Promise<string | undefined> =>
      (await read(daemon, { includeLayers: true })).layers?.[0]?.version;
    const first = await version();
    writeFileSync(join(daemon.home, 'config.toml'), '# a remark\nfeatures.goals = true\nmodel = "a"\n');
    expect(await version()).toBe(first);
    writeFileSync(join(daemon.home, 'config.toml'), 'model = "b"\n[features]\ngoals = true\n');
    expect(await version()).not.toBe(first);
  });

  it('shows nothing that may be a credential', async () => {
    const secret = 'sk-0123456789';
    const daemon = await TestDaemon.open({
      config: `
model_provider = "p"
[model_providers.p]
name = "P"
base_url = "https://user:${secret}@host/v1"
env_key = "P_KEY"
experimental_bearer_token = "${secret}"
http_headers = { "x-plain" = "${secret}" }
env_http_headers = { "x-other" = "P_HEADER" }
query_params = { code = "${secret}" }
[mcp_servers.m]
command = "m"
env = { ANY = "${secret}" }
[mcp_servers.n]
url = "https://host/mcp?plain&key=${secret}#part"
[mcp_servers.h]
url = "https://host/mcp"
bearer_token_env_var = "M_TOKEN"
[shell_environment_policy]
set = { ANY = "${secret}" }
[another]
set = { NESTED = ["${secret}"] }
[other]
client_secret = "${secret}"
apiKey = "${secret}"
tokens = ["${secret}", { a = 1 }]
`,
      args: ['app-server', '-c', `model_providers.p.query_params.key=${secret}`],
      env: { PARLEY_LOG: 'trace' },
    });
    const answer = await read(daemon, { includeLayers: true });
    const redacted = '[redacted]';
    expect(answer.config).toEqual({
      ...NOTHING_SET,
      model_provider: 'p',
      model_providers: {
        p: {
          name: 'P',
          base_url: `https://${redacted}@host/v1`,
          env_key: 'P_KEY',
          experimental_bearer_token: redacted,
          http_headers: { 'x-plain': redacted },
          env_http_headers: { 'x-other': 'P_HEADER' },
          query_params: { code: redacted, key: redacted },
        },
      },
      mcp_servers: {
        m: { command: 'm', env: { ANY: redacted } },
        n: { url: `https://host/mcp?plain&key=${redacted}#part` },
        h: { url: 'https://host/mcp', bearer_token_env_var: 'M_TOKEN' },
      },
      shell_environment_policy: { set: { ANY: redacted } },
      another: { set: { NESTED: [redacted] } },
      other: { client_secret: redacted, apiKey: redacted, tokens: [redacted, { a: 1 }] },
    });
    expect(answer.layers).toHaveLength(2);
    expect(JSON.stringify(daemon.messages)).not.toContain(secret);
    expect(daemon.stderr).not.toContain(secret);
  });

  it.each([
    [
      'model = 5',
      /^failed to load configuration: \/.*config\.toml:1:1: model: expected a string, found a whole number$/,
    ],
    ['model = ', /^failed to load configuration: \/.*config\.toml:1:9: not valid TOML, /],
    [
      'profile = "x"',
      /^failed to load configuration: \/.*config\.toml:1:1: profile: the profile "x" is chosen, but there is no table \[profiles\.x\]$/,
    ],
    [
      'review_model = 5',
      /^failed to load configuration: review_model: the value is not of the kind that belongs there$/,
    ],
    [
      '[profiles.x]\nmodel_verbosity = "loud"',
      /^failed to load configuration: profiles\.x\.model_verbosity: the value is not of the kind that belongs there$/,
    ],
    [
      `deep = ${'['.repeat(70)}${']'.repeat(70)}`,
      /^failed to load configuration: tables and arrays are nested more than 64 deep$/,
    ],
  ])('refuses to show %j', async (config, message) => {
    const daemon = await TestDaemon.open({ config });
    expect((await daemon.call('config/read', {})).error).toEqual({
      code: -32600,
      message: expect.stringMatching(message),
      data: { reason: 'configurationInvalid' },
    });
  });

  it('needs params, of the right kind', async () => {
    const daemon = await TestDaemon.open();
    const refused = async (params: unknown): Promise<string | undefined> =>
      (await daemon.call('config/read', params)).error?.message;
    expect(await refused(undefined)).toBe('Invalid request: missing field `params`');
    expect(await refused({ includeLayers: 'yes' })).toBe(
      'Invalid request: invalid type: string "yes", expected a boolean',
    );
  });
});

describe('the web search', () => {
  it('is shown with its options', async () => {
    const daemon = await TestDaemon.open({
      config: `
web_search = "live"
tools.web_search = { context_size = "low", allowed_domains = ["a.com"], location = { city = "Paris" } }
`,
    });
    const user = userLayer(daemon);
    expect(await read(daemon)).toEqual({
      config: {
        ...NOTHING_SET,
        web_search: 'live',
        tools: {
          web_search: { context_size: 'low', allowed_domains: ['a.com'], location: { city: 'Paris' } },
        },
      },
      origins: {
        web_search: user,
        'tools.web_search.context_size': user,
        'tools.web_search.allowed_domains': user,
        'tools.web_search.location.city': user,
      },
      layers: null,
    });
  });

  it('is shown without the switch of old, which clients do not know', async () => {
    const config = 'tools.web_search = false\n[profiles.quick.tools]\nweb_search = true\nview_image = true';
    const daemon = await TestDaemon.open({ config });
    expect((await read(daemon)).config).toEqual({
      ...NOTHING_SET,
      tools: { web_search: null },
      profiles: { quick: { tools: { web_search: null, view_image: true } } },
    });
  });
});
