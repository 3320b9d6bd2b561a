import type { RealtimeOutputModality, RealtimeVoice } from '../protocol/index.ts';
import type { EventDecoder } from './events.ts';

/** `conversational` talks; `transcription` only listens. */
export type SessionMode = 'conversational' | 'transcription';

/** What a session is configured with, once, in the first frame. */
export interface SessionSettings {
  readonly mode: SessionMode;
  readonly instructions: string;
  readonly voice: RealtimeVoice;
  readonly outputModality: RealtimeOutputModality;
}

/** A client event, ready to be written as JSON. */
export type ClientEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** Everything that differs between the versions of the wire. Chosen once, when a session starts. */
export interface WireVersion {
  readonly name: 'v1' | 'v2';
  /** The `intent` of the socket's URL. */
  readonly intent: string | null;
  readonly outputModalities: readonly RealtimeOutputModality[];
  readonly decoders: ReadonlyMap<string, EventDecoder>;
  /** The session object of `session.update`, without model and id. */
  session(settings: SessionSettings): Readonly<Record<string, unknown>>;
  /** The text with the mark that tells what the user typed from what the agent reports, where the version has one. */
  markUserText(text: string): string;
  /** What a user typed, as an item of the conversation. No response is asked for. */
  userText(text: string): ClientEvent;
  /** Cuts an assistant's item off at what was played; null where the wire has no such event. */
  truncate(itemId: string, audioEndMs: number): ClientEvent | null;
  /** Answers a tool call; null where the wire has no tools. */
  toolOutput(callId: string, output: string): ClientEvent | null;
  /** Tells the voice model what the agent has said while it works on a call. */
  agentMessage(callId: string, text: string): ClientEvent;
  /** Answers a call that handed work over. */
  handoffOutput(callId: string, text: string): ClientEvent;
  /** Whether the agent's messages are the answer to a call, so that no other follows them. */
  readonly answersByMessages: boolean;
  /** Asks for a response; null where the upstream responds of its own accord. */
  readonly responseCreate: ClientEvent | null;
}
