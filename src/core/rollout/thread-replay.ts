import type { ThreadTokenUsage, Turn } from '../../protocol/index.ts';
import type { RolloutEvent, RolloutEventOf, StoredUsage } from './event.ts';
import { latestMeta } from './latest-meta.ts';
import type { RolloutEntry, SessionMeta, StoredTurnContext } from './line.ts';
import { messagePreview } from './preview.ts';
import type { PendingUtterance, StoredThreadUsage } from './replay-state.ts';
import { ReplayStates } from './replay-state.ts';
import type { LineEffect, LinePosition, StoredUtterance } from './turn-list.ts';
import { TurnList } from './turn-list.ts';

/** A part of a file, in bytes, `end` exclusive. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** Which lines of a file make the model's history. */
export interface HistorySpan {
  readonly start: number;
  /** Nothing behind it was there when the thread was read. */
  readonly end: number;
  /** What was rolled back, in order. */
  readonly dropped: readonly FileRange[];
}

/** A thread as its file tells it. */
export interface StoredThread {
  readonly meta: SessionMeta;
  /** From an event that earlier generations wrote. */
  readonly name: string | null;
  /** The first thing that the user said, whether it was rolled back or not. */
  readonly preview: string;
  /** A turn that is still open in the file is `inProgress`; see `settled`. */
  readonly turns: Turn[];
  /** The last known use of tokens, with the turn in which it was told. */
  readonly usage: StoredThreadUsage | null;
  /** What held for the last turn that has a user message. */
  readonly settings: StoredTurnContext | null;
  /** What was said on a call since the last `turn_context`. */
  readonly pendingUtterances: StoredUtterance[];
  /** How often the model's history was replaced. */
  readonly compactions: number;
  /** Whether the history was replaced after the last `turn_context`. */
  readonly isContextStale: boolean;
  readonly history: HistorySpan;
  /** Lines that are damaged. Lines of unknown kinds and items of the history do not count. */
  readonly skippedLines: number;
}

/** A `turn_context` that holds once its turn has a user message. */
interface UnconfirmedSettings {
  /** Null where no turn was open. */
  readonly turnId: string | null;
  readonly settings: StoredTurnContext;
}

/** Rebuilds a thread from the lines of its file, given in order. */
export class ThreadReplay {
  readonly turnList: TurnList;
  readonly #states = new ReplayStates();
  readonly #dropped: FileRange[] = [];
  #meta: SessionMeta | null = null;
  #name: string | null = null;
  #preview = '';
  #unconfirmed: UnconfirmedSettings | null = null;

  constructor(options: { readonly keepsItems: boolean }) {
    this.turnList = new TurnList(options);
  }

  add(entry: RolloutEntry, at: LinePosition): void {
    const effect = this.turnList.add(entry, at);
    if (entry.type === 'session_meta') this.#addMeta(entry.payload);
    else if (entry.type === 'turn_context') this.#addContext(entry.payload);
    else if (entry.type === 'event_msg') this.#addEvent(entry.payload, effect, at);
    else if (entry.type === 'compacted') {
      const { compactions, historyStart } = this.#states.current;
      const isWhole = Array.isArray(entry.payload.replacement_history);
      this.#change({
        compactions: compactions + 1,
        isContextStale: true,
        historyStart: isWhole ? at.offset : historyStart,
      });
    }
  }

  /** What the lines tell, null where none of them says what the thread is. `end` is where reading ended. */
  result(end: number, skippedLines: number): StoredThread | null {
    if (this.#meta === null) return null;
    const { usage, settings, pending, compactions, isContextStale, historyStart } = this.#states.current;
    return {
      meta: this.#meta,
      name: this.#name,
      preview: this.#preview,
      turns: this.turnList.turns,
      usage,
      settings,
      pendingUtterances: inOrder(pending),
      compactions,
      isContextStale,
      history: { start: historyStart ?? 0, end, dropped: this.#dropped },
      skippedLines,
    };
  }

  #addMeta(meta: SessionMeta): void {
    this.#meta = this.#meta === null ? meta : latestMeta(this.#meta, meta);
  }

  #addContext(settings: StoredTurnContext): void {
    this.#change({ pending: null, isContextStale: false });
    const { open } = this.turnList;
    const turnId = settings.turn_id ?? null;
    if (open?.isExplicit === true && turnId !== null && turnId !== open.id) return;
    if (open?.hasUserMessage === true) this.#change({ settings });
    else this.#unconfirmed = { turnId: open?.id ?? null, settings };
  }

  #addEvent(event: RolloutEvent, { droppedFrom, utterance }: LineEffect, at: LinePosition): void {
    if (droppedFrom !== null) this.#rollBack(droppedFrom, at.offset);
    if (utterance !== null) this.#change({ pending: { utterance, before: this.#states.current.pending } });
    if (event.type === 'user_message') this.#addUserMessage(event, utterance !== null);
    else if (event.type === 'token_count') this.#addUsage(event);
    else if (event.type === 'thread_name_updated') this.#addName(event);
  }

  #addUserMessage(event: RolloutEventOf<'user_message'>, wasSpoken: boolean): void {
    if (this.#preview === '') this.#preview = messagePreview(event.message);
    const { open } = this.turnList;
    const unconfirmed = this.#unconfirmed;
    this.#unconfirmed = null;
    if (unconfirmed === null || open === null) return;
    const belongs =
      unconfirmed.turnId === null ? !open.isExplicit && !wasSpoken : unconfirmed.turnId === open.id;
    if (belongs) this.#change({ settings: unconfirmed.settings });
  }

  #addUsage({ info }: RolloutEventOf<'token_count'>): void {
    const turnId = this.turnList.latest?.id;
    if (info === null || info === undefined || turnId === undefined) return;
    const usage: ThreadTokenUsage = {
      total: breakdown(info.total_token_usage),
      last: breakdown(info.last_token_usage),
      modelContextWindow: info.model_context_window ?? null,
    };
    this.#change({ usage: { turnId, usage } });
  }

  /** A fork does not take over the name of its source. */
  #addName({ thread_id: threadId, thread_name: name }: RolloutEventOf<'thread_name_updated'>): void {
    if (typeof threadId !== 'string' || threadId === this.#meta?.id) this.#name = name ?? null;
  }

  #rollBack(start: number, end: number): void {
    this.#states.rollBack(start);
    this.#unconfirmed = null;
    while ((this.#dropped.at(-1)?.start ?? -1) >= start) this.#dropped.pop();
    this.#dropped.push({ start, end });
  }

  #change(changes: Parameters<ReplayStates['change']>[1]): void {
    this.#states.change(this.turnList.latest?.start ?? null, changes);
  }
}

function inOrder(latest: PendingUtterance | null): StoredUtterance[] {
  const utterances: StoredUtterance[] = [];
  for (let pending = latest; pending !== null; pending = pending.before) utterances.push(pending.utterance);
  return utterances.toReversed();
}

function breakdown(usage: StoredUsage): ThreadTokenUsage['total'] {
  return {
    totalTokens: usage.total_tokens,
    inputTokens: usage.input_tokens,
    cachedInputTokens: usage.cached_input_tokens,
    outputTokens: usage.output_tokens,
    reasoningOutputTokens: usage.reasoning_output_tokens,
  };
}
