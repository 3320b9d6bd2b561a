export { resolveCodexHome } from './codex-home.ts';
export { FEATURE_DEFAULTS, isFeatureEnabled } from './config.ts';
export type {
  Config,
  FeatureName,
  McpServerConfig,
  ModelProviderSettings,
  ShellEnvironmentSettings,
  SkillRule,
} from './config.ts';
export type { ConfigError } from './config-error.ts';
export { configWarningOf } from './config-warning.ts';
export { credentialVariables } from './credential-variables.ts';
export { loadConfig } from './load-config.ts';
export type { ConfigOutcome, ConfigSources } from './load-config.ts';
export { defaultConfig } from './parse-config.ts';
export { viewConfig } from './view-config.ts';
