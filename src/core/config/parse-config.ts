import { configShape } from './config-shape.ts';
import type { RawConfig } from './config-shape.ts';
import { FEATURE_DEFAULTS } from './config.ts';
import type { Config, McpServerConfig, ModelProviderSettings, RealtimeSettings } from './config.ts';
import { faultOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { parseMcpServers } from './parse-mcp-servers.ts';
import { notBlank, parseProviders, timerLength } from './parse-providers.ts';
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
  const config = configOf(parsed.data, providers.providers, featuresOf(merged));
  return { ok: true, config: { ...config, mcpServers: servers.servers } };
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
    sandboxWorkspaceWrite: {
      writableRoots: sandbox?.writable_roots ?? [],
      networkAccess: sandbox?.network_access ?? false,
      excludeTmpdirEnvVar: sandbox?.exclude_tmpdir_env_var ?? false,
      excludeSlashTmp: sandbox?.exclude_slash_tmp ?? false,
    },
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
    projectDocMaxBytes: raw.project_doc_max_bytes ?? 32_768,
    features,
    realtime: realtimeOf(raw),
    audio: { microphone: raw.audio?.microphone ?? null, speaker: raw.audio?.speaker ?? null },
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
