// Generated from the protocol schemas; do not edit.

import type { DynamicToolCallOutputContentItem } from './DynamicToolCallOutputContentItem.js';

export interface DynamicToolCallResponse {
  contentItems: DynamicToolCallOutputContentItem[];
  success: boolean;
}
