import type {
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
} from '../protocol/index.ts';

/** Everything that the core asks of people and their clients, by name: what they are shown, and what they answer. */
export interface Questions {
  commandApproval: {
    readonly params: CommandExecutionRequestApprovalParams;
    readonly answer: CommandExecutionRequestApprovalResponse;
  };
  fileChangeApproval: {
    readonly params: FileChangeRequestApprovalParams;
    readonly answer: FileChangeRequestApprovalResponse;
  };
  elicitation: {
    readonly params: McpServerElicitationRequestParams;
    readonly answer: McpServerElicitationRequestResponse;
  };
  dynamicToolCall: { readonly params: DynamicToolCallParams; readonly answer: DynamicToolCallResponse };
  userInput: { readonly params: ToolRequestUserInputParams; readonly answer: ToolRequestUserInputResponse };
}

/**
 * Asks the clients that follow a thread. Null where nobody is there to answer, or all who were asked have gone or cannot
 * answer. Rejects when the signal aborts.
 */
export type Ask = <Q extends keyof Questions>(
  question: Q,
  params: Questions[Q]['params'],
  signal: AbortSignal,
) => Promise<Questions[Q]['answer'] | null>;
