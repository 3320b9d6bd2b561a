import * as z from 'zod/mini';
import { int64, jsonValue, uint32 } from '../scalars.ts';

export const McpAuthStatus = z.enum(['unsupported', 'notLoggedIn', 'bearerToken', 'oAuth']);
export type McpAuthStatus = z.infer<typeof McpAuthStatus>;

export const McpServerStatusDetail = z.enum(['full', 'toolsAndAuthOnly']);
export type McpServerStatusDetail = z.infer<typeof McpServerStatusDetail>;

/** A tool as its server describes it; what the server leaves out is absent. */
export const Tool = z.object({
  name: z.string(),
  title: z.nullish(z.string()),
  description: z.nullish(z.string()),
  inputSchema: jsonValue,
  outputSchema: z.optional(z.unknown()),
  annotations: z.optional(z.unknown()),
  icons: z.nullish(z.array(z.unknown())),
  _meta: z.optional(z.unknown()),
});
export type Tool = z.infer<typeof Tool>;

/** A resource as its server describes it; `size` is in bytes. */
export const Resource = z.object({
  name: z.string(),
  uri: z.string(),
  title: z.nullish(z.string()),
  description: z.nullish(z.string()),
  mimeType: z.nullish(z.string()),
  size: z.nullish(int64),
  annotations: z.optional(z.unknown()),
  icons: z.nullish(z.array(z.unknown())),
  _meta: z.optional(z.unknown()),
});
export type Resource = z.infer<typeof Resource>;

export const ResourceTemplate = z.object({
  name: z.string(),
  uriTemplate: z.string(),
  title: z.nullish(z.string()),
  description: z.nullish(z.string()),
  mimeType: z.nullish(z.string()),
  annotations: z.optional(z.unknown()),
});
export type ResourceTemplate = z.infer<typeof ResourceTemplate>;

/** One server of the Model Context Protocol, and what it offers; `tools` are by name. */
export const McpServerStatus = z.object({
  name: z.string(),
  tools: z.record(z.string(), Tool),
  resources: z.array(Resource),
  resourceTemplates: z.array(ResourceTemplate),
  authStatus: McpAuthStatus,
});
export type McpServerStatus = z.infer<typeof McpServerStatus>;

export const ListMcpServerStatusParams = z.object({
  /** The `nextCursor` of the page before. */
  cursor: z.nullish(z.string()),
  /** No limit unless given; 0 acts as 1. */
  limit: z.nullish(uint32),
  detail: z.nullish(McpServerStatusDetail),
});
export type ListMcpServerStatusParams = z.infer<typeof ListMcpServerStatusParams>;

export const ListMcpServerStatusResponse = z.object({
  data: z.array(McpServerStatus),
  nextCursor: z.nullable(z.string()),
});
export type ListMcpServerStatusResponse = z.infer<typeof ListMcpServerStatusResponse>;
