// Generated from the protocol schemas; do not edit.

import type { ContentItem } from './ContentItem.js';
import type { FunctionCallOutputBody } from './FunctionCallOutputBody.js';
import type { LocalShellAction } from './LocalShellAction.js';
import type { LocalShellStatus } from './LocalShellStatus.js';
import type { MessagePhase } from './MessagePhase.js';
import type { ReasoningItemContent } from './ReasoningItemContent.js';
import type { ReasoningItemReasoningSummary } from './ReasoningItemReasoningSummary.js';
import type { ResponsesApiWebSearchAction } from './ResponsesApiWebSearchAction.js';

export type ResponseItem =
  | {
      type: 'message';
      id?: string | null;
      role: string;
      content: ContentItem[];
      phase?: MessagePhase | null;
    }
  | {
      type: 'reasoning';
      id?: string | null;
      summary: ReasoningItemReasoningSummary[];
      content?: ReasoningItemContent[] | null;
      encrypted_content?: string | null;
    }
  | {
      type: 'local_shell_call';
      id?: string | null;
      call_id?: string | null;
      status: LocalShellStatus;
      action: LocalShellAction;
    }
  | {
      type: 'function_call';
      id?: string | null;
      name: string;
      namespace?: string | null;
      arguments: string;
      call_id: string;
    }
  | {
      type: 'tool_search_call';
      id?: string | null;
      call_id?: string | null;
      status?: string | null;
      execution: string;
      arguments: unknown;
    }
  | {
      type: 'function_call_output';
      call_id: string;
      output: FunctionCallOutputBody;
    }
  | {
      type: 'custom_tool_call';
      id?: string | null;
      status?: string | null;
      call_id: string;
      name: string;
      input: string;
    }
  | {
      type: 'custom_tool_call_output';
      call_id: string;
      name?: string | null;
      output: FunctionCallOutputBody;
    }
  | {
      type: 'tool_search_output';
      call_id?: string | null;
      status: string;
      execution: string;
      tools: unknown[];
    }
  | {
      type: 'web_search_call';
      id?: string | null;
      status?: string | null;
      action?: ResponsesApiWebSearchAction | null;
    }
  | {
      type: 'image_generation_call';
      id: string;
      status: string;
      revised_prompt?: string | null;
      result: string;
    }
  | {
      type: 'compaction';
      encrypted_content: string;
    }
  | {
      type: 'context_compaction';
      encrypted_content?: string | null;
    }
  | {
      type: 'other';
    };
