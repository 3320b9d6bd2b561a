import { isNestedDeeper } from '../util/nesting.ts';
import type { EventDecoder, RealtimeEvent, WireEvent } from './events.ts';
import { object } from './fields.ts';

const NOT_JSON: RealtimeEvent = { type: 'ignored', reason: 'notJson' };
const NOT_AN_EVENT: RealtimeEvent = { type: 'ignored', reason: 'notAnEvent' };
const UNKNOWN_TYPE: RealtimeEvent = { type: 'ignored', reason: 'unknownType' };

/** Levels of nesting in a frame; what is nested much deeper overflows the stack when it is written as JSON again. */
const MAX_DEPTH = 128;

/** Decodes one text frame with the decoders of a version. Never throws: what cannot be used is `ignored`. */
export function decodeFrame(frame: string, decoders: ReadonlyMap<string, EventDecoder>): RealtimeEvent {
  let value: unknown;
  try {
    value = JSON.parse(frame);
  } catch {
    return NOT_JSON;
  }
  const event = object(value);
  if (event === null || typeof event['type'] !== 'string') return NOT_AN_EVENT;
  if (isNestedDeeper(event, MAX_DEPTH)) return NOT_AN_EVENT;
  const decode = decoders.get(event['type']);
  return decode === undefined ? UNKNOWN_TYPE : decode(event as WireEvent);
}
