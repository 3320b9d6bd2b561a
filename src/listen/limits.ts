/** What one connection may cost, and how long a client may leave it unread. */
export interface ListenerLimits {
  /** The longest message of a client, in bytes. */
  readonly messageBytes: number;
  /** Connections at once; more are dropped before they are read. */
  readonly connections: number;
  /** How much may wait for a client that does not keep up, in bytes, unless it is becoming less. */
  readonly unsentBytes: number;
  /** How long a client that does not keep up may hold up others, in milliseconds. */
  readonly heldUpMs: number;
  /** How long it may read nothing at all where it holds up nobody, in milliseconds. */
  readonly standstillMs: number;
  /** How often it is looked at, in milliseconds. */
  readonly lookMs: number;
  /** How long a client may take to answer a close before its connection is cut, in milliseconds. */
  readonly closeMs: number;
}

export const LISTENER_LIMITS: ListenerLimits = {
  messageBytes: 16 * 1024 * 1024,
  connections: 256,
  unsentBytes: 64 * 1024 * 1024,
  heldUpMs: 5_000,
  standstillMs: 30_000,
  lookMs: 1_000,
  closeMs: 2_000,
};
