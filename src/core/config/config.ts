import type {
  ApprovalsReviewer,
  AskForApproval,
  FileSystemAccessMode,
  PermissionProfileSelectionParams,
  Personality,
  RealtimeConversationVersion,
  RealtimeVoice,
  ReasoningEffort,
  ReasoningSummary,
  SandboxMode,
  WebSearchContextSize,
  WebSearchMode,
} from '../../protocol/index.ts';
import type { Secret } from '../../util/secret.ts';

/** Values of `model_verbosity`. */
export const VERBOSITIES = ['low', 'medium', 'high'] as const;
export type Verbosity = (typeof VERBOSITIES)[number];

/** Values of `realtime.type`. */
export const SESSION_TYPES = ['conversational', 'transcription'] as const;
export type SessionType = (typeof SESSION_TYPES)[number];

/** Values of `realtime.transport`. */
export const REALTIME_TRANSPORTS = ['webrtc', 'websocket'] as const;
export type RealtimeTransport = (typeof REALTIME_TRANSPORTS)[number];

/**
 * The configuration of one thread: all layers merged, all values checked, every default filled in.
 *
 * `null` stands for a key that is not set and has no default of its own. An empty string is a value.
 */
export interface Config {
  /** `profile`: the name of the profile that was laid over the files. */
  readonly profile: string | null;
  /** `model`: the model of the background agent; null leaves the choice to the agent. */
  readonly model: string | null;
  /** `model_provider`: the id of a built-in provider or of an entry of {@link modelProviders}. Not checked here. */
  readonly modelProvider: string;
  /** `[model_providers.<id>]`: the providers that the user added, by id. */
  readonly modelProviders: ReadonlyMap<string, ModelProviderSettings>;
  /** `openai_base_url`: the base URL of the built-in provider `openai`; blank counts as not set. */
  readonly openaiBaseUrl: string | null;
  /** `approval_policy`: when a command needs a person's consent. Default `on-request`. */
  readonly approvalPolicy: AskForApproval;
  /** `approvals_reviewer`: who gives it. Default `user`. */
  readonly approvalsReviewer: ApprovalsReviewer;
  /** `sandbox_mode`: what commands may touch. Default `read-only`. */
  readonly sandboxMode: SandboxMode;
  /** `[sandbox_workspace_write]`: details of the mode `workspace-write`. */
  readonly sandboxWorkspaceWrite: SandboxWorkspaceWriteSettings;
  readonly shellEnvironment: ShellEnvironmentSettings;
  /** `default_permissions`: the permission profile that takes the place of `sandbox_mode`; null where that counts. */
  readonly permissions: PermissionProfileSelectionParams | null;
  /** `[permissions.<name>]`: the permission profiles of the user's own, by name. */
  readonly permissionProfiles: ReadonlyMap<string, PermissionProfileSettings>;
  /** `model_reasoning_effort`: null leaves it to the model. */
  readonly modelReasoningEffort: ReasoningEffort | null;
  /** `model_reasoning_summary`: null leaves it to the model. */
  readonly modelReasoningSummary: ReasoningSummary | null;
  /** `model_supports_reasoning_summaries`: whether the model may be asked for reasoning; null takes what is known of it. */
  readonly modelSupportsReasoningSummaries: boolean | null;
  /** `model_verbosity`: null leaves it to the model. */
  readonly modelVerbosity: Verbosity | null;
  /** `model_context_window`, in tokens. */
  readonly modelContextWindow: number | null;
  /** `model_auto_compact_token_limit`, in tokens: the history is compacted from here on. */
  readonly modelAutoCompactTokenLimit: number | null;
  /** `service_tier`: passed to the provider, for example `flex`. */
  readonly serviceTier: string | null;
  /** `personality`: the agent's tone. */
  readonly personality: Personality | null;
  /** `instructions`: replaces the agent's built-in instructions; an empty string removes them. */
  readonly baseInstructions: string | null;
  /** `developer_instructions`: a developer message for the agent; an empty string removes it. */
  readonly developerInstructions: string | null;
  /** `compact_prompt`: what the agent is told when it is to sum up its history; null is the built-in prompt. */
  readonly compactPrompt: string | null;
  /** `project_doc_max_bytes`: how much is read of all instruction files together; 0 reads none. Default 32768. */
  readonly projectDocMaxBytes: number;
  /** `notify`: a program and its arguments, started when a turn has been completed; empty starts none. */
  readonly notify: readonly string[];
  /** `[mcp_servers.<name>]`: the servers of the Model Context Protocol whose tools the agent has, by name. */
  readonly mcpServers: ReadonlyMap<string, McpServerConfig>;
  /** `[skills]` and `include_skill_instructions`. */
  readonly skills: SkillSettings;
  /** `web_search` and `[tools.web_search]`: whether the provider searches the web for the model, and how. */
  readonly webSearch: WebSearchSettings;
  /** `[features]`: the switches that are on or off, by their name in the file; see `isFeatureEnabled`. */
  readonly features: ReadonlyMap<string, boolean>;
  /** `[realtime]` and the keys that begin with `experimental_realtime_`. */
  readonly realtime: RealtimeSettings;
  /** `[audio]`: devices of a client that records and plays; the daemon itself has none. */
  readonly audio: AudioSettings;
}

