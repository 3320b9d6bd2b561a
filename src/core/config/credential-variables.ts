import type { Config } from './config.ts';

/** The names of the variables that the configuration takes credentials from. */
export function credentialVariables({ mcpServers, modelProviders }: Config): ReadonlySet<string> {
  const providers = [...modelProviders.values()].flatMap(({ envHttpHeaders, envKey }) => [
    envKey,
    ...envHttpHeaders.values(),
  ]);
  const servers = [...mcpServers.values()].flatMap(({ transport }) =>
    transport.kind === 'http' ? [transport.bearerTokenEnvVar, ...transport.envHttpHeaders.values()] : [],
  );
  return new Set([...providers, ...servers].filter((name) => name !== null));
}
