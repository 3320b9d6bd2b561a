// Generated from the protocol schemas; do not edit.

import type { ConfigLayerSource } from './ConfigLayerSource.js';

export interface ConfigLayerMetadata {
  name: ConfigLayerSource;
  version: string;
}