/** Values of `shell_environment_policy.inherit`: every variable of the daemon, those that programs cannot do without, or none. */
export const INHERITED_VARIABLES = ['all', 'core', 'none'] as const;

/** `[shell_environment_policy]`: which variables commands get. Patterns have `*` and `?` in them and no case. */
export interface ShellEnvironmentSettings {
  /** `inherit`: default `all`. */
  readonly inherit: (typeof INHERITED_VARIABLES)[number];
  /** `ignore_default_excludes`: leaves in what may be a credential. Default false. */
  readonly ignoresDefaultExcludes: boolean;
  /** `exclude`: patterns of names that are left out. */
  readonly exclude: readonly string[];
  /** `include_only`: patterns of the only names that stay; empty leaves all. */
  readonly includeOnly: readonly string[];
  /** `set`: variables that are put in. The values may be credentials. */
  readonly set: ReadonlyMap<string, Secret>;
}

/** `[sandbox_workspace_write]`. */
export interface SandboxWorkspaceWriteSettings {
  /** `writable_roots`: directories besides the working directory, as written. Default none. */
  readonly writableRoots: readonly string[];
  /** `network_access`. Default false. */
  readonly networkAccess: boolean;
  /** `exclude_tmpdir_env_var`: keeps `$TMPDIR` read-only. Default false. */
  readonly excludeTmpdirEnvVar: boolean;
  /** `exclude_slash_tmp`: keeps `/tmp` read-only. Default false. */
  readonly excludeSlashTmp: boolean;
}

/** One `[permissions.<name>]` table, as it is written. */
export interface PermissionProfileSettings {
  /** `extends`: the profile that this one builds upon. */
  readonly extends: string | null;
  /** `filesystem`. */
  readonly entries: readonly ProfileEntry[];
  /** `network.enabled`; null takes what it builds upon. */
  readonly networkAccess: boolean | null;
  /** Keys that are not known here, and may ask for protection that there is none of. */
  readonly foreignKeys: readonly string[];
}

/** One line of `filesystem`. */
export interface ProfileEntry {
  /** A path, a pattern, or a name such as `:project_roots`. */
  readonly path: string;
  /** A path or a pattern inside; null is all of it. */
  readonly within: string | null;
  readonly access: FileSystemAccessMode;
}

/** What the agent is told of skills. */
export interface SkillSettings {
  /** `include_skill_instructions` or `skills.include_instructions`: whether it is given a list of them. Default true. */
  readonly areListed: boolean;
  /** `[[skills.config]]`, in that order. */
  readonly rules: readonly SkillRule[];
}

/** Turns skills on or off. */
export interface SkillRule {
  /** `path`: the folder of a skill or its `SKILL.md`, as written; null is any. */
  readonly path: string | null;
  /** `name`: null is any. */
  readonly name: string | null;
  readonly enabled: boolean;
}

/** How the provider searches the web. What is null is left to the provider. */
export interface WebSearchSettings {
  /** `web_search`: `cached` searches what the provider has stored of the web, `live` the web itself. Default `cached`. */
  readonly mode: WebSearchMode;
  /** `tools.web_search.context_size`: how much of what is found the model is given. */
  readonly contextSize: WebSearchContextSize | null;
  /** `tools.web_search.allowed_domains`: the only sites to search. */
  readonly allowedDomains: readonly string[] | null;
  /** `[tools.web_search.location]`: about where the user is. */
  readonly location: WebSearchPlace | null;
}

/** A place in the world; what is not known is absent. */
export type WebSearchPlace = Readonly<
  Partial<Record<'city' | 'country' | 'region' | 'timezone', string | undefined>>
>;

/** How a voice session is set up, unless the request that starts it says otherwise. */
export interface RealtimeSettings {
  /** `realtime.version`: the wire protocol. Default `v2`. */
  readonly version: RealtimeConversationVersion;
  /** `realtime.type`: `conversational` talks, `transcription` only listens. Default `conversational`. */
  readonly type: SessionType;
  /** `realtime.transport`: what a terminal client prefers; the daemon does not consult it. Default `webrtc`. */
  readonly transport: RealtimeTransport;
  /** `realtime.voice`: a voice of either version; null means the default of the session's version. */
  readonly voice: RealtimeVoice | null;
  /** `realtime.mirror_typed_text`: whether the voice model is shown what the user types to the agent. Default true. */
  readonly mirrorTypedText: boolean;
  /** `realtime.include_project_instructions`: whether the voice model is told the project's instructions. Default false. */
  readonly includeProjectInstructions: boolean;
  /** `realtime.connect_timeout_ms`: how long connecting may take. Default 15000. */
  readonly connectTimeoutMs: number;
  /** `experimental_realtime_ws_base_url`: replaces the provider's base URL for the socket. */
  readonly socketBaseUrl: string | null;
  /** `experimental_realtime_webrtc_call_base_url`: replaces the provider's base URL for creating a WebRTC call. */
  readonly callBaseUrl: string | null;
  /** `experimental_realtime_ws_model`: the voice model. */
  readonly model: string | null;
  /** `experimental_realtime_ws_backend_prompt`: unless blank, wins over the prompt of the request. */
  readonly prompt: string | null;
  /** `experimental_realtime_ws_startup_context`: null generates one, a text is used as it is, empty sends none. */
  readonly startupContext: string | null;
  /** `experimental_realtime_start_instructions`: replaces what the agent is told when a session starts. */
  readonly startInstructions: string | null;
}

