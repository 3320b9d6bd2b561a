import * as z from 'zod/mini';
import { Secret } from '../../util/secret.ts';
import type { McpHttpConfig, McpServerConfig, McpStdioConfig } from './config.ts';
import { faultOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { notBlank, timerLength } from './parse-providers.ts';
import { flag, seconds, table, text, textList, textMap } from './shapes.ts';
import { isTable } from './table.ts';
import type { Table } from './table.ts';

const STDIO_KEYS = ['args', 'env', 'env_vars', 'cwd'];
const HTTP_KEYS = ['bearer_token_env_var', 'http_headers', 'env_http_headers'];

const serverShape = table({
  command: z.optional(text),
  args: z.optional(textList),
  env: z.optional(textMap),
  env_vars: z.optional(textList),
  cwd: z.optional(text),
  url: z.optional(text),
  bearer_token_env_var: z.optional(text),
  http_headers: z.optional(textMap),
  env_http_headers: z.optional(textMap),
  enabled: z.optional(flag),
  required: z.optional(flag),
  startup_timeout_sec: z.optional(seconds),
  tool_timeout_sec: z.optional(seconds),
  enabled_tools: z.optional(textList),
  disabled_tools: z.optional(textList),
  supports_parallel_tool_calls: z.optional(flag),
});

type RawServer = z.output<typeof serverShape>;

export type McpServersOutcome =
  | { readonly ok: true; readonly servers: ReadonlyMap<string, McpServerConfig> }
  | { readonly ok: false; readonly fault: Fault };

/** Checks the table `[mcp_servers]`. Every entry is checked, enabled or not. */
export function parseMcpServers(entries: Table): McpServersOutcome {
  const servers = new Map<string, McpServerConfig>();
  for (const [name, entry] of Object.entries(entries)) {
    const parsed = serverShape.safeParse(entry);
    if (!parsed.success) return failure(name, entryFault(parsed.error, entry));
    const fault = transportFault(parsed.data);
    if (fault !== null) return failure(name, fault);
    servers.set(name, serverOf(parsed.data));
  }
  return { ok: true, servers };
}

function failure(name: string, fault: Fault): McpServersOutcome {
  return { ok: false, fault: { ...fault, path: ['mcp_servers', name, ...fault.path] } };
}

function entryFault(error: z.core.$ZodError, entry: unknown): Fault {
  return isTable(entry) ? faultOf(error, entry) : { path: [], message: 'expected a table' };
}

/** A server is either a program or at a URL, and has the keys of that kind only. */
function transportFault(raw: RawServer): Fault | null {
  const hasCommand = notBlank(raw.command) !== null;
  const hasUrl = notBlank(raw.url) !== null;
  if (hasCommand === hasUrl) {
    return { path: [], message: 'expected either `command` or `url`' };
  }
  if (hasUrl && !URL.canParse(raw.url ?? '')) return { path: ['url'], message: 'expected a URL' };
  const foreign = (hasUrl ? STDIO_KEYS : HTTP_KEYS).find((key) => Object.hasOwn(raw, key));
  if (foreign === undefined) return null;
  const kind = hasUrl ? 'a server with a `url`' : 'a server with a `command`';
  return { path: [foreign], message: `this key is not supported for ${kind}` };
}

function serverOf(raw: RawServer): McpServerConfig {
  return {
    transport: notBlank(raw.url) === null ? stdioOf(raw) : httpOf(raw),
    enabled: raw.enabled ?? true,
    required: raw.required ?? false,
    startupTimeoutMs: timerLength((raw.startup_timeout_sec ?? 10) * 1_000),
    toolTimeoutMs: timerLength((raw.tool_timeout_sec ?? 60) * 1_000),
    enabledTools: raw.enabled_tools ?? null,
    disabledTools: raw.disabled_tools ?? [],
    supportsParallelToolCalls: raw.supports_parallel_tool_calls ?? false,
  };
}

function stdioOf(raw: RawServer): McpStdioConfig {
  return {
    kind: 'stdio',
    command: raw.command ?? '',
    args: raw.args ?? [],
    env: secrets(raw.env),
    envVars: raw.env_vars ?? [],
    cwd: notBlank(raw.cwd),
  };
}

function httpOf(raw: RawServer): McpHttpConfig {
  return {
    kind: 'http',
    url: raw.url ?? '',
    bearerTokenEnvVar: notBlank(raw.bearer_token_env_var),
    httpHeaders: secrets(raw.http_headers),
    envHttpHeaders: new Map(Object.entries(raw.env_http_headers ?? {})),
  };
}

function secrets(values: Readonly<Record<string, string>> | undefined): ReadonlyMap<string, Secret> {
  return new Map(Object.entries(values ?? {}).map(([name, value]) => [name, new Secret(value)]));
}
