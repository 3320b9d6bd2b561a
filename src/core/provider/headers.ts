import { isHeaderValue } from '../../util/header-value.ts';
import { OPENAI_ID } from './built-in.ts';
import { environmentValue } from './model-provider.ts';
import type { Environment, ModelProvider } from './model-provider.ts';

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;

/**
 * The headers that a provider adds to every request and every handshake.
 *
 * Fixed headers come first and those from the environment replace them, by name whatever its case. A variable that is
 * unset or blank adds nothing, and neither does a name or value that HTTP does not allow. The result may hold
 * credentials and must not be logged.
 */
export function providerHeaders(
  provider: ModelProvider,
  environment: Environment,
  packageVersion: string,
): Record<string, string> {
  const headers = new Map<string, readonly [name: string, value: string]>();
  const set = (name: string, value: string | null): void => {
    if (value === null || !HEADER_NAME.test(name) || !isHeaderValue(value)) return;
    headers.set(name.toLowerCase(), [name, value]);
  };
  if (provider.id === OPENAI_ID) set('version', packageVersion);
  for (const [name, value] of provider.httpHeaders) set(name, value.reveal());
  for (const [name, variable] of provider.envHttpHeaders) set(name, environmentValue(environment, variable));
  return Object.fromEntries(headers.values());
}

/** The query parameters that a provider adds to every URL. They may hold credentials and must not be logged. */
export function queryParams(provider: ModelProvider): Record<string, string> {
  return Object.fromEntries([...provider.queryParams].map(([name, value]) => [name, value.reveal()]));
}
