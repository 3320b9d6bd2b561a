// Generated from the protocol schemas; do not edit.

import type { ToolRequestUserInputAnswer } from './ToolRequestUserInputAnswer.js';

export interface ToolRequestUserInputResponse {
  answers: {
    [k: string]: ToolRequestUserInputAnswer;
  };
}
