export interface TurnMetadataParts {
  /** What is known of the turn, such as `session_id` and `turn_id`; a client cannot replace any of it. */
  readonly base: Readonly<Record<string, unknown>>;
  /** Unix milliseconds; null before the turn has started. */
  readonly turnStartedAtMs: number | null;
  /** What the client wants said besides. */
  readonly clientMetadata: Readonly<Record<string, string>> | null;
}

const STARTED_AT = 'turn_started_at_unix_ms';

/**
 * The text of the metadata that a request carries: one compact JSON object in ASCII. The client's entries are added
 * to what is there, and never stand for a key that is taken or for the start time.
 */
export function turnMetadata({ base, clientMetadata, turnStartedAtMs }: TurnMetadataParts): string {
  const merged = new Map<string, unknown>(Object.entries(base));
  if (turnStartedAtMs !== null) merged.set(STARTED_AT, turnStartedAtMs);
  for (const [key, value] of Object.entries(clientMetadata ?? {})) {
    if (key !== STARTED_AT && !merged.has(key)) merged.set(key, value);
  }
  return asciiJson(Object.fromEntries(merged));
}

/** JSON in which everything but printable ASCII is escaped, so that a header can carry it. */
function asciiJson(value: object): string {
  return JSON.stringify(value).replaceAll(/[\u007f-\uffff]/g, escapeUnit);
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
