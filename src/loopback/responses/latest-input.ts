import type { InputItem } from './request.ts';

/** What a request is about: the user's last message, or the output of a tool that came after it. */
export type LatestInput =
  | { readonly kind: 'user'; readonly text: string }
  | { readonly kind: 'tool'; readonly name: string | null; readonly output: string }
  | { readonly kind: 'nothing' };

const OUTPUT_TYPES = new Set(['function_call_output', 'custom_tool_call_output']);
const CALL_TYPES = new Set(['function_call', 'custom_tool_call']);

export function latestInput(items: readonly InputItem[]): LatestInput {
  const item = items.findLast(
    (candidate, index) =>
      OUTPUT_TYPES.has(typeOf(candidate)) ||
      (isUserMessage(candidate) && !isAside(candidate, items[index - 1])),
  );
  if (item === undefined) return { kind: 'nothing' };
  if (isUserMessage(item)) return { kind: 'user', text: contentText(item['content']) };
  const call = items.findLast(
    (candidate) => CALL_TYPES.has(typeOf(candidate)) && candidate['call_id'] === item['call_id'],
  );
  const name = call?.['name'];
  return { kind: 'tool', name: typeof name === 'string' ? name : null, output: contentText(item['output']) };
}

/** The type of an item; a message may leave it out. */
function typeOf(item: InputItem): string {
  return typeof item['type'] === 'string' ? item['type'] : 'message';
}

function isUserMessage(item: InputItem): boolean {
  return typeOf(item) === 'message' && item['role'] === 'user';
}

/** What clients put beside the user's words in the user's name: context in tags, and warnings behind outputs. */
function isAside(item: InputItem, before: InputItem | undefined): boolean {
  const text = contentText(item['content']);
  const isWarning = before !== undefined && OUTPUT_TYPES.has(typeOf(before)) && text.startsWith('Warning: ');
  return isWarning || /^\s*<(?:skill|turn_aborted|environment_context)>/u.test(text);
}

/** The text of a content: a string, or the text parts of an array. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map((part) => partText(part)).join('');
}

function partText(part: unknown): string {
  if (typeof part !== 'object' || part === null || !('text' in part)) return '';
  return typeof part.text === 'string' ? part.text : '';
}
