import type { ResponseItem } from './item.ts';
import type { SerializedItem } from './serialize.ts';

const WITH_ID: ReadonlySet<string> = new Set([
  'reasoning',
  'message',
  'web_search_call',
  'function_call',
  'tool_search_call',
  'local_shell_call',
  'custom_tool_call',
]);

/**
 * Puts the server ids back on serialised items, as Azure wants them. Both lists are of the same items in the same
 * order; items that are not sent must have been left out of both.
 */
export function attachItemIds(
  serialized: readonly SerializedItem[],
  items: readonly ResponseItem[],
): SerializedItem[] {
  return serialized.map((item, index) => {
    const source = items[index];
    const id = source !== undefined && WITH_ID.has(source.type) && 'id' in source ? source.id : null;
    return id ? { ...item, id } : item;
  });
}
