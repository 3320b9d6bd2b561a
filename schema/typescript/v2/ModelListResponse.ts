// Generated from the protocol schemas; do not edit.

import type { Model } from './Model.js';

export interface ModelListResponse {
  data: Model[];
  nextCursor: string | null;
}
