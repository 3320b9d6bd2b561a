import * as z from 'zod/mini';
import { int64 } from '../scalars.ts';
import { ConfigLayer, ConfigLayerMetadata } from './config-layer.ts';
import { ReasoningEffort, ReasoningSummary } from './model.ts';
import { ApprovalsReviewer, AskForApproval, SandboxMode } from './permissions.ts';

// The keys of a configuration are those of `config.toml`, in snake_case.

export const Verbosity = z.enum(['low', 'medium', 'high']);
export type Verbosity = z.infer<typeof Verbosity>;

export const WebSearchMode = z.enum(['disabled', 'cached', 'live']);
export type WebSearchMode = z.infer<typeof WebSearchMode>;

export const WebSearchContextSize = z.enum(['low', 'medium', 'high']);
export type WebSearchContextSize = z.infer<typeof WebSearchContextSize>;

export const WebSearchLocation = z.object({
  country: z.nullish(z.string()),
  region: z.nullish(z.string()),
  city: z.nullish(z.string()),
  timezone: z.nullish(z.string()),
});
export type WebSearchLocation = z.infer<typeof WebSearchLocation>;

export const WebSearchToolConfig = z.object({
  context_size: z.nullish(WebSearchContextSize),
  allowed_domains: z.nullish(z.array(z.string())),
  location: z.nullish(WebSearchLocation),
});
export type WebSearchToolConfig = z.infer<typeof WebSearchToolConfig>;

export const ToolsV2 = z.object({
  web_search: z.nullish(WebSearchToolConfig),
  view_image: z.nullish(z.boolean()),
});
export type ToolsV2 = z.infer<typeof ToolsV2>;

export const SandboxWorkspaceWrite = z.object({
  writable_roots: z._default(z.array(z.string()), []),
  network_access: z._default(z.boolean(), false),
  exclude_tmpdir_env_var: z._default(z.boolean(), false),
  exclude_slash_tmp: z._default(z.boolean(), false),
});
export type SandboxWorkspaceWrite = z.infer<typeof SandboxWorkspaceWrite>;

export const ForcedLoginMethod = z.enum(['chatgpt', 'api']);
export type ForcedLoginMethod = z.infer<typeof ForcedLoginMethod>;

export const AnalyticsConfig = z.looseObject({ enabled: z.nullish(z.boolean()) });
export type AnalyticsConfig = z.infer<typeof AnalyticsConfig>;

export const AppsDefaultConfig = z.object({
  enabled: z._default(z.boolean(), true),
  destructive_enabled: z._default(z.boolean(), true),
  open_world_enabled: z._default(z.boolean(), true),
});
export type AppsDefaultConfig = z.infer<typeof AppsDefaultConfig>;

/** What applies to every app, and below further keys what applies to one. */
export const AppsConfig = z.looseObject({ _default: z._default(z.nullable(AppsDefaultConfig), null) });
export type AppsConfig = z.infer<typeof AppsConfig>;

/** A set of values under a name; what it does not set is absent. */
export const ProfileV2 = z.looseObject({
  model: z.nullish(z.string()),
  model_provider: z.nullish(z.string()),
  approval_policy: z.nullish(AskForApproval),
  approvals_reviewer: z.nullish(ApprovalsReviewer),
  service_tier: z.nullish(z.string()),
  model_reasoning_effort: z.nullish(ReasoningEffort),
  model_reasoning_summary: z.nullish(ReasoningSummary),
  model_verbosity: z.nullish(Verbosity),
  web_search: z.nullish(WebSearchMode),
  tools: z.nullish(ToolsV2),
  chatgpt_base_url: z.nullish(z.string()),
});
export type ProfileV2 = z.infer<typeof ProfileV2>;

/** All layers in one: null where none sets a key. Keys that are not listed here are there only where a layer sets them. */
export const Config = z.looseObject({
  model: orNull(z.string()),
  review_model: orNull(z.string()),
  model_context_window: orNull(int64),
  model_auto_compact_token_limit: orNull(int64),
  model_provider: orNull(z.string()),
  approval_policy: orNull(AskForApproval),
  approvals_reviewer: orNull(ApprovalsReviewer),
  sandbox_mode: orNull(SandboxMode),
  sandbox_workspace_write: orNull(SandboxWorkspaceWrite),
  forced_chatgpt_workspace_id: orNull(z.string()),
  forced_login_method: orNull(ForcedLoginMethod),
  web_search: orNull(WebSearchMode),
  tools: orNull(ToolsV2),
  profile: orNull(z.string()),
  profiles: z._default(z.record(z.string(), ProfileV2), {}),
  instructions: orNull(z.string()),
  developer_instructions: orNull(z.string()),
  compact_prompt: orNull(z.string()),
  model_reasoning_effort: orNull(ReasoningEffort),
  model_reasoning_summary: orNull(ReasoningSummary),
  model_verbosity: orNull(Verbosity),
  service_tier: orNull(z.string()),
  analytics: orNull(AnalyticsConfig),
  apps: orNull(AppsConfig),
});
export type Config = z.infer<typeof Config>;

export const ConfigReadParams = z.object({
  includeLayers: z._default(z.boolean(), false),
  /** Where projects would be looked for; their files are not read. */
  cwd: z.nullish(z.string()),
});
export type ConfigReadParams = z.infer<typeof ConfigReadParams>;

export const ConfigReadResponse = z.object({
  config: Config,
  /** For each value, by its dotted key, the layer that it comes from. */
  origins: z.record(z.string(), ConfigLayerMetadata),
  /** The highest first; null unless the request asks for them. */
  layers: z.nullable(z.array(ConfigLayer)),
});
export type ConfigReadResponse = z.infer<typeof ConfigReadResponse>;

/** A key that is always there. */
function orNull<Schema extends z.ZodMiniType>(schema: Schema) {
  return z._default(z.nullable(schema), null);
}
