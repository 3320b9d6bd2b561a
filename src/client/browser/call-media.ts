import type { RealtimeConversationVersion, ThreadRealtimeStartTransport } from '../../protocol/index.ts';
import type { PlaybackChunk } from '../voice/index.ts';
import type { VoiceCallSide } from './voice-call-options.ts';

/** What the media of a call tell. Nothing is told before `begin` or after their release, but failures. */
export interface CallMediaEvents {
  level(side: VoiceCallSide, value: number): void;
  /** The next piece of the microphone, by its root mean square as a part of full scale. */
  userAudio(rms: number): void;
  /** A piece of an answer is being played. */
  answerAudio(itemId: string | null): void;
  /** Something went wrong that the call survives. */
  problem(message: string): void;
  /** The call cannot go on. */
  failed(message: string): void;
  /** The service has ended the media. */
  ended(): void;
}

/** How the audio of one call comes and goes. What it has open is released with the call. */
export interface CallMedia {
  /** What the start asks for. */
  readonly transport: ThreadRealtimeStartTransport;
  /** True while an answer plays. */
  readonly isPlaying: boolean;
  /** The item that plays, or was played last, if that is known. */
  readonly currentItemId: string | null;
  /** Milliseconds that were played of that item, or null if that is not known. */
  readonly playedMs: number | null;
  /** Resolves when audio can come and go; rejects with `VoiceCallError`. `answer` gives the peer's SDP, when it comes. */
  connect(answer: Promise<string>): Promise<void>;
  /** The call is up. */
  begin(): void;
  mute(isMuted: boolean): void;
  /** A piece of output audio that came through the daemon. */
  receive(chunk: PlaybackChunk): void;
  /** The service has noticed that the user speaks over an answer, or has cancelled it. */
  interruptedByService(): void;
  /** Stops what plays, at once. */
  interrupt(version: RealtimeConversationVersion | null): void;
}
