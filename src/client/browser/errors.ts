/**
 * Why the client gave up: the connection could not be made (`refused`), the daemon did not answer in time, the wait was
 * aborted, the connection is closed, or far too many requests wait for their answers (`overrun`).
 */
export type BrowserClientErrorReason = 'refused' | 'timeout' | 'aborted' | 'closed' | 'overrun';

/** A failure of the connection to the daemon. An error answer of the daemon is an `RpcError` instead. */
export class BrowserClientError extends Error {
  readonly reason: BrowserClientErrorReason;

  constructor(reason: BrowserClientErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrowserClientError';
    this.reason = reason;
  }
}

/**
 * Why a call is of no use: there is no microphone or no leave to use it (`microphone`), the browser plays no audio
 * (`audio`), the peer connection could not be made (`peer`), the daemon reported an error or was silent (`failed`),
 * starting was `aborted`, or the call has `ended`.
 */
export type VoiceCallErrorReason = 'microphone' | 'audio' | 'peer' | 'failed' | 'aborted' | 'ended';

/** A failure of one call; the connection to the daemon is another matter. */
export class VoiceCallError extends Error {
  readonly reason: VoiceCallErrorReason;

  constructor(reason: VoiceCallErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'VoiceCallError';
    this.reason = reason;
  }
}
