import { objectOf } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { ContentPart } from './content.ts';
import { KnownItem } from './item.ts';
import type { ResponseItem } from './item.ts';

const KNOWN_TYPES: ReadonlySet<string> = new Set(
  KnownItem.def.options.map((item) => item.shape.type.def.values[0]!),
);

/**
 * Reads an item as the API sent it. Null if it is none, or lacks what its type needs; an item of an unknown type is
 * `other`. Never throws.
 */
export function parseItem(value: unknown): ResponseItem | null {
  const item = objectOf(value);
  if (item === null) return null;
  const type = item['type'] === 'compaction_summary' ? 'compaction' : item['type'];
  if (typeof type !== 'string') return null;
  if (!KNOWN_TYPES.has(type)) return { type: 'other', itemType: type };
  const known = KnownItem.safeParse(lenient({ ...item, type }));
  return known.success ? known.data : null;
}

/** A message survives parts and phases that are not known here; a refusal is the text that it is. */
function lenient(item: JsonObject): JsonObject {
  if (item['type'] !== 'message' || !Array.isArray(item['content'])) return item;
  const { phase, ...message } = item;
  const isKnownPhase = phase === 'commentary' || phase === 'final_answer';
  const content = item['content'].flatMap((value: unknown) => {
    const told = objectOf(value);
    const part = told?.['type'] === 'refusal' ? { type: 'output_text', text: told['refusal'] } : told;
    return ContentPart.safeParse(part).success ? [part] : [];
  });
  return { ...message, content, ...(isKnownPhase ? { phase } : {}) };
}
