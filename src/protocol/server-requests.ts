import type * as z from 'zod/mini';
import {
  CommandExecutionRequestApprovalParams,
  CommandExecutionRequestApprovalResponse,
  DynamicToolCallParams,
  DynamicToolCallResponse,
  FileChangeRequestApprovalParams,
  FileChangeRequestApprovalResponse,
  McpServerElicitationRequestParams,
  McpServerElicitationRequestResponse,
  ToolRequestUserInputParams,
  ToolRequestUserInputResponse,
} from './v2/index.ts';

/** Every question that the server asks clients, in protocol order. */
export const serverRequests = [
  {
    method: 'item/commandExecution/requestApproval',
    params: CommandExecutionRequestApprovalParams,
    response: CommandExecutionRequestApprovalResponse,
  },
  {
    method: 'item/fileChange/requestApproval',
    params: FileChangeRequestApprovalParams,
    response: FileChangeRequestApprovalResponse,
  },
  {
    method: 'item/tool/requestUserInput',
    params: ToolRequestUserInputParams,
    response: ToolRequestUserInputResponse,
  },
  {
    method: 'mcpServer/elicitation/request',
    params: McpServerElicitationRequestParams,
    response: McpServerElicitationRequestResponse,
  },
  {
    method: 'item/tool/call',
    params: DynamicToolCallParams,
    response: DynamicToolCallResponse,
  },
] as const;

type ServerRequestRow = (typeof serverRequests)[number];
export type ServerRequestName = ServerRequestRow['method'];
type RowOf<M extends ServerRequestName> = Extract<ServerRequestRow, { method: M }>;
export type ServerRequestParamsOf<M extends ServerRequestName> = z.infer<RowOf<M>['params']>;
export type ServerRequestResponseOf<M extends ServerRequestName> = z.infer<RowOf<M>['response']>;

/** The row of a question. */
export function findServerRequest<M extends ServerRequestName>(method: M): RowOf<M> {
  return serverRequests.find((row) => row.method === method) as RowOf<M>;
}
