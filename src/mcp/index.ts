export { McpServer } from './mcp-server.ts';
export type { McpServerOptions, McpStatus } from './mcp-server.ts';
export type { ElicitationAnswer, ElicitationRequest } from './elicitation.ts';
export type {
  HttpSettings,
  McpFetch,
  McpServerSettings,
  StartServerProcess,
  StdioSettings,
} from './server-settings.ts';
export type { McpCallResult, McpPage, McpTool } from './results.ts';
