import type { Outlet } from '../outlet.ts';

/** Where a session sends its events. */
export interface EventOutlet extends Outlet {
  send(event: object): void;
}

/** What a connection needs from a session of either version. It writes to its outlet by itself. */
export interface RealtimeSession {
  /** Says to one client, which has just joined, what the session is. */
  greet(send: (event: object) => void): void;
  receiveText(frame: string): void;
  receiveBinary(): void;
  /** Takes samples that came by another way than in an event. */
  receiveAudio(samples: Uint8Array): void;
  /** Tells the clients that the session is over because it has lasted too long. */
  expire(): void;
  /** Stops everything, without a word. */
  dispose(): void;
}
