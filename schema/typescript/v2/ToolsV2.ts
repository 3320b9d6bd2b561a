// Generated from the protocol schemas; do not edit.

import type { WebSearchToolConfig } from './WebSearchToolConfig.js';

export interface ToolsV2 {
  web_search?: WebSearchToolConfig | null;
  view_image?: boolean | null;
}
