import { RolloutEvent } from './event.ts';
import { payloads } from './line.ts';

const USUAL_EVENT = '"event_msg","payload":{"type":"';
/** Behind a timestamp of 24 characters. */
const USUAL_OFFSET = '{"timestamp":"","type":'.length + 24;
const LONGEST_TYPE = 64;

const KNOWN_EVENTS: ReadonlySet<unknown> = new Set(
  RolloutEvent.def.options.map((event) => event.shape.type.def.values[0]),
);

/** Whether a line that begins as usual tells an event of a type that is not known here, without reading all of it. */
export function isForeignEvent(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', USUAL_OFFSET, USUAL_OFFSET + USUAL_EVENT.length + LONGEST_TYPE);
  if (!start.startsWith(USUAL_EVENT)) return false;
  const end = start.indexOf('"', USUAL_EVENT.length);
  return end !== -1 && !KNOWN_EVENTS.has(start.slice(USUAL_EVENT.length, end));
}

/** Whether a line that could not be decoded is whole, but of a kind that is not known here. */
export function isForeignLine(text: string): boolean {
  const line = objectOf(text);
  const type = line?.['type'];
  if (typeof type !== 'string') return false;
  if (type !== 'event_msg') return !Object.hasOwn(payloads, type);
  const payload = line?.['payload'];
  if (typeof payload !== 'object' || payload === null || !('type' in payload)) return false;
  return typeof payload.type === 'string' && !KNOWN_EVENTS.has(payload.type);
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
