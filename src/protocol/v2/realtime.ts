import * as z from 'zod/mini';
import { jsonValue, uint16, uint32 } from '../scalars.ts';

export const RealtimeOutputModality = z.enum(['text', 'audio']);
export type RealtimeOutputModality = z.infer<typeof RealtimeOutputModality>;

export const RealtimeConversationVersion = z.enum(['v1', 'v2']);
export type RealtimeConversationVersion = z.infer<typeof RealtimeConversationVersion>;

/** Every voice of either version; which version offers which is answered by `thread/realtime/listVoices`. */
export const RealtimeVoice = z.enum([
  'alloy',
  'arbor',
  'ash',
  'ballad',
  'breeze',
  'cedar',
  'coral',
  'cove',
  'echo',
  'ember',
  'juniper',
  'maple',
  'marin',
  'sage',
  'shimmer',
  'sol',
  'spruce',
  'vale',
  'verse',
]);
export type RealtimeVoice = z.infer<typeof RealtimeVoice>;

export const RealtimeVoicesList = z.object({
  v1: z.array(RealtimeVoice),
  v2: z.array(RealtimeVoice),
  defaultV1: RealtimeVoice,
  defaultV2: RealtimeVoice,
});
export type RealtimeVoicesList = z.infer<typeof RealtimeVoicesList>;

/**
 * How audio travels. `webrtc` carries the client's SDP offer; `existingCall` names a call that the client has made itself, and
 * which is only joined.
 */
export const ThreadRealtimeStartTransport = z.discriminatedUnion('type', [
  z.object({ type: z.literal('websocket') }),
  z.object({ type: z.literal('webrtc'), sdp: z.string() }),
  z.object({ type: z.literal('existingCall'), callId: z.string() }),
]);
export type ThreadRealtimeStartTransport = z.infer<typeof ThreadRealtimeStartTransport>;

/** One piece of audio. `data` is standard base64 of 16-bit little-endian PCM and is passed on untouched. */
export const ThreadRealtimeAudioChunk = z.object({
  data: z.string(),
  sampleRate: uint32,
  numChannels: uint16,
  samplesPerChannel: z._default(z.nullable(uint32), null),
  itemId: z._default(z.nullable(z.string()), null),
});
export type ThreadRealtimeAudioChunk = z.infer<typeof ThreadRealtimeAudioChunk>;

export const ThreadRealtimeStartParams = z.object({
  threadId: z.string(),
  outputModality: RealtimeOutputModality,
  /** Absent: the built-in prompt. Null: no prompt. A string, also an empty one: that prompt. */
  prompt: z.nullish(z.string()),
  /** Defaults to the thread id. */
  realtimeSessionId: z.nullish(z.string()),
  /** Defaults to `websocket`. */
  transport: z.nullish(ThreadRealtimeStartTransport),
  /** Defaults to the configured voice, else the version's own default. */
  voice: z.nullish(RealtimeVoice),
  /** Defaults to the configured model. */
  model: z.nullish(z.string()),
  /** Defaults to the configured version. */
  version: z.nullish(RealtimeConversationVersion),
});
export type ThreadRealtimeStartParams = z.infer<typeof ThreadRealtimeStartParams>;

export const ThreadRealtimeStartResponse = z.object({});
export type ThreadRealtimeStartResponse = z.infer<typeof ThreadRealtimeStartResponse>;

export const ThreadRealtimeAppendAudioParams = z.object({
  threadId: z.string(),
  audio: ThreadRealtimeAudioChunk,
});
export type ThreadRealtimeAppendAudioParams = z.infer<typeof ThreadRealtimeAppendAudioParams>;

export const ThreadRealtimeAppendAudioResponse = z.object({});
export type ThreadRealtimeAppendAudioResponse = z.infer<typeof ThreadRealtimeAppendAudioResponse>;

export const ThreadRealtimeAppendTextParams = z.object({
  threadId: z.string(),
  text: z.string(),
});
export type ThreadRealtimeAppendTextParams = z.infer<typeof ThreadRealtimeAppendTextParams>;

export const ThreadRealtimeAppendTextResponse = z.object({});
export type ThreadRealtimeAppendTextResponse = z.infer<typeof ThreadRealtimeAppendTextResponse>;

export const ThreadRealtimeStopParams = z.object({ threadId: z.string() });
export type ThreadRealtimeStopParams = z.infer<typeof ThreadRealtimeStopParams>;

export const ThreadRealtimeStopResponse = z.object({});
export type ThreadRealtimeStopResponse = z.infer<typeof ThreadRealtimeStopResponse>;

export const ThreadRealtimeListVoicesParams = z.object({});
export type ThreadRealtimeListVoicesParams = z.infer<typeof ThreadRealtimeListVoicesParams>;

export const ThreadRealtimeListVoicesResponse = z.object({ voices: RealtimeVoicesList });
export type ThreadRealtimeListVoicesResponse = z.infer<typeof ThreadRealtimeListVoicesResponse>;

/** The session is up. `realtimeSessionId` is the requested id or the thread id, never the upstream's own. */
export const ThreadRealtimeStartedNotification = z.object({
  threadId: z.string(),
  realtimeSessionId: z.nullable(z.string()),
  version: RealtimeConversationVersion,
});
export type ThreadRealtimeStartedNotification = z.infer<typeof ThreadRealtimeStartedNotification>;

/** The SDP answer to a `webrtc` start. */
export const ThreadRealtimeSdpNotification = z.object({
  threadId: z.string(),
  sdp: z.string(),
});
export type ThreadRealtimeSdpNotification = z.infer<typeof ThreadRealtimeSdpNotification>;

/** A conversation item of the upstream as it came, or one made from a control event; its keys are snake_case. */
export const ThreadRealtimeItemAddedNotification = z.object({
  threadId: z.string(),
  item: jsonValue,
});
export type ThreadRealtimeItemAddedNotification = z.infer<typeof ThreadRealtimeItemAddedNotification>;

/** The next piece of a live transcript. `role` is `user` or `assistant`. */
export const ThreadRealtimeTranscriptDeltaNotification = z.object({
  threadId: z.string(),
  role: z.string(),
  delta: z.string(),
});
export type ThreadRealtimeTranscriptDeltaNotification = z.infer<
  typeof ThreadRealtimeTranscriptDeltaNotification
>;

/** A transcript in full, once its part of the conversation is over. */
export const ThreadRealtimeTranscriptDoneNotification = z.object({
  threadId: z.string(),
  role: z.string(),
  text: z.string(),
});
export type ThreadRealtimeTranscriptDoneNotification = z.infer<
  typeof ThreadRealtimeTranscriptDoneNotification
>;

/** The next piece of audio to play. */
export const ThreadRealtimeOutputAudioDeltaNotification = z.object({
  threadId: z.string(),
  audio: ThreadRealtimeAudioChunk,
});
export type ThreadRealtimeOutputAudioDeltaNotification = z.infer<
  typeof ThreadRealtimeOutputAudioDeltaNotification
>;

export const ThreadRealtimeErrorNotification = z.object({
  threadId: z.string(),
  message: z.string(),
});
export type ThreadRealtimeErrorNotification = z.infer<typeof ThreadRealtimeErrorNotification>;

/** The session is over. `reason` is `requested`, `transport_closed` or `error`. */
export const ThreadRealtimeClosedNotification = z.object({
  threadId: z.string(),
  reason: z.nullable(z.string()),
});
export type ThreadRealtimeClosedNotification = z.infer<typeof ThreadRealtimeClosedNotification>;
