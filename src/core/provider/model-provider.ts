import type { ModelProviderSettings } from '../config/index.ts';

/** A provider of models: a built-in one, or an entry of the configuration. */
export interface ModelProvider extends ModelProviderSettings {
  readonly id: string;
}

/** The environment of the process, as it was handed in. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The value of a variable, or null if it is not set or holds nothing but white space. It is not trimmed. */
export function environmentValue(environment: Environment, name: string): string | null {
  const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
  return value === undefined || value.trim() === '' ? null : value;
}
