import type { ResponseItem } from '../../responses/index.ts';

/**
 * What a tool call is answered with; null for an item that is no call. No tool is offered to the model, so a call names
 * one that does not exist, and is told so.
 */
export function toolCallOutput(item: ResponseItem): ResponseItem | null {
  switch (item.type) {
    case 'function_call':
      return { type: 'function_call_output', call_id: item.call_id, output: unsupported(item.name) };
    case 'custom_tool_call':
      return {
        type: 'custom_tool_call_output',
        call_id: item.call_id,
        output: `unsupported custom tool call: ${item.name}`,
      };
    case 'local_shell_call':
      if (typeof item.call_id !== 'string') return null;
      return { type: 'function_call_output', call_id: item.call_id, output: unsupported('local_shell') };
    default:
      return null;
  }
}

function unsupported(name: string): string {
  return `unsupported call: ${name}`;
}
