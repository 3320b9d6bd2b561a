import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../src/core/config/index.ts';
import type { Config, ConfigError, ConfigSources } from '../../../src/core/config/index.ts';
import { testFolder } from '../../support/folder.ts';

interface Setting extends Omit<Partial<ConfigSources>, 'codexHome' | 'systemPath'> {
  readonly user?: string;
  readonly system?: string;
}

/** Loads a configuration from the texts of its files; `$USER` and `$SYSTEM` stand for their paths in the outcome. */
export function load(setting: Setting) {
  const { user, system, overrides = [], ...rest } = setting;
  const codexHome = testFolder();
  const systemPath = join(codexHome, 'system.toml');
  const userPath = join(codexHome, 'config.toml');
  if (user !== undefined) writeFileSync(userPath, user);
  if (system !== undefined) writeFileSync(systemPath, system);
  const outcome = loadConfig({ codexHome, systemPath, overrides, ...rest });
  if (outcome.ok) return outcome;
  const named = (text: string) => text.replaceAll(userPath, '$USER').replaceAll(systemPath, '$SYSTEM');
  const { message, file } = outcome.error;
  return {
    ok: false as const,
    error: { ...outcome.error, message: named(message), file: file && named(file) },
  };
}

/** The configuration of a setting that must be valid. */
export function configOf(setting: Setting): Config {
  const outcome = load(setting);
  if (!outcome.ok) throw new Error(`expected a configuration, got: ${outcome.error.message}`);
  return outcome.config;
}

/** The error of a setting that must not be valid. */
export function errorOf(setting: Setting): ConfigError {
  const outcome = load(setting);
  if (outcome.ok) throw new Error('expected an error, got a configuration');
  return outcome.error;
}
