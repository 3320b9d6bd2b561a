import { isNestedDeeper } from '../util/nesting.ts';
import { invalidRequest } from './api-error.ts';
import type { ApiProblem } from './api-error.ts';

export type EventObjectOutcome =
  | {
      readonly ok: true;
      readonly value: Readonly<Record<string, unknown>>;
      /** One of the known types. */
      readonly type: string;
      readonly eventId: string | null;
    }
  | { readonly ok: false; readonly problem: ApiProblem; readonly eventId: string | null };

/** Nothing in the API needs more arrays and objects inside one another. */
export const DEEPEST_NESTING = 64;

const LONGEST_EVENT_ID = 512;

/** Reads what all client events have in common: they are JSON objects with a known type, and may have an id. */
export function readEventObject(frame: string, knownTypes: readonly string[]): EventObjectOutcome {
  const parsed = parseJson(frame);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return refused('invalid_event', 'A client event has to be a JSON object in a text frame.', null, null);
  }
  const value = parsed as Readonly<Record<string, unknown>>;
  const { type, event_id: id } = value;
  const eventId = typeof id === 'string' ? id.slice(0, LONGEST_EVENT_ID) : null;
  if (isNestedDeeper(value, DEEPEST_NESTING)) {
    return refused('invalid_event', 'The event is nested too deeply.', null, eventId);
  }
  if (type === undefined)
    return refused('missing_required_parameter', "'type' is required here.", 'type', eventId);
  if (typeof type !== 'string') return refused('invalid_type', "'type' has to be a string.", 'type', eventId);
  if (!knownTypes.includes(type)) {
    return refused('invalid_value', `'type' has to be one of ${knownTypes.join(', ')}.`, 'type', eventId);
  }
  return { ok: true, value, type, eventId };
}

function refused(
  code: string,
  message: string,
  param: string | null,
  eventId: string | null,
): EventObjectOutcome {
  return { ok: false, problem: invalidRequest(code, message, param), eventId };
}

function parseJson(frame: string): unknown {
  try {
    return JSON.parse(frame) as unknown;
  } catch {
    return undefined;
  }
}
