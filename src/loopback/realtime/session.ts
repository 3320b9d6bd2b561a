/** What a connection needs from a session of either version. It writes to its socket by itself. */
export interface RealtimeSession {
  /** Called once, when the socket is open. */
  start(): void;
  receiveText(frame: string): void;
  receiveBinary(): void;
  /** Tells the client that the session is over because it has lasted too long. */
  expire(): void;
  /** Stops everything, without a word. */
  dispose(): void;
}
