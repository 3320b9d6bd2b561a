import type { ThreadItem } from '../../../protocol/index.ts';
import type { ResponseItem } from '../../../responses/index.ts';
import { MessageStream } from './message-stream.ts';
import type { ResponseEventOf } from './response-event.ts';
import type { TurnReporter } from '../turn-reporter.ts';

/**
 * Tells the items of one response as they come in: started, their deltas, completed. An item that the API gives no id
 * keeps the one it was started with.
 */
export class StreamItems {
  readonly #reporter: TurnReporter;
  readonly #newId: () => string;
  readonly #planId: string | null;
  #active: { readonly id: string; readonly type: ThreadItem['type'] } | null = null;
  /** The message that is coming in. */
  #message: MessageStream | null = null;

  /** `planId` is the id of the plan's item, null outside of plan mode. */
  constructor(reporter: TurnReporter, newId: () => string, planId: string | null) {
    this.#reporter = reporter;
    this.#newId = newId;
    this.#planId = planId;
  }

  added(item: ResponseItem): void {
    const started = threadItem(item, itemId(item) ?? this.#newId());
    if (started === null) return;
    this.#active = { id: started.id, type: started.type };
    if (started.type === 'agentMessage') {
      this.#message = new MessageStream(this.#reporter, started, this.#planId);
      this.#message.push(started.text);
    } else this.#reporter.itemStarted(started);
  }

  done(item: ResponseItem): void {
    const active = this.#active;
    const id = itemId(item) ?? active?.id ?? this.#newId();
    const completed = threadItem(item, id);
    if (completed === null) return;
    this.#active = null;
    const isOpen = active?.id === id && active.type === completed.type;
    if (completed.type === 'agentMessage') {
      const message = isOpen ? this.#message : null;
      (message ?? new MessageStream(this.#reporter, completed, this.#planId)).complete(completed);
      this.#message = null;
      return;
    }
    if (!isOpen) this.#reporter.itemStarted(completed);
    this.#reporter.itemCompleted(completed);
  }

  textDelta({ delta }: ResponseEventOf<'textDelta'>): void {
    if (this.#active?.type === 'agentMessage') this.#message?.push(delta);
  }

  reasoningSummaryPartAdded({ summaryIndex }: ResponseEventOf<'reasoningSummaryPartAdded'>): void {
    if (this.#active?.type === 'reasoning')
      this.#reporter.reasoningSummaryPart(this.#active.id, summaryIndex);
  }

  reasoningSummaryDelta({ delta, summaryIndex }: ResponseEventOf<'reasoningSummaryDelta'>): void {
    if (this.#active?.type !== 'reasoning') return;
    this.#reporter.reasoningSummaryDelta(this.#active.id, summaryIndex, delta);
  }

  reasoningTextDelta({ contentIndex, delta }: ResponseEventOf<'reasoningTextDelta'>): void {
    if (this.#active?.type === 'reasoning')
      this.#reporter.reasoningDelta(this.#active.id, contentIndex, delta);
  }
}

function itemId(item: ResponseItem): string | null {
  return 'id' in item && typeof item.id === 'string' && item.id !== '' ? item.id : null;
}

/** The item as clients see it; null for items that clients are not shown. */
function threadItem(item: ResponseItem, id: string): ThreadItem | null {
  switch (item.type) {
    case 'message':
      if (item.role !== 'assistant') return null;
      return {
        type: 'agentMessage',
        id,
        text: assistantText(item),
        phase: item.phase ?? null,
        memoryCitation: null,
      };
    case 'reasoning':
      return {
        type: 'reasoning',
        id,
        summary: item.summary.map(({ text }) => text),
        content: (item.content ?? []).map(({ text }) => text),
      };
    case 'web_search_call':
      return {
        type: 'webSearch',
        id,
        query: searchedFor(item.action ?? null),
        action: webSearchAction(item.action ?? null),
      };
    case 'image_generation_call':
      return {
        type: 'imageGeneration',
        id,
        status: item.status,
        revisedPrompt: item.revised_prompt ?? null,
        result: item.result,
      };
    default:
      return null;
  }
}

/** The text of an assistant's message, all parts in order. */
export function assistantText(item: Extract<ResponseItem, { type: 'message' }>): string {
  return item.content.map((part) => (part.type === 'input_image' ? '' : part.text)).join('');
}

type SearchCall = Extract<ResponseItem, { type: 'web_search_call' }>;
type SearchAction = NonNullable<SearchCall['action']>;
type WebSearchAction = Extract<ThreadItem, { type: 'webSearch' }>['action'];

/** What was searched for, in a line for people; empty while it is not known. */
function searchedFor(action: SearchAction | null): string {
  if (action === null) return '';
  const { pattern, queries, query, type, url } = action;
  switch (type) {
    case 'open_page':
      return url ?? '';
    case 'find_in_page':
      return pattern == null ? (url ?? '') : [`'${pattern}'`, ...(url == null ? [] : [url])].join(' in ');
    default: {
      if (query != null && query !== '') return query;
      const [first = '', ...more] = queries ?? [];
      return more.length === 0 ? first : `${first} ...`;
    }
  }
}

function webSearchAction(action: SearchAction | null): WebSearchAction {
  switch (action?.type) {
    case 'search':
      return { type: 'search', query: action.query ?? null, queries: action.queries ?? null };
    case 'open_page':
      return { type: 'openPage', url: action.url ?? null };
    case 'find_in_page':
      return { type: 'findInPage', url: action.url ?? null, pattern: action.pattern ?? null };
    default:
      return { type: 'other' };
  }
}
