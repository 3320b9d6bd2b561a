export { McpRequests } from './mcp-requests.ts';
export { McpServers } from './mcp-servers.ts';
