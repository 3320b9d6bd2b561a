// Generated from the protocol schemas; do not edit.

import type { WebSearchContextSize } from './WebSearchContextSize.js';
import type { WebSearchLocation } from './WebSearchLocation.js';

export interface WebSearchToolConfig {
  context_size?: WebSearchContextSize | null;
  allowed_domains?: string[] | null;
  location?: WebSearchLocation | null;
}
