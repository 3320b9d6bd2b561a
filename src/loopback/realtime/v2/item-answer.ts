import { echoAnswer, wordsAnswer } from '../answer.ts';
import type { Answer } from '../answer.ts';
import { interpretText } from '../typed-text.ts';
import { ITEM_GONE, missingToolText, outcomeText, SELF_DESCRIPTION, typedText } from '../wording.ts';
import type { Conversation, ConversationEntry } from './conversation.ts';
import { itemText } from './items.ts';
import type { InputTokens } from './response-run.ts';
import { INPUT_MS_PER_TOKEN } from './response-run.ts';
import type { Tool, ToolChoice } from './session-schema.ts';

/** The tools that a response may call. */
export interface OfferedTools {
  readonly tools: readonly Tool[];
  readonly choice: ToolChoice;
}

/** What the loopback answers to an item of the conversation; null is one that is gone. */
export function answerTo(
  entry: ConversationEntry | null,
  conversation: Conversation,
  offered: OfferedTools,
): Answer {
  if (entry === null) return wordsAnswer(ITEM_GONE);
  const { item, audio, facts } = entry;
  if (item.type === 'function_call_output') {
    return wordsAnswer(outcomeText(reportsSince(item.call_id, conversation), item.output));
  }
  const text = itemText(item);
  if (text === '' && audio !== null && facts !== null) return echoAnswer(audio, facts);
  if (item.type !== 'message' || item.role !== 'user') return wordsAnswer(SELF_DESCRIPTION);
  const typed = interpretText(text);
  switch (typed.kind) {
    case 'say':
      return wordsAnswer(typedText(typed.text));
    case 'agent':
      return call('background_agent', typed.prompt === '' ? {} : { prompt: typed.prompt }, offered);
    case 'silent':
      return call('remain_silent', {}, offered);
    case 'report':
      return wordsAnswer(outcomeText([typed.text], ''));
  }
}

/** Whether an item that a client created is answered by itself, on demand only, or not at all. */
export function answeringOf(
  { item, audio }: ConversationEntry,
  conversation: Conversation,
): 'by itself' | 'on demand' | 'never' {
  if (item.type === 'function_call_output') {
    const isEmpty = item.output.trim() === '' && reportsSince(item.call_id, conversation).length === 0;
    return isEmpty ? 'never' : 'on demand';
  }
  if (item.type !== 'message' || item.role !== 'user') return 'never';
  const text = itemText(item);
  if (text === '' && audio !== null) return 'on demand';
  return interpretText(text).kind === 'report' ? 'never' : 'by itself';
}

/** The size of what is answered, for the usage. */
export function inputTokensOf(entry: ConversationEntry | null): InputTokens {
  if (entry === null) return { text: 0, audio: 0 };
  const words = itemText(entry.item)
    .split(/\s+/)
    .filter((word) => word !== '');
  return { text: words.length, audio: Math.ceil((entry.facts?.spokenMs ?? 0) / INPUT_MS_PER_TOKEN) };
}

function call(name: string, callArguments: object, { tools, choice }: OfferedTools): Answer {
  const isOffered = choice !== 'none' && tools.some((tool) => tool.name === name);
  if (!isOffered) return wordsAnswer(missingToolText(name));
  return { kind: 'call', name, arguments: JSON.stringify(callArguments) };
}

/** What the background agent reported since a call was made. */
function reportsSince(callId: string, conversation: Conversation): string[] {
  return (conversation.itemsAfterCall(callId) ?? []).flatMap((item) => {
    const typed = interpretText(itemText(item));
    return typed.kind === 'report' ? [typed.text] : [];
  });
}
