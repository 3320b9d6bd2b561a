import type { CallToolResult, Resource, ResourceTemplate, Tool } from '@modelcontextprotocol/sdk/types.js';

/** A tool as its server describes it. */
export type McpTool = Tool;
export type McpResource = Resource;
export type McpResourceTemplate = ResourceTemplate;
/** What a tool has answered. */
export type McpCallResult = CallToolResult;
