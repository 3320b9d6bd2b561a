import { Secret } from '../../util/secret.ts';
import { configShape } from './config-shape.ts';
import type { RawConfig } from './config-shape.ts';
import { FEATURE_DEFAULTS } from './config.ts';
import type {
  Config,
  McpServerConfig,
  ModelProviderSettings,
  PermissionProfileSettings,
  RealtimeSettings,
  ShellEnvironmentSettings,
  SkillSettings,
} from './config.ts';
import { faultOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { parseMcpServers } from './parse-mcp-servers.ts';
import { parsePermissionProfiles } from './parse-permissions.ts';
import { notBlank, parseProviders, timerLength } from './parse-providers.ts';
import { defaultWebSearch, parseWebSearch } from './parse-web-search.ts';
import { isTable, valueAt } from './table.ts';
import type { Table } from './table.ts';

export type ParseOutcome =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly fault: Fault };

type Providers = ReadonlyMap<string, ModelProviderSettings>;

/** Checks a merged table and fills in the defaults. Unknown keys and unknown features are left alone. */
export function parseConfig(merged: Table): ParseOutcome {
  const parsed = configShape.safeParse(merged);
  if (!parsed.success) return { ok: false, fault: faultOf(parsed.error, merged) };
  const entries = merged['model_providers'];
  const providers = parseProviders(isTable(entries) ? entries : {});
  if (!providers.ok) return providers;
  const serverEntries = merged['mcp_servers'];
  const servers = parseMcpServers(isTable(serverEntries) ? serverEntries : {});
  if (!servers.ok) return servers;
  const profileEntries = merged['permissions'];
  const permissions = parsePermissionProfiles(isTable(profileEntries) ? profileEntries : {});
  if (!permissions.ok) return permissions;
  const features = featuresOf(merged);
  const search = parseWebSearch({
    mode: parsed.data.web_search,
    entry: parsed.data.tools?.web_search,
    features,
  });
  if (!search.ok) return search;
  const config = configOf(parsed.data, providers.providers, features);
  return {
    ok: true,
    config: {
      ...config,
      mcpServers: servers.servers,
      permissionProfiles: permissions.profiles,
      webSearch: search.webSearch,
    },
  };
}

/** The configuration without any layer. */
export function defaultConfig(): Config {
  return configOf({}, new Map(), featuresOf({}));
}

function configOf(raw: RawConfig, providers: Providers, features: ReadonlyMap<string, boolean>): Config {
  const sandbox = raw.sandbox_workspace_write;
  return {
    profile: raw.profile ?? null,
    model: raw.model ?? null,
    modelProvider: raw.model_provider ?? 'openai',
    modelProviders: providers,
    openaiBaseUrl: notBlank(raw.openai_base_url),
    approvalPolicy: raw.approval_policy ?? 'on-request',
    approvalsReviewer: raw.approvals_reviewer ?? 'user',
    sandboxMode: raw.sandbox_mode ?? 'read-only',
    shellEnvironment: shellEnvironmentOf(raw.shell_environment_policy),
    sandboxWorkspaceWrite: {
      writableRoots: sandbox?.writable_roots ?? [],
      networkAccess: sandbox?.network_access ?? false,
      excludeTmpdirEnvVar: sandbox?.exclude_tmpdir_env_var ?? false,
      excludeSlashTmp: sandbox?.exclude_slash_tmp ?? false,
    },
    permissions:
      raw.default_permissions === undefined ? null : { type: 'profile', id: raw.default_permissions },
    permissionProfiles: new Map<string, PermissionProfileSettings>(),
    modelReasoningEffort: raw.model_reasoning_effort ?? null,
    modelReasoningSummary: raw.model_reasoning_summary ?? null,
    modelSupportsReasoningSummaries: raw.model_supports_reasoning_summaries ?? null,
    modelVerbosity: raw.model_verbosity ?? null,
    modelContextWindow: raw.model_context_window ?? null,
    modelAutoCompactTokenLimit: raw.model_auto_compact_token_limit ?? null,
    serviceTier: raw.service_tier ?? null,
    personality: raw.personality ?? null,
    baseInstructions: raw.instructions ?? null,
    developerInstructions: raw.developer_instructions ?? null,
    compactPrompt: raw.compact_prompt ?? null,
    mcpServers: new Map<string, McpServerConfig>(),
    webSearch: defaultWebSearch(),
    projectDocMaxBytes: raw.project_doc_max_bytes ?? 32_768,
    notify: raw.notify ?? [],
    skills: skillsOf(raw),
    features,
    realtime: realtimeOf(raw),
    audio: { microphone: raw.audio?.microphone ?? null, speaker: raw.audio?.speaker ?? null },
  };
}

function skillsOf(raw: RawConfig): SkillSettings {
  return {
    areListed: (raw.include_skill_instructions ?? true) && (raw.skills?.include_instructions ?? true),
    rules: (raw.skills?.config ?? []).map(({ enabled, name, path }) => ({
      path: notBlank(path),
      name: notBlank(name),
      enabled,
    })),
  };
}

function realtimeOf(raw: RawConfig): RealtimeSettings {
  return {
    version: raw.realtime?.version ?? 'v2',
    type: raw.realtime?.type ?? 'conversational',
    transport: raw.realtime?.transport ?? 'webrtc',
    voice: raw.realtime?.voice ?? null,
    mirrorTypedText: raw.realtime?.mirror_typed_text ?? true,
    includeProjectInstructions: raw.realtime?.include_project_instructions ?? false,
    connectTimeoutMs: timerLength(raw.realtime?.connect_timeout_ms ?? 15_000),
    socketBaseUrl: notBlank(raw.experimental_realtime_ws_base_url),
    callBaseUrl: notBlank(raw.experimental_realtime_webrtc_call_base_url),
    model: notBlank(raw.experimental_realtime_ws_model),
    prompt: raw.experimental_realtime_ws_backend_prompt ?? null,
    startupContext: raw.experimental_realtime_ws_startup_context ?? null,
    startInstructions: raw.experimental_realtime_start_instructions ?? null,
  };
}

/** The defaults, overlaid with every switch that is set; a feature of another kind of value is not a switch. */
function featuresOf(merged: Table): ReadonlyMap<string, boolean> {
  const features = new Map<string, boolean>(Object.entries(FEATURE_DEFAULTS));
  for (const [name, value] of Object.entries(valueAt(merged, ['features']) ?? {})) {
    if (typeof value === 'boolean') features.set(name, value);
  }
  return features;
}

function shellEnvironmentOf(policy: RawConfig['shell_environment_policy']): ShellEnvironmentSettings {
  return {
    inherit: policy?.inherit ?? 'all',
    ignoresDefaultExcludes: policy?.ignore_default_excludes ?? false,
    exclude: policy?.exclude ?? [],
    includeOnly: policy?.include_only ?? [],
    set: new Map(Object.entries(policy?.set ?? {}).map(([name, value]) => [name, new Secret(value)])),
  };
}
