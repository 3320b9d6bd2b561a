import type { DaemonExit } from './daemon-process.ts';

/**
 * Why the client gave up: the daemon could not be started, it exited, it did not answer in time, the wait was aborted,
 * or this side had closed the connection.
 */
export type ClientErrorReason = 'spawnFailed' | 'exited' | 'timeout' | 'aborted' | 'closed';

/** A failure of the connection to the daemon. An error answer of the daemon is an `RpcError` instead. */
export class ClientError extends Error {
  readonly reason: ClientErrorReason;
  /** How the daemon ended, where it has. */
  readonly exit: DaemonExit | null;
  /** The last lines the daemon wrote to stderr, oldest first; empty where they have no part in the failure. */
  readonly stderrLines: readonly string[];

  constructor(
    reason: ClientErrorReason,
    message: string,
    details: { exit?: DaemonExit; stderrLines?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'ClientError';
    this.reason = reason;
    this.exit = details.exit ?? null;
    this.stderrLines = details.stderrLines ?? [];
  }
}
