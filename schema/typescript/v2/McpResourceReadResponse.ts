// Generated from the protocol schemas; do not edit.

import type { ResourceContent } from './ResourceContent.js';

export interface McpResourceReadResponse {
  contents: ResourceContent[];
}
