import type { ResponseItem } from '../../responses/index.ts';
import { JSON_TOOLS, linesOfJson } from '../tools/index.ts';

/**
 * The items as models read them that are offered the patch tool for free text: outputs that are kept as JSON become lines. The
 * same items always become the same lines.
 */
export function withReadableOutputs(items: readonly ResponseItem[]): ResponseItem[] {
  const calls = new Set<string>();
  return items.map((item) => {
    const call = jsonCallOf(item);
    if (call !== null) calls.add(call);
    if (item.type !== 'function_call_output' && item.type !== 'custom_tool_call_output') return item;
    const text = calls.delete(item.call_id) ? linesOfJson(item.output) : null;
    return text === null ? item : { ...item, output: text };
  });
}

function jsonCallOf(item: ResponseItem): string | null {
  switch (item.type) {
    case 'function_call':
      return JSON_TOOLS.has(item.name) ? item.call_id : null;
    case 'custom_tool_call':
      return item.name === 'apply_patch' ? item.call_id : null;
    case 'local_shell_call':
      return item.call_id ?? item.id ?? null;
    default:
      return null;
  }
}
