import type { z } from 'zod';
import { invalidRequest } from './api-error.ts';
import type { ApiProblem } from './api-error.ts';

/** The first thing a schema found wrong with `input`, under the codes the API uses for it. */
export function problemOf(error: z.ZodError, input: unknown): ApiProblem {
  const issue = error.issues[0];
  if (issue === undefined) return invalidRequest('invalid_value', 'The event is not valid.');
  if (issue.code === 'unrecognized_keys') {
    const param = pathText([...issue.path, issue.keys[0] ?? '']);
    return invalidRequest('unknown_parameter', `The API has no parameter '${param}'.`, param);
  }
  const param = pathText(issue.path) || null;
  if (valueAt(input, issue.path) === undefined) {
    return invalidRequest('missing_required_parameter', `'${param}' is required here.`, param);
  }
  const code = issue.code === 'invalid_type' ? 'invalid_type' : 'invalid_value';
  return invalidRequest(code, `'${param ?? 'the body'}' cannot be used: ${issue.message}.`, param);
}

const LONGEST_PATH = 200;

/** Writes a path as the API does: `session.tools[0].name`. Names that a client made up are kept short. */
function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += text === '' ? String(key) : `.${String(key)}`;
  }
  return text.length > LONGEST_PATH ? `${text.slice(0, LONGEST_PATH)}…` : text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}
