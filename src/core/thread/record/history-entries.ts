import { serializeItems } from '../../../responses/index.ts';
import type { ResponseItem } from '../../../responses/index.ts';
import { messagePreview } from '../../rollout/index.ts';
import type { RolloutEntry } from '../../rollout/index.ts';
import { isUserMessage, messageText } from '../../turn/compaction.ts';

/** A history as it is kept: each item, and for what was said the event that shows it. */
export function historyEntries(items: readonly ResponseItem[]): RolloutEntry[] {
  return items.flatMap((item) => [
    ...serializeItems([item]).map((payload) => ({ type: 'response_item' as const, payload })),
    ...saidEntries(item),
  ]);
}

export function previewOfHistory(items: readonly ResponseItem[]): string {
  const first = items.find(isUserMessage);
  return first === undefined ? '' : messagePreview(messageText(first));
}

function saidEntries(item: ResponseItem): RolloutEntry[] {
  if (item.type !== 'message') return [];
  const message = messageText(item);
  if (item.role === 'assistant' && message !== '') {
    const payload = { type: 'agent_message' as const, message, phase: null, memory_citation: null };
    return [{ type: 'event_msg', payload }];
  }
  if (!isUserMessage(item)) return [];
  const payload = { type: 'user_message' as const, message, images: [], local_images: [], text_elements: [] };
  return [{ type: 'event_msg', payload }];
}
