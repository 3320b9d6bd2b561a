import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Secret } from '../../../src/util/secret.ts';
import { isFeatureEnabled, loadConfig } from '../../../src/core/config/index.ts';
import type { Config } from '../../../src/core/config/index.ts';
import { testFolder } from '../../support/folder.ts';
import { configOf, errorOf } from './home.ts';

const DEFAULTS: Config = {
  profile: null,
  model: null,
  modelProvider: 'openai',
  modelProviders: new Map(),
  openaiBaseUrl: null,
  approvalPolicy: 'on-request',
  approvalsReviewer: 'user',
  sandboxMode: 'read-only',
  shellEnvironment: {
    inherit: 'all',
    ignoresDefaultExcludes: false,
    exclude: [],
    includeOnly: [],
    set: new Map(),
  },
  sandboxWorkspaceWrite: {
    writableRoots: [],
    networkAccess: false,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  },
  permissions: null,
  permissionProfiles: new Map(),
  modelReasoningEffort: null,
  modelReasoningSummary: null,
  modelSupportsReasoningSummaries: null,
  modelVerbosity: null,
  modelContextWindow: null,
  modelAutoCompactTokenLimit: null,
  serviceTier: null,
  personality: null,
  baseInstructions: null,
  developerInstructions: null,
  compactPrompt: null,
  mcpServers: new Map(),
  webSearch: { mode: 'cached', contextSize: null, allowedDomains: null, location: null },
  projectDocMaxBytes: 32_768,
  notify: [],
  skills: { areListed: true, rules: [] },
  features: new Map([
    ['enable_request_compression', true],
    ['realtime_conversation', true],
  ]),
  realtime: {
    version: 'v2',
    type: 'conversational',
    transport: 'webrtc',
    voice: null,
    mirrorTypedText: true,
    includeProjectInstructions: false,
    connectTimeoutMs: 15_000,
    socketBaseUrl: null,
    callBaseUrl: null,
    model: null,
    prompt: null,
    startupContext: null,
    startInstructions: null,
  },
  audio: { microphone: null, speaker: null },
};

test('without any file the defaults apply', () => {
  expect(configOf({})).toEqual(DEFAULTS);
});

test('a home directory that does not exist is an empty layer', () => {
  const codexHome = join(testFolder(), 'absent');
  const outcome = loadConfig({ codexHome, systemPath: join(codexHome, 'system.toml'), overrides: [] });
  expect(outcome).toEqual({ ok: true, config: DEFAULTS });
});

