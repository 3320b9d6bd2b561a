import type { ParamsInputOf } from '../../protocol/index.ts';
import type { CallTimeline } from '../voice/index.ts';
import type { BrowserClient } from './browser-client.ts';

/** Where a call is. `closed` is the last state; a call is never started again. */
export type VoiceCallState = 'starting' | 'active' | 'stopping' | 'closed';

/** The two sides of a call. */
export type VoiceCallSide = 'user' | 'assistant';

/** How a call ended. */
export interface VoiceCallEnd {
  /**
   * `requested` by `stop`, an unload or another client; `error`; `transport_closed` by the service; `replaced` by another
   * start on the thread; `disconnected` from the daemon; `unconfirmed` if the daemon did not confirm a `stop` in time.
   */
  readonly reason: string;
  /** What went wrong, if the reason is `error`. */
  readonly errorMessage: string | null;
}

/** What a call tells from its first state on. Nothing comes after `closed`. */
export interface VoiceCallEvents {
  state?(state: VoiceCallState): void;
  /** How loud a side is, from 0 to 1; some ten times a second while the call is active. */
  level?(side: VoiceCallSide, value: number): void;
  /** The next piece of what is being said. `role` is `user` or `assistant`. */
  transcriptDelta?(role: string, delta: string): void;
  /** What was said, in full. */
  transcriptDone?(role: string, text: string): void;
  /** A conversation item, or a control event such as `input_audio_buffer.speech_started` or `handoff_request`. */
  item?(item: unknown): void;
  /** An error of a call that is up. `closed` follows if the call does not survive it. */
  error?(message: string): void;
  /** The end of a call that was up; its reason as in `VoiceCallEnd`. */
  closed?(reason: string): void;
}

type StartParams = ParamsInputOf<'thread/realtime/start'>;

export interface VoiceCallOptions {
  readonly client: BrowserClient;
  readonly threadId: string;
  /** How the audio goes: through the daemon, or between the browser and the service. */
  readonly transport: 'websocket' | 'webrtc';
  readonly outputModality: StartParams['outputModality'];
  readonly voice?: StartParams['voice'];
  readonly version?: StartParams['version'];
  readonly prompt?: StartParams['prompt'];
  readonly model?: StartParams['model'];
  /** The microphone to open; absent: the one that the browser chooses. */
  readonly deviceId?: string;
  /** A stream that is open already, and stays so after the call; or null for a call without a microphone. */
  readonly microphone?: MediaStream | null;
  /**
   * Keeps the microphone back while an answer plays, unless it is loud; for devices without echo cancellation. It has
   * an effect on the websocket transport only, and is off unless it is set.
   */
  readonly gateMicrophone?: boolean;
  /** Where the audio worklets come from if the page's policy forbids `blob:`, see `audioWorkletSource`. */
  readonly workletUrl?: string;
  /** Takes the records of this call; absent: a new one. */
  readonly timeline?: CallTimeline;
  /** Milliseconds until the call must be up. */
  readonly startTimeoutMs?: number;
  /** Gives up while starting; it has no effect on a call that is up. */
  readonly signal?: AbortSignal;
  readonly on?: VoiceCallEvents;
}
