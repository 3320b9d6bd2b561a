export { resolveCodexHome } from './codex-home.ts';
export type { CodexHomeOutcome } from './codex-home.ts';
export { FEATURE_DEFAULTS, isFeatureEnabled } from './config.ts';
export type {
  AudioSettings,
  Config,
  FeatureName,
  ModelProviderSettings,
  RealtimeSettings,
  RealtimeTransport,
  SandboxWorkspaceWriteSettings,
  SessionType,
  Verbosity,
} from './config.ts';
export type { ConfigError } from './config-error.ts';
export { configWarningOf } from './config-warning.ts';
export { loadConfig } from './load-config.ts';
export type { ConfigOutcome, ConfigSources } from './load-config.ts';
export type { TypedOverrides } from './typed-overrides.ts';
