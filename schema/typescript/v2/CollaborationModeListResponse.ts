// Generated from the protocol schemas; do not edit.

import type { CollaborationModeMask } from './CollaborationModeMask.js';

export interface CollaborationModeListResponse {
  data: CollaborationModeMask[];
}
