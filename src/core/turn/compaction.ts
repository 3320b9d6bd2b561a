import type { MessageItem, ResponseItem } from '../../responses/index.ts';
import { textTokens, truncated } from '../../util/text-budget.ts';
import { callOf, estimatedTokens, outputOf } from './history.ts';
import { WARNING_MARKS } from './model-warnings.ts';
import { assistantText } from './stream/stream-items.ts';

/** What the model is asked for where the provider cannot compact by itself, unless `compact_prompt` says otherwise. */
export const COMPACT_PROMPT = `The conversation is about to be cut short to free room in your context window. Write a \
summary from which somebody else could go on with the work: the goal, what was decided and why, what has been done, \
what is left, and the files, names and facts that matter. Leave out what no longer matters. Write only the summary.`;

/** Stands before a summary in the history, so that it is told apart from what the user said. */
const SUMMARY_PREFIX = `The conversation before this point was summarised to free room. Another model worked on it; \
build on what it did and do not repeat it. This is the summary:`;

const NO_SUMMARY = '(no summary available)';

/** How much of the user's own messages is kept beside the summary, in estimated tokens. */
const KEPT_USER_TOKENS = 20_000;

/** Texts of the user's role that this program adds itself. */
const CONTEXT_MARKS: readonly (readonly [start: string, end: string])[] = [
  ['# agents.md instructions for ', '</instructions>'],
  ['<environment_context>', '</environment_context>'],
  ['<turn_aborted>', '</turn_aborted>'],
  ['<user_shell_command>', '</user_shell_command>'],
  ['<skill>', '</skill>'],
  ['<subagent_notification>', '</subagent_notification>'],
  ['<hook_prompt', '</hook_prompt>'],
  ...WARNING_MARKS,
];

/**
 * Whether an item is something that the user said, and not context or an earlier summary. A message is context as soon as one
 * of its parts is.
 */
export function isUserMessage(item: ResponseItem): item is MessageItem {
  if (item.type !== 'message' || item.role !== 'user') return false;
  if (messageText(item).trim().toLowerCase().startsWith(SUMMARY_PREFIX.toLowerCase())) return false;
  return !item.content.some((part) => part.type !== 'input_image' && isContext(part.text));
}

function isContext(words: string): boolean {
  const text = words.trim().toLowerCase();
  return CONTEXT_MARKS.some(
    ([start, end]) => text.startsWith(start.toLowerCase()) && text.endsWith(end.toLowerCase()),
  );
}

/** All texts of a message, one a line. */
export function messageText(item: MessageItem): string {
  return item.content.flatMap((part) => (part.type === 'input_image' ? [] : [part.text])).join('\n');
}

export function userText(text: string): MessageItem {
  return { type: 'message', role: 'user', content: [{ type: 'input_text', text }] };
}

/** The summary that a model wrote, marked as one. */
export function summaryOf(response: readonly ResponseItem[]): string {
  const summary = response.findLast(
    (item): item is MessageItem => item.type === 'message' && item.role === 'assistant',
  );
  const text = summary === undefined ? '' : assistantText(summary).trim();
  return `${SUMMARY_PREFIX}\n${text || NO_SUMMARY}`;
}

/** The history after a local compaction: the user's latest messages, and the summary. */
export function summarizedHistory(before: readonly ResponseItem[], summary: string): ResponseItem[] {
  return [...latestUserMessages(before), userText(summary)];
}

function latestUserMessages(items: readonly ResponseItem[]): MessageItem[] {
  const kept: MessageItem[] = [];
  let room = KEPT_USER_TOKENS;
  for (const item of items.filter(isUserMessage).toReversed()) {
    if (room <= 0) break;
    const text = messageText(item);
    kept.push(userText(truncated(text, room)));
    room -= textTokens(text);
  }
  return kept.toReversed();
}

/** What is kept of a history that the provider compacted: what both sides said, and what stands for the rest. */
export function compactedHistory(items: readonly ResponseItem[]): ResponseItem[] {
  return items.filter(
    (item) =>
      item.type === 'compaction' ||
      (item.type === 'message' && item.role === 'assistant') ||
      isUserMessage(item),
  );
}

/** Puts context messages before the last thing that the user said, else before what stands for the history. */
export function withContext(
  items: readonly ResponseItem[],
  context: readonly ResponseItem[],
): ResponseItem[] {
  const lastUser = items.findLastIndex(isUserMessage);
  const lastSummary = items.findLastIndex(
    (item) => item.type === 'compaction' || (item.type === 'message' && item.role === 'user'),
  );
  const at = lastUser !== -1 ? lastUser : lastSummary === -1 ? items.length : lastSummary;
  return [...items.slice(0, at), ...context, ...items.slice(at)];
}

/**
 * The tokens of the items after the last one that the model made: what the last response's usage does not count yet.
 * The first `counted` items are counted in any case.
 */
export function tokensSinceResponse(items: readonly ResponseItem[], counted: number): number {
  const last = items.findLastIndex(
    (item) => !item.type.endsWith('_output') && !(item.type === 'message' && item.role !== 'assistant'),
  );
  return items.slice(Math.max(last + 1, counted)).reduce((total, item) => total + estimatedTokens(item), 0);
}

/** The tokens of encrypted reasoning before the user's last message, which a usage need not count. */
export function earlierReasoningTokens(items: readonly ResponseItem[]): number {
  const earlier = items.slice(0, Math.max(items.findLastIndex(isUserMessage), 0));
  return earlier
    .filter((item) => item.type === 'reasoning' && typeof item.encrypted_content === 'string')
    .reduce((total, item) => total + estimatedTokens(item), 0);
}

/**
 * Items that fit a number of tokens as far as leaving out helps: outputs of tools, each with its call, and developer messages go
 * from the end.
 */
export function trimmedToFit(items: readonly ResponseItem[], most: number): ResponseItem[] {
  const kept = [...items];
  let tokens = kept.reduce((total, item) => total + estimatedTokens(item), 0);
  for (let last = kept.at(-1); tokens > most && last !== undefined; last = kept.at(-1)) {
    const callId = outputOf(last);
    if (callId === null && !(last.type === 'message' && last.role === 'developer')) break;
    const call = callId === null ? -1 : kept.findLastIndex((item) => callOf(item) === callId);
    const dropped = [...kept.splice(-1), ...(call === -1 ? [] : kept.splice(call, 1))];
    tokens -= dropped.reduce((total, item) => total + estimatedTokens(item), 0);
  }
  return kept;
}
