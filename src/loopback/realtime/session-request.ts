import * as z from 'zod';
import { invalidRequest } from '../api-error.ts';
import type { ApiProblem } from '../api-error.ts';
import { problemOf } from '../zod-problem.ts';
import type { SessionRequest } from './new-session.ts';
import { sessionUpdate as sessionUpdateV1 } from './v1/client-events.ts';
import { sessionUpdate as sessionUpdateV2 } from './v2/session-schema.ts';

export type SessionRequestOutcome =
  | { readonly ok: true; readonly request: SessionRequest }
  | { readonly ok: false; readonly problem: ApiProblem };

const bodyV1 = z.object({ session: sessionUpdateV1 });
const bodyV2 = z.object({ session: sessionUpdateV2 });

/** Reads the session object with which a client makes a call. Sessions of every kind may name a model there. */
export function readSessionRequest(session: unknown, defaultModel: string): SessionRequestOutcome {
  if (session === undefined) return { ok: true, request: { version: 2, model: defaultModel, update: null } };
  const { model = defaultModel, ...settings } = asRecord(session);
  if (typeof model !== 'string') {
    return {
      ok: false,
      problem: invalidRequest('invalid_type', "'session.model' has to be a string.", 'session.model'),
    };
  }
  const body = { session: asRecord(session) === session ? settings : session };
  if (settings['type'] === 'quicksilver') {
    const result = bodyV1.safeParse(body);
    if (!result.success) return { ok: false, problem: problemOf(result.error, body) };
    return { ok: true, request: { version: 1, model, update: result.data.session } };
  }
  const result = bodyV2.safeParse(body);
  if (!result.success) return { ok: false, problem: problemOf(result.error, body) };
  return { ok: true, request: { version: 2, model, update: result.data.session } };
}

/** The value itself when it is an object, and otherwise an empty one. */
function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}
