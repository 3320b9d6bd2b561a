// Generated from the protocol schemas; do not edit.

import type { ToolRequestUserInputOption } from './ToolRequestUserInputOption.js';

export interface ToolRequestUserInputQuestion {
  id: string;
  header: string;
  question: string;
  isOther: boolean;
  isSecret: boolean;
  options?: ToolRequestUserInputOption[] | null;
}
