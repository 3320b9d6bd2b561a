export { McpRequests } from './mcp-requests.ts';
export { RESOURCE_TOOLS } from './resource-tools.ts';
export { McpServers } from './mcp-servers.ts';
