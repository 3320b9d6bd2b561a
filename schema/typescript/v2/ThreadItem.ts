// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';
import type { CollabAgentState } from './CollabAgentState.js';
import type { CollabAgentTool } from './CollabAgentTool.js';
import type { CollabAgentToolCallStatus } from './CollabAgentToolCallStatus.js';
import type { CommandAction } from './CommandAction.js';
import type { CommandExecutionSource } from './CommandExecutionSource.js';
import type { CommandExecutionStatus } from './CommandExecutionStatus.js';
import type { DynamicToolCallOutputContentItem } from './DynamicToolCallOutputContentItem.js';
import type { DynamicToolCallStatus } from './DynamicToolCallStatus.js';
import type { FileUpdateChange } from './FileUpdateChange.js';
import type { HookPromptFragment } from './HookPromptFragment.js';
import type { McpToolCallError } from './McpToolCallError.js';
import type { McpToolCallResult } from './McpToolCallResult.js';
import type { McpToolCallStatus } from './McpToolCallStatus.js';
import type { MemoryCitation } from './MemoryCitation.js';
import type { MessagePhase } from './MessagePhase.js';
import type { PatchApplyStatus } from './PatchApplyStatus.js';
import type { ReasoningEffort } from './ReasoningEffort.js';
import type { UserInput } from './UserInput.js';
import type { WebSearchAction } from './WebSearchAction.js';

export type ThreadItem =
  | {
      type: 'userMessage';
      id: string;
      content: UserInput[];
    }
  | {
      type: 'hookPrompt';
      id: string;
      fragments: HookPromptFragment[];
    }
  | {
      type: 'agentMessage';
      id: string;
      text: string;
      phase: MessagePhase | null;
      memoryCitation: MemoryCitation | null;
    }
  | {
      type: 'plan';
      id: string;
      text: string;
    }
  | {
      type: 'reasoning';
      id: string;
      summary: string[];
      content: string[];
    }
  | {
      type: 'commandExecution';
      id: string;
      command: string;
      cwd: AbsolutePathBuf;
      processId: string | null;
      source: CommandExecutionSource;
      status: CommandExecutionStatus;
      commandActions: CommandAction[];
      aggregatedOutput: string | null;
      exitCode: number | null;
      durationMs: number | null;
    }
  | {
      type: 'fileChange';
      id: string;
      changes: FileUpdateChange[];
      status: PatchApplyStatus;
    }
  | {
      type: 'mcpToolCall';
      id: string;
      server: string;
      tool: string;
      status: McpToolCallStatus;
      arguments: unknown;
      mcpAppResourceUri?: string | null;
      result: McpToolCallResult | null;
      error: McpToolCallError | null;
      durationMs: number | null;
    }
  | {
      type: 'dynamicToolCall';
      id: string;
      namespace: string | null;
      tool: string;
      arguments: unknown;
      status: DynamicToolCallStatus;
      contentItems: DynamicToolCallOutputContentItem[] | null;
      success: boolean | null;
      durationMs: number | null;
    }
  | {
      type: 'collabAgentToolCall';
      id: string;
      tool: CollabAgentTool;
      status: CollabAgentToolCallStatus;
      senderThreadId: string;
      receiverThreadIds: string[];
      prompt: string | null;
      model: string | null;
      reasoningEffort: ReasoningEffort | null;
      agentsStates: {
        [k: string]: CollabAgentState;
      };
    }
  | {
      type: 'webSearch';
      id: string;
      query: string;
      action: WebSearchAction | null;
    }
  | {
      type: 'imageView';
      id: string;
      path: AbsolutePathBuf;
    }
  | {
      type: 'imageGeneration';
      id: string;
      status: string;
      revisedPrompt: string | null;
      result: string;
      savedPath?: AbsolutePathBuf | null;
    }
  | {
      type: 'enteredReviewMode';
      id: string;
      review: string;
    }
  | {
      type: 'exitedReviewMode';
      id: string;
      review: string;
    }
  | {
      type: 'contextCompaction';
      id: string;
    };
