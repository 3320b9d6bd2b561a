import type {
  RealtimeServerEvent,
  SessionCreatedEvent,
  SessionUpdatedEvent,
} from 'openai/resources/realtime/realtime';
import type { EffectiveSession } from './session-settings.ts';

type WithoutId<Event> = Event extends unknown ? Omit<Event, 'event_id'> : never;

/** The published types know a session only as a request, without its id and its end; what is sent has both. */
interface SessionEvent {
  readonly type: 'session.created' | 'session.updated';
  readonly session: EffectiveSession;
}

/** What a session sends, but for the event id, which is added when it is sent. Checked against the API's own types. */
export type ServerEvent =
  WithoutId<Exclude<RealtimeServerEvent, SessionCreatedEvent | SessionUpdatedEvent>> | SessionEvent;

export type Emit = (event: ServerEvent) => void;
