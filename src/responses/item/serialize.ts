import type { ToolOutput } from './content.ts';
import type { ReasoningItem, ResponseItem } from './item.ts';

/** An item as a request carries it; a member that is undefined is not sent. */
export type SerializedItem = { readonly type: string } & Readonly<Record<string, unknown>>;

/**
 * The items as a request carries them. Server ids are left out, except those that are part of an image, and items of
 * unknown types are not sent at all.
 */
export function serializeItems(items: readonly ResponseItem[]): SerializedItem[] {
  const serialized: SerializedItem[] = [];
  for (const item of items) {
    if (item.type !== 'other') serialized.push(serializeItem(item));
  }
  return serialized;
}

function serializeItem(item: Exclude<ResponseItem, { type: 'other' }>): SerializedItem {
  switch (item.type) {
    case 'message':
      return {
        type: item.type,
        role: item.role,
        content: item.content.map(withoutNull),
        phase: item.phase ?? undefined,
      };
    case 'reasoning':
      return serializeReasoning(item);
    case 'function_call_output':
    case 'custom_tool_call_output':
      return { ...withoutNull(item), output: serializeOutput(item.output) };
    case 'local_shell_call': {
      const { id: _, ...call } = item;
      return { ...call, call_id: call.call_id ?? null, action: { ...EMPTY_SHELL_ACTION, ...call.action } };
    }
    case 'tool_search_call': {
      const { id: _, ...call } = item;
      return { ...withoutNull(call), call_id: call.call_id ?? null, arguments: call.arguments ?? null };
    }
    case 'tool_search_output':
      return { ...item, call_id: item.call_id ?? null };
    case 'web_search_call': {
      const { action, status } = item;
      return {
        type: item.type,
        status: status ?? undefined,
        action: action ? withoutNull(action) : undefined,
      };
    }
    case 'image_generation_call':
    case 'compaction':
    case 'context_compaction':
      return withoutNull(item);
    case 'function_call':
    case 'custom_tool_call': {
      const { id: _, ...call } = item;
      return withoutNull(call);
    }
  }
}

const EMPTY_SHELL_ACTION = { timeout_ms: null, working_directory: null, env: null, user: null };

/** Reasoning that was told in a kind the API does not take back is left out; reasoning never told is null. */
function serializeReasoning({ content, encrypted_content, summary, type }: ReasoningItem): SerializedItem {
  const isSendable = content?.some((part) => part.type === 'reasoning_text') === true;
  return {
    type,
    summary,
    content: content === null || content === undefined ? null : isSendable ? content : undefined,
    encrypted_content: encrypted_content ?? null,
  };
}

/** A single part of text is sent as the text alone. */
function serializeOutput(output: ToolOutput): unknown {
  if (typeof output === 'string') return output;
  const [first] = output;
  if (output.length === 1 && first?.type === 'input_text') return first.text;
  return output.map(withoutNull);
}

function withoutNull(value: { readonly type: string }): SerializedItem {
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return { ...Object.fromEntries(entries), type: value.type };
}
