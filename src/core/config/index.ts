export { resolveCodexHome } from './codex-home.ts';
export { isFeatureEnabled } from './config.ts';
export type { Config, ModelProviderSettings } from './config.ts';
export type { ConfigError } from './config-error.ts';
export { configWarningOf } from './config-warning.ts';
export { loadConfig } from './load-config.ts';
export type { ConfigOutcome, ConfigSources } from './load-config.ts';
