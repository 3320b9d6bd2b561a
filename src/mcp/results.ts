import type {
  CallToolResult,
  ReadResourceResult,
  Resource,
  ResourceTemplate,
  Tool,
} from '@modelcontextprotocol/sdk/types.js';

/** A tool as its server describes it. */
export type McpTool = Tool;
export type McpResource = Resource;
export type McpResourceTemplate = ResourceTemplate;
/** What a tool has answered. */
export type McpCallResult = CallToolResult;
/** What is in a resource: texts, and files as base64. */
export type McpResourceContents = ReadResourceResult['contents'];

/** A part of a list. */
export interface McpPage<T> {
  readonly entries: readonly T[];
  /** Null behind the last part. */
  readonly nextCursor: string | null;
}
