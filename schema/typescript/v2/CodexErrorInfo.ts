// Generated from the protocol schemas; do not edit.

import type { NonSteerableTurnKind } from './NonSteerableTurnKind.js';

export type CodexErrorInfo =
  | (
      | 'contextWindowExceeded'
      | 'usageLimitExceeded'
      | 'serverOverloaded'
      | 'cyberPolicy'
      | 'internalServerError'
      | 'unauthorized'
      | 'badRequest'
      | 'threadRollbackFailed'
      | 'sandboxError'
      | 'other'
    )
  | {
      httpConnectionFailed: {
        httpStatusCode: number | null;
      };
    }
  | {
      responseStreamConnectionFailed: {
        httpStatusCode: number | null;
      };
    }
  | {
      responseStreamDisconnected: {
        httpStatusCode: number | null;
      };
    }
  | {
      responseTooManyFailedAttempts: {
        httpStatusCode: number | null;
      };
    }
  | {
      activeTurnNotSteerable: {
        turnKind: NonSteerableTurnKind;
      };
    };
