import { resolve } from 'node:path';
import type { HttpSettings, McpServerSettings, StdioSettings } from '../../mcp/index.ts';
import { isHeaderValue } from '../../util/header-value.ts';
import type { McpServerConfig } from '../config/index.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables that a program is given without being named, where they are set. */
const USUAL_VARIABLES = [
  'HOME',
  'LANG',
  'LC_ALL',
  'LOGNAME',
  'PATH',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'USER',
] as const;

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/u;

/** How a server is reached from a working directory, with what the environment says of it. */
export function serverSettings(
  name: string,
  { startupTimeoutMs, toolTimeoutMs, transport }: McpServerConfig,
  { cwd, variables }: { readonly cwd: string; readonly variables: Variables },
): McpServerSettings {
  const reached =
    transport.kind === 'stdio'
      ? stdioSettings(transport, cwd, variables)
      : httpSettings(transport, variables);
  return { name, startupTimeoutMs, toolTimeoutMs, ...reached };
}

/** Why a server cannot even be tried; null where it can. */
export function refusalOf(
  name: string,
  { enabled, transport }: McpServerConfig,
  variables: Variables,
): string | null {
  if (!enabled) return `MCP server \`${name}\`: it is not enabled`;
  if (transport.kind === 'stdio' || transport.bearerTokenEnvVar === null) return null;
  if (isSet(variables[transport.bearerTokenEnvVar])) return null;
  return `MCP server \`${name}\`: the environment variable ${transport.bearerTokenEnvVar} holds no token`;
}

/** Whether a server is shown a credential that the configuration names. */
export function hasCredential({ transport }: McpServerConfig): boolean {
  if (transport.kind === 'stdio') return false;
  const names = [...transport.httpHeaders.keys(), ...transport.envHttpHeaders.keys()];
  return transport.bearerTokenEnvVar !== null || names.some((name) => name.toLowerCase() === 'authorization');
}

type Reached = Pick<McpServerSettings, 'secrets' | 'transport'>;

function stdioSettings(
  transport: Extract<McpServerConfig['transport'], { kind: 'stdio' }>,
  cwd: string,
  variables: Variables,
): Reached {
  const passed = valuesOf(transport.envVars, variables);
  const own = Object.fromEntries([...transport.env].map(([name, value]) => [name, value.reveal()]));
  const env = { ...valuesOf(USUAL_VARIABLES, variables), ...passed, ...own };
  const argv = [transport.command, ...transport.args];
  const settings: StdioSettings = { kind: 'stdio', argv, cwd: resolve(cwd, transport.cwd ?? '.'), env };
  return { transport: settings, secrets: [...Object.values(passed), ...Object.values(own)] };
}

function httpSettings(
  transport: Extract<McpServerConfig['transport'], { kind: 'http' }>,
  variables: Variables,
): Reached {
  const headers: Record<string, string> = {};
  const secrets: string[] = [];
  for (const [name, value] of transport.httpHeaders) headers[name.toLowerCase()] = value.reveal();
  for (const [name, variable] of transport.envHttpHeaders) {
    const value = variables[variable];
    if (isSet(value)) headers[name.toLowerCase()] = value;
  }
  const token = transport.bearerTokenEnvVar === null ? undefined : variables[transport.bearerTokenEnvVar];
  if (isSet(token)) {
    headers['authorization'] = `Bearer ${token}`;
    secrets.push(token);
  }
  const { password, searchParams } = new URL(transport.url);
  secrets.push(...Object.values(headers), password, ...searchParams.values());
  const allowed = Object.entries(headers).filter(
    ([name, value]) => HEADER_NAME.test(name) && isHeaderValue(value),
  );
  const settings: HttpSettings = { kind: 'http', url: transport.url, headers: Object.fromEntries(allowed) };
  return { transport: settings, secrets };
}

function valuesOf(names: readonly string[], variables: Variables): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '';
}
