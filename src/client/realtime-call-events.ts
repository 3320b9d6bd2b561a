import type { ThreadRealtimeAudioChunk } from '../protocol/index.ts';
import type { DaemonExit } from './daemon-process.ts';

/** What a call tells while it is live, in the order it happened. Nothing comes after the end of the call. */
export interface RealtimeCallEvents {
  /** The next piece of output audio; its `data` is base64 of 16-bit little-endian PCM. */
  onAudio?(audio: ThreadRealtimeAudioChunk): void;
  onTranscriptDelta?(role: string, delta: string): void;
  onTranscriptDone?(role: string, text: string): void;
  /** A conversation item, or a control event such as `input_audio_buffer.speech_started`. */
  onItem?(item: unknown): void;
  /** An error that the call may survive; `closed` follows if it does not. */
  onError?(message: string): void;
}

/**
 * How a call ended: closed by the daemon, with the error if one did it; together with the daemon; or by a `stop` that
 * no `closed` answered in time.
 */
export type RealtimeCallEnd =
  | { readonly kind: 'closed'; readonly reason: string | null; readonly errorMessage: string | null }
  | { readonly kind: 'disconnected'; readonly exit: DaemonExit }
  | { readonly kind: 'unconfirmed' };

/**
 * Why a call is of no use: starting it `failed` or was `aborted`, it has `ended`, or audio came in so much faster than
 * it was taken that the caller cannot have waited for anything (`overrun`).
 */
export type RealtimeCallErrorReason = 'failed' | 'aborted' | 'ended' | 'overrun';

/** A failure of one call; the connection to the daemon is another matter. */
export class RealtimeCallError extends Error {
  readonly reason: RealtimeCallErrorReason;

  constructor(reason: RealtimeCallErrorReason, message: string) {
    super(message);
    this.name = 'RealtimeCallError';
    this.reason = reason;
  }
}