test('every key is read', () => {
  const user = `
model = "gpt-x"
model_provider = "local"
openai_base_url = "http://127.0.0.1:1/v1"
approval_policy = "untrusted"
approvals_reviewer = "auto_review"
sandbox_mode = "workspace-write"
model_reasoning_effort = "xhigh"
model_reasoning_summary = "concise"
model_verbosity = "low"
model_context_window = 272_000
model_auto_compact_token_limit = 0
service_tier = "flex"
personality = "pragmatic"
instructions = "base"
developer_instructions = ""
model_supports_reasoning_summaries = true
compact_prompt = "shorter"
notify = ["say", "done"]
project_doc_max_bytes = 65_536
web_search = "live"
experimental_realtime_ws_base_url = "ws://127.0.0.1:2"
experimental_realtime_webrtc_call_base_url = "http://127.0.0.1:3/v1"
experimental_realtime_ws_model = "gpt-realtime"
experimental_realtime_ws_backend_prompt = "prompt"
experimental_realtime_ws_startup_context = ""
experimental_realtime_start_instructions = "start"

[shell_environment_policy]
inherit = "core"
ignore_default_excludes = true
exclude = ["A*"]
include_only = ["B*"]
set = { C = "1" }

[sandbox_workspace_write]
writable_roots = ["/a", "/b"]
network_access = true
exclude_tmpdir_env_var = true
exclude_slash_tmp = true

[skills]
include_instructions = false

[[skills.config]]
path = "/a/SKILL.md"
enabled = false

[[skills.config]]
name = "b"
enabled = true

[tools.web_search]
context_size = "high"
allowed_domains = ["example.com"]
location = { country = "DE", region = "Berlin", city = "Berlin", timezone = "Europe/Berlin" }

[features]
realtime_conversation = false
goals = true
another = "not a switch"

[realtime]
version = "v1"
type = "transcription"
transport = "websocket"
voice = "cove"
connect_timeout_ms = 250
mirror_typed_text = false
include_project_instructions = true

[audio]
microphone = "mic"
speaker = "loud"
`;
  expect(configOf({ user })).toEqual({
    profile: null,
    model: 'gpt-x',
    modelProvider: 'local',
    modelProviders: new Map(),
    openaiBaseUrl: 'http://127.0.0.1:1/v1',
    approvalPolicy: 'untrusted',
    approvalsReviewer: 'auto_review',
    sandboxMode: 'workspace-write',
    shellEnvironment: {
      inherit: 'core',
      ignoresDefaultExcludes: true,
      exclude: ['A*'],
      includeOnly: ['B*'],
      set: new Map([['C', new Secret('1')]]),
    },
    sandboxWorkspaceWrite: {
      writableRoots: ['/a', '/b'],
      networkAccess: true,
      excludeTmpdirEnvVar: true,
      excludeSlashTmp: true,
    },
    permissions: null,
    permissionProfiles: new Map(),
    modelReasoningEffort: 'xhigh',
    modelReasoningSummary: 'concise',
    modelSupportsReasoningSummaries: true,
    modelVerbosity: 'low',
    modelContextWindow: 272_000,
    modelAutoCompactTokenLimit: 0,
    serviceTier: 'flex',
    personality: 'pragmatic',
    baseInstructions: 'base',
    developerInstructions: '',
    compactPrompt: 'shorter',
    projectDocMaxBytes: 65_536,
    notify: ['say', 'done'],
    skills: {
      areListed: false,
      rules: [
        { path: '/a/SKILL.md', name: null, enabled: false },
        { path: null, name: 'b', enabled: true },
      ],
    },
    mcpServers: new Map(),
    webSearch: {
      mode: 'live',
      contextSize: 'high',
      allowedDomains: ['example.com'],
      location: { country: 'DE', region: 'Berlin', city: 'Berlin', timezone: 'Europe/Berlin' },
    },
    features: new Map([
      ['enable_request_compression', true],
      ['realtime_conversation', false],
      ['goals', true],
    ]),
    realtime: {
      version: 'v1',
      type: 'transcription',
      transport: 'websocket',
      voice: 'cove',
      mirrorTypedText: false,
      includeProjectInstructions: true,
      connectTimeoutMs: 250,
      socketBaseUrl: 'ws://127.0.0.1:2',
      callBaseUrl: 'http://127.0.0.1:3/v1',
      model: 'gpt-realtime',
      prompt: 'prompt',
      startupContext: '',
      startInstructions: 'start',
    },
    audio: { microphone: 'mic', speaker: 'loud' },
  });
});

test('a partial realtime table keeps the other defaults', () => {
  const { realtime } = configOf({ user: '[realtime]\nvoice = "marin"' });
  expect(realtime).toEqual({ ...DEFAULTS.realtime, voice: 'marin' });
});

test('the granular approval policy fills in its two newer kinds', () => {
  const user =
    'approval_policy = { granular = { sandbox_approval = true, rules = false, mcp_elicitations = true } }';
  expect(configOf({ user }).approvalPolicy).toEqual({
    granular: {
      sandbox_approval: true,
      rules: false,
      mcp_elicitations: true,
      skill_approval: false,
      request_permissions: false,
    },
  });
});

test('realtime is on unless it is turned off', () => {
  const enabled = (user: string) => isFeatureEnabled(configOf({ user }), 'realtime_conversation');
  expect([
    enabled(''),
    enabled('features.realtime_conversation = true'),
    enabled('features.realtime_conversation = false'),
    enabled('features.other = false'),
  ]).toEqual([true, true, false, true]);
});

