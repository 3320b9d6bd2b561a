import type { ThreadRealtimeAudioChunk } from '../protocol/index.ts';

/** Who said something. */
export type TranscriptRole = 'user' | 'assistant';

/** What a decoded upstream frame means, the same for every version of the wire. */
export type RealtimeEvent =
  | { type: 'sessionUpdated'; sessionId: string }
  | { type: 'outputAudio'; audio: ThreadRealtimeAudioChunk }
  | { type: 'transcriptDelta'; role: TranscriptRole; itemId: string | null; delta: string }
  | { type: 'transcriptDone'; role: TranscriptRole; itemId: string | null; text: string }
  | { type: 'speechStarted'; itemId: string | null }
  | { type: 'responseCreated'; responseId: string | null }
  | { type: 'responseCancelled'; responseId: string | null }
  | { type: 'responseDone'; responseId: string | null }
  | { type: 'itemAdded'; item: unknown }
  | { type: 'itemDone'; itemId: string }
  | { type: 'handoffRequested'; handoffId: string; itemId: string; inputTranscript: string }
  | { type: 'silenceRequested'; callId: string; itemId: string }
  | { type: 'error'; message: string; severity: ErrorSeverity }
  | { type: 'ignored'; reason: IgnoredReason };

/** Why a frame means nothing here; such frames never break a session. */
export type IgnoredReason = 'notJson' | 'notAnEvent' | 'unknownType' | 'missingField';

/**
 * What an upstream error does to the session: `fatal` ends it, `recoverable` is reported and the call goes on, and
 * `responseActive` says that a `response.create` has to wait for the response that is active.
 */
export type ErrorSeverity = 'fatal' | 'recoverable' | 'responseActive';

export type RealtimeEventOf<T extends RealtimeEvent['type']> = Extract<RealtimeEvent, { type: T }>;

/** A decoded frame: a JSON object with a `type`, whose other members are not known yet. */
export type WireEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** Decodes one type of upstream event. */
export type EventDecoder = (event: WireEvent) => RealtimeEvent;
