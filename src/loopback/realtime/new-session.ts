import type { LoopbackContext } from '../context.ts';
import type { EventOutlet, RealtimeSession } from './session.ts';
import type { SessionUpdate as SessionUpdateV1 } from './v1/client-events.ts';
import { SessionV1 } from './v1/session.ts';
import type { SessionUpdate as SessionUpdateV2 } from './v2/session-schema.ts';
import { SessionV2 } from './v2/session.ts';
import type { VoiceOutput } from './voice-output.ts';

/** What a client asked for when it made a session; without an update it gets the defaults. */
export type SessionRequest = {
  /** Nothing depends on the model; the session says it back. */
  readonly model: string;
} & (
  | { readonly version: 1; readonly update: SessionUpdateV1 | null }
  | { readonly version: 2; readonly update: SessionUpdateV2 | null }
);

export interface SessionSurroundings {
  readonly outlet: EventOutlet;
  readonly context: LoopbackContext;
  readonly id: string;
  /** In milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  /** Where answers play; null sends their audio in events. */
  readonly voice: VoiceOutput | null;
}

/** How long a session may last, as in the API. */
export const LONGEST_SESSION_MS = 60 * 60 * 1000;

/** Makes a session of the version that was asked for. */
export function newSession(request: SessionRequest, surroundings: SessionSurroundings): RealtimeSession {
  const { outlet, context, id, voice } = surroundings;
  if (request.version === 1) return new SessionV1({ outlet, context, id, voice, update: request.update });
  return new SessionV2({ ...surroundings, model: request.model, update: request.update });
}
