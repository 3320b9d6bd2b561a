import type { CoreErrorCode } from '../core/index.ts';
import { CoreError } from '../core/index.ts';
import { errorCodes } from '../protocol/index.ts';
import { RpcError } from '../rpc/index.ts';

/**
 * Why a request was refused, for programs: the `reason` of an error's `data`. Codes and messages are those that
 * clients of the reference know; the reason tells apart what they do not.
 */
export type RefusalReason =
  | CoreErrorCode
  | 'alreadyInitialized'
  | 'experimentalApiRequired'
  | 'featureDisabled'
  | 'invalidClientName'
  | 'invalidParams'
  | 'notInitialized'
  | 'server_overloaded'
  | 'unknownMethod';

export function refusal(
  reason: RefusalReason,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): RpcError {
  return new RpcError(errorCodes.invalidRequest, message, { reason, ...details });
}

/** The answer to a request that was not started because too much is waiting; trying again later is safe. */
export function overloaded(message: string): RpcError {
  return new RpcError(errorCodes.serverOverloaded, message, { reason: 'server_overloaded' });
}

/** What no other request would have made better. */
const INTERNAL: ReadonlySet<CoreErrorCode> = new Set([
  'mcpRequestFailed',
  'threadUnreadable',
  'threadUnwritable',
]);

/** Words an error of the core for the wire; anything else passes. */
export function wireError(error: unknown): unknown {
  if (!(error instanceof CoreError)) return error;
  if (error.code === 'overloaded') return overloaded(error.message);
  if (INTERNAL.has(error.code)) {
    return new RpcError(errorCodes.internalError, error.message, { reason: error.code, ...error.details });
  }
  if (error.code === 'inputTooLarge') {
    return new RpcError(errorCodes.invalidParams, error.message, { reason: error.code, ...error.details });
  }
  return refusal(error.code, error.message, error.details);
}
