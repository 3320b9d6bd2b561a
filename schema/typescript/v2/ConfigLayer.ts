// Generated from the protocol schemas; do not edit.

import type { ConfigLayerSource } from './ConfigLayerSource.js';

export interface ConfigLayer {
  name: ConfigLayerSource;
  version: string;
  config: unknown;
  disabledReason: string | null;
}
