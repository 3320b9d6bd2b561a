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

export const McpResourceReadParams = z.object({
  /** The thread whose server is asked; without one, a server is started for it. */
  threadId: z.nullish(z.string()),
  server: z.string(),
  uri: z.string(),
});
export type McpResourceReadParams = z.infer<typeof McpResourceReadParams>;

const content = {
  uri: z.string(),
  mimeType: z.optional(z.string()),
  _meta: z.optional(z.unknown()),
};

/** A text, or a file as base64. */
export const ResourceContent = z.union([
  z.object({ text: z.string(), ...content }),
  z.object({ blob: z.string(), ...content }),
]);
export type ResourceContent = z.infer<typeof ResourceContent>;

export const McpResourceReadResponse = z.object({ contents: z.array(ResourceContent) });
export type McpResourceReadResponse = z.infer<typeof McpResourceReadResponse>;

export const McpServerToolCallParams = z.object({
  threadId: z.string(),
  server: z.string(),
  /** The server's own name of it. */
  tool: z.string(),
  /** An object; absent and null are one without values. */
  arguments: z.optional(z.unknown()),
  /** An object that the server is given beside the arguments. */
  _meta: z.optional(z.unknown()),
});
export type McpServerToolCallParams = z.infer<typeof McpServerToolCallParams>;

/** What the tool says; what it leaves out is absent. */
export const McpServerToolCallResponse = z.object({
  content: z.array(jsonValue),
  structuredContent: z.optional(z.unknown()),
  isError: z.nullish(z.boolean()),
  _meta: z.optional(z.unknown()),
});
export type McpServerToolCallResponse = z.infer<typeof McpServerToolCallResponse>;

export const McpServerRefreshResponse = z.object({});
export type McpServerRefreshResponse = z.infer<typeof McpServerRefreshResponse>;

export const McpServerStartupState = z.enum(['starting', 'ready', 'failed', 'cancelled']);
export type McpServerStartupState = z.infer<typeof McpServerStartupState>;

/** A server of a thread starts, has started, or cannot be used. */
export const McpServerStatusUpdatedNotification = z.object({
  name: z.string(),
  status: McpServerStartupState,
  /** A sentence for the user where it failed. */
  error: z.nullable(z.string()),
});
export type McpServerStatusUpdatedNotification = z.infer<typeof McpServerStatusUpdatedNotification>;

/** What a running call says of how far it is. */
export const McpToolCallProgressNotification = z.object({
  threadId: z.string(),
  turnId: z.string(),
  itemId: z.string(),
  message: z.string(),
});
export type McpToolCallProgressNotification = z.infer<typeof McpToolCallProgressNotification>;

const elicitation = {
  threadId: z.string(),
  /** The turn on whose behalf the server asks; null where that is not known. */
  turnId: z.nullable(z.string()),
  serverName: z.string(),
  message: z.string(),
  _meta: jsonValue,
};

/** Asks the user something on behalf of a server: values for a form, or a visit to a page. */
export const McpServerElicitationRequestParams = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('form'),
    ...elicitation,
    /** A JSON Schema of an object with plain values. */
    requestedSchema: jsonValue,
  }),
  z.object({ mode: z.literal('url'), ...elicitation, url: z.string(), elicitationId: z.string() }),
]);
export type McpServerElicitationRequestParams = z.infer<typeof McpServerElicitationRequestParams>;

export const McpServerElicitationAction = z.enum(['accept', 'decline', 'cancel']);
export type McpServerElicitationAction = z.infer<typeof McpServerElicitationAction>;

export const McpServerElicitationRequestResponse = z.object({
  action: McpServerElicitationAction,
  /** The values, where a form is accepted. */
  content: z.optional(jsonValue),
  _meta: z.optional(jsonValue),
});
export type McpServerElicitationRequestResponse = z.infer<typeof McpServerElicitationRequestResponse>;