/** `[audio]`. */
export interface AudioSettings {
  /** `microphone`: the name of an input device. */
  readonly microphone: string | null;
  /** `speaker`: the name of an output device. */
  readonly speaker: string | null;
}

/** One `[model_providers.<id>]` table. Values that may be credentials are wrapped. */
export interface ModelProviderSettings {
  /** `name`: for display. The name `OpenAI` alone allows a voice session to use `OPENAI_API_KEY`. */
  readonly name: string;
  /** `base_url`: the root of the API, for example `http://localhost:8080/v1`; null is OpenAI's own. */
  readonly baseUrl: string | null;
  /** `env_key`: the environment variable that holds the bearer token. */
  readonly envKey: string | null;
  /** `env_key_instructions`: added to the error that reports that variable missing. */
  readonly envKeyInstructions: string | null;
  /** `experimental_bearer_token`: the bearer token itself. */
  readonly bearerToken: Secret | null;
  /** `query_params`: added to every URL. */
  readonly queryParams: ReadonlyMap<string, Secret>;
  /** `http_headers`: sent with every request. */
  readonly httpHeaders: ReadonlyMap<string, Secret>;
  /** `env_http_headers`: header name to the environment variable that holds its value. */
  readonly envHttpHeaders: ReadonlyMap<string, string>;
  /** `request_max_retries`: default 4, at most 100. */
  readonly requestMaxRetries: number;
  /** `stream_max_retries`: default 5, at most 100. */
  readonly streamMaxRetries: number;
  /** `stream_idle_timeout_ms`: the longest gap between two events. Default 300000. */
  readonly streamIdleTimeoutMs: number;
  /** `websocket_connect_timeout_ms`: default 15000. */
  readonly websocketConnectTimeoutMs: number;
  /** `requires_openai_auth`: the provider uses the login. Default false. */
  readonly requiresOpenaiAuth: boolean;
  /** `supports_websockets`: the provider speaks Responses over a WebSocket. Default false. */
  readonly supportsWebsockets: boolean;
}

/** One `[mcp_servers.<name>]` table. Values that may be credentials are wrapped. */
export interface McpServerConfig {
  readonly transport: McpStdioConfig | McpHttpConfig;
  /** `enabled`: default true. */
  readonly enabled: boolean;
  /** `required`: threads that cannot start the server are not started. Default false. */
  readonly required: boolean;
  /** `startup_timeout_sec`, in milliseconds. Default 10000. */
  readonly startupTimeoutMs: number;
  /** `tool_timeout_sec`, in milliseconds. Default 60000. */
  readonly toolTimeoutMs: number;
  /** `enabled_tools`: null enables all. */
  readonly enabledTools: readonly string[] | null;
  /** `disabled_tools`: taken out of the enabled ones. */
  readonly disabledTools: readonly string[];
  /** `supports_parallel_tool_calls`: several calls may run at once. Default false. */
  readonly supportsParallelToolCalls: boolean;
}

/** A server that is a program. */
export interface McpStdioConfig {
  readonly kind: 'stdio';
  readonly command: string;
  readonly args: readonly string[];
  /** `env`: variables of the program beside the usual ones. */
  readonly env: ReadonlyMap<string, Secret>;
  /** `env_vars`: variables of the daemon that the program gets as well. */
  readonly envVars: readonly string[];
  /** `cwd`: null is the thread's working directory. */
  readonly cwd: string | null;
}

/** A server that is spoken to by streamable HTTP. */
export interface McpHttpConfig {
  readonly kind: 'http';
  readonly url: string;
  /** `bearer_token_env_var`: the environment variable that holds the bearer token. */
  readonly bearerTokenEnvVar: string | null;
  /** `http_headers`: sent with every request. */
  readonly httpHeaders: ReadonlyMap<string, Secret>;
  /** `env_http_headers`: header name to the environment variable that holds its value. */
  readonly envHttpHeaders: ReadonlyMap<string, string>;
}

/** A feature that the daemon knows by name. */
export type FeatureName = 'enable_request_compression' | 'realtime_conversation';

/** What applies to a feature that the configuration does not mention. */
export const FEATURE_DEFAULTS: Readonly<Record<FeatureName, boolean>> = {
  enable_request_compression: true,
  realtime_conversation: true,
};

/** Whether a feature is on for threads with this configuration. */
export function isFeatureEnabled(config: Config, feature: FeatureName): boolean {
  return config.features.get(feature) ?? FEATURE_DEFAULTS[feature];
}
