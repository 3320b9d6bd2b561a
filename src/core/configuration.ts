import type { ConfigReadParams, ConfigReadResponse } from '../protocol/index.ts';
import { defaultConfig, loadConfig, viewConfig } from './config/index.ts';
import type { Config } from './config/index.ts';
import type { CoreEnvironment } from './environment.ts';
import { configurationInvalid } from './errors.ts';

type Sources = Pick<CoreEnvironment, 'codexHome' | 'configOverrides'>;

/** Shows the configuration that a thread would start from. Throws `configurationInvalid`. */
export function readConfiguration(
  { codexHome, configOverrides }: Sources,
  { includeLayers }: Pick<ConfigReadParams, 'includeLayers'>,
): ConfigReadResponse {
  const outcome = viewConfig({ codexHome, overrides: configOverrides }, includeLayers);
  if (outcome.ok) return outcome.view;
  throw configurationInvalid(outcome.error.message);
}

/** The configuration for what belongs to no thread; the defaults while there is none that can be used. */
export function currentConfig({ codexHome, configOverrides }: Sources): Config {
  const loaded = loadConfig({ codexHome, overrides: configOverrides });
  return loaded.ok ? loaded.config : defaultConfig();
}

/** The same, where the defaults are no answer. Throws `configurationInvalid`. */
export function checkedConfig({ codexHome, configOverrides }: Sources): Config {
  const loaded = loadConfig({ codexHome, overrides: configOverrides });
  if (loaded.ok) return loaded.config;
  throw configurationInvalid(loaded.error.message);
}
