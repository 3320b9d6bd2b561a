// Generated from the protocol schemas; do not edit.

import type { McpAuthStatus } from './McpAuthStatus.js';
import type { Resource } from './Resource.js';
import type { ResourceTemplate } from './ResourceTemplate.js';
import type { Tool } from './Tool.js';

export interface McpServerStatus {
  name: string;
  tools: {
    [k: string]: Tool;
  };
  resources: Resource[];
  resourceTemplates: ResourceTemplate[];
  authStatus: McpAuthStatus;
}
