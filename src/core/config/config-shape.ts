import * as z from 'zod/mini';
import {
  ApprovalsReviewer,
  AskForApproval,
  Personality,
  RealtimeConversationVersion,
  RealtimeVoice,
  ReasoningEffort,
  ReasoningSummary,
  SandboxMode,
  WebSearchMode,
} from '../../protocol/index.ts';
import { INHERITED_VARIABLES, REALTIME_TRANSPORTS, SESSION_TYPES, VERBOSITIES } from './config.ts';
import { choice, flag, integer, table, text, textList, textMap } from './shapes.ts';
import { webSearchEntry } from './parse-web-search.ts';

const approvalPolicy = z.union(AskForApproval.def.options, {
  error:
    'expected one of "untrusted", "on-failure", "on-request", "never", ' +
    'or { granular = { ... } } with true or false for sandbox_approval, rules and mcp_elicitations',
});

const sandboxWorkspaceWrite = table({
  writable_roots: z.optional(textList),
  network_access: z.optional(flag),
  exclude_tmpdir_env_var: z.optional(flag),
  exclude_slash_tmp: z.optional(flag),
});

const shellEnvironmentPolicy = table({
  inherit: z.optional(choice(INHERITED_VARIABLES)),
  ignore_default_excludes: z.optional(flag),
  exclude: z.optional(textList),
  include_only: z.optional(textList),
  set: z.optional(textMap),
});

const skillRule = table({ path: z.optional(text), name: z.optional(text), enabled: flag });

const skills = table({
  include_instructions: z.optional(flag),
  config: z.optional(z.array(skillRule, { error: 'expected an array of tables' })),
});

const realtime = table({
  version: z.optional(choice(RealtimeConversationVersion.options)),
  type: z.optional(choice(SESSION_TYPES)),
  transport: z.optional(choice(REALTIME_TRANSPORTS)),
  voice: z.optional(choice(RealtimeVoice.options)),
  connect_timeout_ms: z.optional(integer(1)),
  mirror_typed_text: z.optional(flag),
  include_project_instructions: z.optional(flag),
});

/**
 * Every key of the configuration as it is written, but for the entries of `model_providers`, `mcp_servers` and
 * `permissions`, the options of `tools.web_search` and unknown features.
 */
export const configShape = z.object({
  profile: z.optional(text),
  model: z.optional(text),
  model_provider: z.optional(text),
  model_providers: z.optional(table({})),
  mcp_servers: z.optional(table({})),
  openai_base_url: z.optional(text),
  approval_policy: z.optional(approvalPolicy),
  approvals_reviewer: z.optional(choice(ApprovalsReviewer.options)),
  sandbox_mode: z.optional(choice(SandboxMode.options)),
  sandbox_workspace_write: z.optional(sandboxWorkspaceWrite),
  shell_environment_policy: z.optional(shellEnvironmentPolicy),
  default_permissions: z.optional(text),
  permissions: z.optional(table({})),
  model_reasoning_effort: z.optional(choice(ReasoningEffort.options)),
  model_reasoning_summary: z.optional(choice(ReasoningSummary.options)),
  model_supports_reasoning_summaries: z.optional(flag),
  model_verbosity: z.optional(choice(VERBOSITIES)),
  model_context_window: z.optional(integer(1)),
  model_auto_compact_token_limit: z.optional(integer(0)),
  service_tier: z.optional(text),
  personality: z.optional(choice(Personality.options)),
  instructions: z.optional(text),
  developer_instructions: z.optional(text),
  compact_prompt: z.optional(text),
  project_doc_max_bytes: z.optional(integer(0)),
  notify: z.optional(textList),
  include_skill_instructions: z.optional(flag),
  skills: z.optional(skills),
  web_search: z.optional(choice(WebSearchMode.options)),
  tools: z.optional(table({ web_search: z.optional(webSearchEntry) })),
  features: z.optional(table({ realtime_conversation: z.optional(flag) })),
  experimental_realtime_ws_base_url: z.optional(text),
  experimental_realtime_webrtc_call_base_url: z.optional(text),
  experimental_realtime_ws_model: z.optional(text),
  experimental_realtime_ws_backend_prompt: z.optional(text),
  experimental_realtime_ws_startup_context: z.optional(text),
  experimental_realtime_start_instructions: z.optional(text),
  realtime: z.optional(realtime),
  audio: z.optional(table({ microphone: z.optional(text), speaker: z.optional(text) })),
});

/** The configuration as it is written, checked. */
export type RawConfig = z.output<typeof configShape>;
