// Generated from the protocol schemas; do not edit.

import type { Config } from './Config.js';
import type { ConfigLayer } from './ConfigLayer.js';
import type { ConfigLayerMetadata } from './ConfigLayerMetadata.js';

export interface ConfigReadResponse {
  config: Config;
  origins: {
    [k: string]: ConfigLayerMetadata;
  };
  layers: ConfigLayer[] | null;
}
