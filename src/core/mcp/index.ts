export { listMcpServers } from './list-servers.ts';
export { McpServers } from './mcp-servers.ts';
