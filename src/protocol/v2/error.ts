import * as z from 'zod/mini';
import { uint16 } from '../scalars.ts';

export const NonSteerableTurnKind = z.enum(['review', 'compact']);
export type NonSteerableTurnKind = z.infer<typeof NonSteerableTurnKind>;

const httpStatus = z.object({ httpStatusCode: z.nullable(uint16) });

/** The machine-readable cause of a turn error; object forms carry the HTTP status, null when there was none. */
export const CodexErrorInfo = z.union([
  z.enum([
    'contextWindowExceeded',
    'usageLimitExceeded',
    'serverOverloaded',
    'cyberPolicy',
    'internalServerError',
    'unauthorized',
    'badRequest',
    'threadRollbackFailed',
    'sandboxError',
    'other',
  ]),
  z.object({ httpConnectionFailed: httpStatus }),
  z.object({ responseStreamConnectionFailed: httpStatus }),
  z.object({ responseStreamDisconnected: httpStatus }),
  z.object({ responseTooManyFailedAttempts: httpStatus }),
  z.object({ activeTurnNotSteerable: z.object({ turnKind: NonSteerableTurnKind }) }),
]);
export type CodexErrorInfo = z.infer<typeof CodexErrorInfo>;

export const TurnError = z.object({
  message: z.string(),
  codexErrorInfo: z.nullable(CodexErrorInfo),
  additionalDetails: z.nullable(z.string()),
});
export type TurnError = z.infer<typeof TurnError>;

/** A turn, or an operation outside a turn, failed; with `willRetry` the turn goes on. */
export const ErrorNotification = z.object({
  error: TurnError,
  willRetry: z.boolean(),
  threadId: z.string(),
  turnId: z.string(),
});
export type ErrorNotification = z.infer<typeof ErrorNotification>;

/** Something the user should know. `threadId` is null when it concerns no single thread. */
export const WarningNotification = z.object({
  threadId: z.nullable(z.string()),
  message: z.string(),
});
export type WarningNotification = z.infer<typeof WarningNotification>;