test('unknown keys are left alone, whatever they hold', () => {
  const user = `
nonsense = 99999999999999999999999
[tui]
theme = 1979-05-27
[realtime]
pitch = []
[[mcp]]
__proto__ = { polluted = true }
`;
  expect(configOf({ user, overrides: ['x.y."z q"=[1', '__proto__.polluted=1', 'features.new=3'] })).toEqual(
    DEFAULTS,
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('blank base URLs and a blank voice model count as not set', () => {
  const user = `
openai_base_url = " "
experimental_realtime_ws_base_url = ""
experimental_realtime_webrtc_call_base_url = ""
experimental_realtime_ws_model = ""
`;
  expect(configOf({ user })).toEqual(DEFAULTS);
});

test('a timeout longer than a timer can hold is lowered', () => {
  const { realtime } = configOf({ overrides: ['realtime.connect_timeout_ms=9000000000'] });
  expect(realtime.connectTimeoutMs).toBe(2_147_483_647);
});

test('layers win in order: system, user, override, request, typed parameter', () => {
  const system = 'model = "system"\nservice_tier = "system"';
  const user = 'model = "user"';
  const overrides = ['model=first', 'model="override"'];
  const threadConfig = { model: 'request' };
  const typed = { model: 'typed' };
  const models = [
    { system },
    { system, user },
    { system, user, overrides },
    { system, user, overrides, threadConfig },
    { system, user, overrides, threadConfig, typed },
  ].map((setting) => configOf(setting));
  expect(models.map(({ model, serviceTier }) => [model, serviceTier])).toEqual([
    ['system', 'system'],
    ['user', 'system'],
    ['override', 'system'],
    ['request', 'system'],
    ['typed', 'system'],
  ]);
});

test('tables merge key by key across layers', () => {
  const { realtime } = configOf({
    system: '[realtime]\nversion = "v1"\nvoice = "sol"',
    user: 'realtime.voice = "cove"',
    overrides: ['realtime={type="transcription"}'],
    threadConfig: { realtime: { connect_timeout_ms: 5 }, 'realtime.transport': 'websocket' },
  });
  expect(realtime).toEqual({
    ...DEFAULTS.realtime,
    version: 'v1',
    voice: 'cove',
    type: 'transcription',
    connectTimeoutMs: 5,
    transport: 'websocket',
  });
});

test('an override holds a TOML value, or else the text as it stands', () => {
  const overrides = [
    'model=gpt-5.1 codex',
    'service_tier = "a=b"',
    'model_context_window=1_000',
    'features.x=true',
    'instructions=',
    'developer_instructions=1\nmodel = "injected"',
    'sandbox_workspace_write.writable_roots=["/x"]',
    `audio."microphone"='m'`,
  ];
  expect(configOf({ overrides })).toEqual({
    ...DEFAULTS,
    model: 'gpt-5.1 codex',
    serviceTier: 'a=b',
    modelContextWindow: 1000,
    features: new Map([
      ['enable_request_compression', true],
      ['realtime_conversation', true],
      ['x', true],
    ]),
    baseInstructions: '',
    developerInstructions: '1\nmodel = "injected"',
    sandboxWorkspaceWrite: { ...DEFAULTS.sandboxWorkspaceWrite, writableRoots: ['/x'] },
    audio: { microphone: 'm', speaker: null },
  });
});

test('in the config of a request, null leaves the value below and odd names are unknown keys', () => {
  const threadConfig = {
    model: null,
    realtime: { voice: null },
    '': 1,
    'a..b': 2,
    '"': 3,
    'features.x': null,
  };
  const user = 'model = "user"\nrealtime.voice = "marin"';
  expect(configOf({ user, threadConfig })).toEqual({
    ...DEFAULTS,
    model: 'user',
    realtime: { ...DEFAULTS.realtime, voice: 'marin' },
  });
});

test('typed parameters: null inherits, but clears the service tier', () => {
  const user = 'model = "user"\nservice_tier = "flex"\ninstructions = "base"';
  const typed = {
    model: null,
    modelProvider: 'mock',
    serviceTier: null,
    approvalPolicy: 'never',
    approvalsReviewer: 'guardian_subagent',
    sandboxMode: 'danger-full-access',
    baseInstructions: '',
    developerInstructions: 'd',
    personality: 'none',
  } as const;
  expect(configOf({ user, typed })).toEqual({ ...DEFAULTS, ...typed, model: 'user' });
});

test('absent typed parameters inherit', () => {
  const user = 'service_tier = "flex"';
  expect(configOf({ user, typed: { serviceTier: undefined } })).toEqual({ ...DEFAULTS, serviceTier: 'flex' });
});

const PROFILES = `
profile = "fast"
model = "top"
service_tier = "top"
[realtime]
voice = "marin"
[profiles.fast]
model = "fast"
profile = "ignored"
realtime.version = "v1"
[profiles.slow]
model = "slow"
`;

test('the chosen profile is laid over the files', () => {
  expect(configOf({ user: PROFILES })).toEqual({
    ...DEFAULTS,
    profile: 'fast',
    model: 'fast',
    serviceTier: 'top',
    realtime: { ...DEFAULTS.realtime, version: 'v1', voice: 'marin' },
  });
});

test('an override and a request beat a profile of a file, and can choose another', () => {
  const chosen = [
    { overrides: ['profile=slow'] },
    { overrides: ['profile=slow', 'model=mine'] },
    { threadConfig: { model: 'request' } },
    { profile: 'slow', overrides: ['profile=fast'] },
    { overrides: ['profile=new', 'profiles.new.model=made'] },
  ].map((setting) => configOf({ user: PROFILES, ...setting }));
  expect(chosen.map(({ profile, model }) => [profile, model])).toEqual([
    ['slow', 'slow'],
    ['slow', 'mine'],
    ['fast', 'request'],
    ['slow', 'slow'],
    ['new', 'made'],
  ]);
});

test('a profile that is not chosen is not checked', () => {
  expect(configOf({ user: '[profiles.broken]\nmodel = 1' })).toEqual(DEFAULTS);
});

test('a directory in place of the file is an error', () => {
  const codexHome = testFolder();
  const file = join(codexHome, 'config.toml');
  mkdirSync(file);
  expect(loadConfig({ codexHome, systemPath: join(codexHome, 'none'), overrides: [] })).toEqual({
    ok: false,
    error: {
      message: `${file}: not a regular file`,
      file,
      line: null,
      column: null,
      endColumn: null,
      key: null,
    },
  });
});

test('a file that cannot be opened is an error', () => {
  const codexHome = testFolder();
  const file = join(codexHome, 'config.toml');
  symlinkSync(file, file);
  expect(loadConfig({ codexHome, systemPath: join(codexHome, 'none'), overrides: [] })).toEqual({
    ok: false,
    error: {
      message: `${file}: cannot be read (ELOOP)`,
      file,
      line: null,
      column: null,
      endColumn: null,
      key: null,
    },
  });
});

test('a file that is not UTF-8 is an error that names the line', () => {
  const codexHome = testFolder();
  const file = join(codexHome, 'config.toml');
  writeFileSync(file, Buffer.from([0x61, 0x3d, 0x31, 0x0a, 0x23, 0xff, 0x0a]));
  expect(loadConfig({ codexHome, systemPath: join(codexHome, 'none'), overrides: [] })).toEqual({
    ok: false,
    error: { message: `${file}:2:1: not valid UTF-8`, file, line: 2, column: 1, endColumn: 1, key: null },
  });
});

test('a byte order mark is skipped', () => {
  expect(configOf({ user: '\ufeffmodel = "m"' }).model).toBe('m');
});

test('tables nested very deep do not exhaust the stack', () => {
  const path = Array.from({ length: 50_000 }, () => 'a').join('.');
  let nested: Record<string, unknown> = {};
  for (let depth = 0; depth < 50_000; depth += 1) nested = { a: nested };
  const config = configOf({
    user: `${path} = 1`,
    overrides: [`${path}=1`],
    threadConfig: { nested, [path]: 1 },
  });
  expect(config).toEqual(DEFAULTS);
  expect(errorOf({ user: `a = ${'['.repeat(50_000)}` }).line).toBe(1);
});
