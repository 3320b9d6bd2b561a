// Generated from the protocol schemas; do not edit.

import type { AuthMode } from './v2/AuthMode.js';

export interface GetAuthStatusResponse {
  authMethod: AuthMode | null;
  authToken: string | null;
  requiresOpenaiAuth: boolean | null;
}
