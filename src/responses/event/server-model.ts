import { objectOf } from '../json.ts';
import type { JsonObject } from '../json.ts';

const NAMES: ReadonlySet<string> = new Set(['openai-model', 'x-openai-model']);

/** The model that an event names in headers: those of its response first, else its own. Null if it names none. */
export function serverModelOf(event: JsonObject): string | null {
  return modelOf(objectOf(event['response'])?.['headers']) ?? modelOf(event['headers']);
}

function modelOf(value: unknown): string | null {
  const headers = objectOf(value);
  if (headers === null) return null;
  for (const [name, told] of Object.entries(headers)) {
    if (!NAMES.has(name.toLowerCase())) continue;
    const model: unknown = Array.isArray(told) ? told[0] : told;
    if (typeof model === 'string') return model;
  }
  return null;
}
