import { invalidRequest } from '../api-error.ts';
import type { ApiRefusal } from '../api-error.ts';

export type CallBodyOutcome =
  | {
      readonly ok: true;
      readonly sdp: string;
      /** The session object as it was sent, or undefined when there is none. */
      readonly session: unknown;
    }
  | { readonly ok: false; readonly refusal: ApiRefusal };

/** Reads the body that makes a call: a form with the parts `sdp` and `session`, the bare offer, or both in one JSON object. */
export async function readCallBody(contentType: string, body: Buffer): Promise<CallBodyOutcome> {
  switch (contentType.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/sdp':
      return { ok: true, sdp: body.toString('utf8'), session: undefined };
    case 'application/json':
      return readJson(body.toString('utf8'));
    case 'multipart/form-data':
      return readForm(contentType, body);
    default: {
      const message = 'A call is made with multipart/form-data, application/sdp or application/json.';
      const problem = invalidRequest('unsupported_content_type', message);
      return { ok: false, refusal: { status: 415, problem } };
    }
  }
}

async function readForm(contentType: string, body: Buffer): Promise<CallBodyOutcome> {
  const form = await parseForm(contentType, body);
  if (form === null)
    return refused('invalid_form', 'The body is not the multipart form that its type names.');
  const sdp = await textOf(form, 'sdp');
  if (sdp === null) return missing('sdp');
  const session = await textOf(form, 'session');
  if (session === null) return { ok: true, sdp, session: undefined };
  const parsed = parseJson(session);
  if (parsed === undefined) return refused('invalid_json', "The part 'session' is not JSON.", 'session');
  return { ok: true, sdp, session: parsed };
}

function readJson(text: string): CallBodyOutcome {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused('invalid_json', 'The body has to be a JSON object with sdp and session.');
  }
  const { sdp, session } = value as { sdp?: unknown; session?: unknown };
  if (sdp === undefined) return missing('sdp');
  if (typeof sdp !== 'string') return refused('invalid_type', "'sdp' has to be a string.", 'sdp');
  return { ok: true, sdp, session };
}

async function parseForm(contentType: string, body: Buffer): Promise<FormData | null> {
  try {
    return await new Response(body, { headers: { 'content-type': contentType } }).formData();
  } catch {
    return null;
  }
}

/** A part of a form; one that was sent as a file is as good. */
async function textOf(form: FormData, name: string): Promise<string | null> {
  const part = form.get(name);
  return part === null || typeof part === 'string' ? part : part.text();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function missing(param: string): CallBodyOutcome {
  return refused('missing_required_parameter', `'${param}' is required here.`, param);
}

function refused(code: string, message: string, param: string | null = null): CallBodyOutcome {
  return { ok: false, refusal: { status: 400, problem: invalidRequest(code, message, param) } };
}
