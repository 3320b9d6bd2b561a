// Generated from the protocol schemas; do not edit.

import type { CommandExecutionRequestApprovalParams } from './v2/CommandExecutionRequestApprovalParams.js';
import type { DynamicToolCallParams } from './v2/DynamicToolCallParams.js';
import type { FileChangeRequestApprovalParams } from './v2/FileChangeRequestApprovalParams.js';
import type { McpServerElicitationRequestParams } from './v2/McpServerElicitationRequestParams.js';
import type { RequestId } from './RequestId.js';
import type { ToolRequestUserInputParams } from './v2/ToolRequestUserInputParams.js';

export type ServerRequest =
  | {
      id: RequestId;
      method: 'item/commandExecution/requestApproval';
      params: CommandExecutionRequestApprovalParams;
    }
  | {
      id: RequestId;
      method: 'item/fileChange/requestApproval';
      params: FileChangeRequestApprovalParams;
    }
  | {
      id: RequestId;
      method: 'item/tool/requestUserInput';
      params: ToolRequestUserInputParams;
    }
  | {
      id: RequestId;
      method: 'mcpServer/elicitation/request';
      params: McpServerElicitationRequestParams;
    }
  | {
      id: RequestId;
      method: 'item/tool/call';
      params: DynamicToolCallParams;
    };
