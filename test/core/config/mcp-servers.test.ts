import { expect, test } from 'vitest';
import type { McpServerConfig } from '../../../src/core/config/index.ts';
import { configOf, errorOf } from './home.ts';

/** A server with what it keeps wrapped laid open, so that all of it is compared. */
function open(server: McpServerConfig | undefined) {
  if (server === undefined) throw new Error('expected the server to be there');
  const { transport, ...rest } = server;
  if (transport.kind === 'stdio') {
    const env = [...transport.env].map(([name, value]) => [name, value.reveal()] as const);
    return { ...rest, transport: { ...transport, env: Object.fromEntries(env) } };
  }
  const httpHeaders = [...transport.httpHeaders].map(([name, value]) => [name, value.reveal()] as const);
  return {
    ...rest,
    transport: {
      ...transport,
      httpHeaders: Object.fromEntries(httpHeaders),
      envHttpHeaders: Object.fromEntries(transport.envHttpHeaders),
    },
  };
}

test('a minimal server of either kind has every default', () => {
  const user = '[mcp_servers.one]\ncommand = "tool"\n[mcp_servers.other]\nurl = "https://host/mcp"';
  const { mcpServers } = configOf({ user });
  const defaults = {
    enabled: true,
    required: false,
    startupTimeoutMs: 10_000,
    toolTimeoutMs: 60_000,
    enabledTools: null,
    disabledTools: [],
    supportsParallelToolCalls: false,
  };
  expect([...mcpServers.keys()]).toEqual(['one', 'other']);
  expect(open(mcpServers.get('one'))).toEqual({
    ...defaults,
    transport: { kind: 'stdio', command: 'tool', args: [], env: {}, envVars: [], cwd: null },
  });
  expect(open(mcpServers.get('other'))).toEqual({
    ...defaults,
    transport: {
      kind: 'http',
      url: 'https://host/mcp',
      bearerTokenEnvVar: null,
      httpHeaders: {},
      envHttpHeaders: {},
    },
  });
});

test('every key of a server is read', () => {
  const user = `
[mcp_servers."my server"]
command = "tool"
args = ["--serve"]
env = { KEY = "value" }
env_vars = ["PASSED"]
cwd = "work"
enabled = false
required = true
startup_timeout_sec = 1.5
tool_timeout_sec = 99999999999
enabled_tools = ["a"]
disabled_tools = ["b"]
supports_parallel_tool_calls = true
unknown = 1

[mcp_servers.remote]
url = "https://host/mcp"
bearer_token_env_var = "TOKEN"
http_headers = { X-A = "a" }
env_http_headers = { X-B = "B_VARIABLE" }
`;
  const { mcpServers } = configOf({ user });
  expect(open(mcpServers.get('my server'))).toEqual({
    transport: {
      kind: 'stdio',
      command: 'tool',
      args: ['--serve'],
      env: { KEY: 'value' },
      envVars: ['PASSED'],
      cwd: 'work',
    },
    enabled: false,
    required: true,
    startupTimeoutMs: 1_500,
    toolTimeoutMs: 2_147_483_647,
    enabledTools: ['a'],
    disabledTools: ['b'],
    supportsParallelToolCalls: true,
  });
  expect(open(mcpServers.get('remote')).transport).toEqual({
    kind: 'http',
    url: 'https://host/mcp',
    bearerTokenEnvVar: 'TOKEN',
    httpHeaders: { 'X-A': 'a' },
    envHttpHeaders: { 'X-B': 'B_VARIABLE' },
  });
  expect(JSON.stringify([...mcpServers.values()].map(({ transport }) => transport))).not.toContain('"value"');
});

test.each([
  ['mcp_servers = 1', 'mcp_servers: expected a table'],
  ['mcp_servers.a = "tool"', 'mcp_servers.a: expected a table'],
  ['mcp_servers.a = {}', 'mcp_servers.a: expected either `command` or `url`'],
  [
    'mcp_servers.a = { command = "tool", url = "https://host" }',
    'mcp_servers.a: expected either `command` or `url`',
  ],
  ['mcp_servers.a = { url = "nowhere" }', 'mcp_servers.a.url: expected a URL'],
  [
    'mcp_servers.a = { url = "https://host", args = [] }',
    'mcp_servers.a.args: this key is not supported for a server with a `url`',
  ],
  [
    'mcp_servers.a = { command = "tool", http_headers = {} }',
    'mcp_servers.a.http_headers: this key is not supported for a server with a `command`',
  ],
  [
    'mcp_servers.a = { command = "tool", startup_timeout_sec = 0 }',
    'mcp_servers.a.startup_timeout_sec: expected a number of seconds above 0, found 0',
  ],
  [
    'mcp_servers.a = { command = "tool", env = { KEY = 1 } }',
    'mcp_servers.a.env.KEY: expected a string, found a whole number',
  ],
])('%s is refused', (user, message) => {
  expect(errorOf({ user }).message).toContain(message);
});
