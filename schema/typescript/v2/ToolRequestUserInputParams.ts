// Generated from the protocol schemas; do not edit.

import type { ToolRequestUserInputQuestion } from './ToolRequestUserInputQuestion.js';

export interface ToolRequestUserInputParams {
  threadId: string;
  turnId: string;
  itemId: string;
  questions: ToolRequestUserInputQuestion[];
}
