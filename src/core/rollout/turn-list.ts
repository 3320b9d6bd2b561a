import type { ThreadItem, Turn } from '../../protocol/index.ts';
import type { RolloutEvent, RolloutEventOf } from './event.ts';
import type { RolloutEntry, StoredThreadItem } from './line.ts';
import { agentMessage, carriesUserMessage, completedPlan, reviewText, userContent } from './stored-item.ts';
import { TurnRecord } from './turn-record.ts';

/** Where a line stands in its file. */
export interface LinePosition {
  /** The number of lines before it. */
  readonly index: number;
  /** In bytes. */
  readonly offset: number;
}

/** Something that was said on a call. */
export interface StoredUtterance {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** What a line did beside changing the turns. */
export interface LineEffect {
  /** A rollback: the byte at which the first turn began that it dropped. Null where none was. */
  readonly droppedFrom: number | null;
  readonly utterance: StoredUtterance | null;
}

/** What there is to know of a turn beside what clients see. */
export interface TurnSummary {
  readonly id: string;
  /** The byte of the file at which it begins. */
  readonly start: number;
  /** Whether an event opened it, and not merely something that belongs into a turn. */
  readonly isExplicit: boolean;
  readonly hasUserMessage: boolean;
}

export interface TurnListOptions {
  /** Without items, turns are `notLoaded`. */
  readonly keepsItems: boolean;
}

const NO_EFFECT: LineEffect = { droppedFrom: null, utterance: null };

/** Gives its id to the item of the event that follows directly. */
interface Announcement {
  readonly id: string;
  /** The turn that has to be open. Null for any. */
  readonly turnId: string | null;
  /** Who has to say it. Null where it may be anything. */
  readonly role: StoredUtterance['role'] | null;
  readonly offset: number;
}

/** A response item that may be what the model was given for the user message behind it. */
interface Carrier {
  readonly offset: number;
  readonly read: () => unknown;
}

/** A line with what the lines directly before it have to say about it. */
interface PlacedLine {
  readonly at: LinePosition;
  readonly announced: Announcement | null;
  readonly carrier: Carrier | null;
}

/**
 * Rebuilds turns from the lines of a rollout file, given in order. At most one turn is open at a time. Items are counted
 * through the thread as `item-1`, `item-2`, unless a line of this program's own gives the id.
 */
export class TurnList {
  readonly #keepsItems: boolean;
  readonly #closed: TurnRecord[] = [];
  readonly #closedById = new Map<string, TurnRecord>();
  #open: TurnRecord | null = null;
  #nextItem = 1;
  #itemCount = 0;
  #announced: Announcement | null = null;
  #carrier: Carrier | null = null;

  constructor(options: TurnListOptions) {
    this.#keepsItems = options.keepsItems;
  }

  /** The turns so far, in order; one that is still open is the last. The objects are the list's own. */
  get turns(): Turn[] {
    const records = this.#open === null || this.#open.isVoid ? this.#closed : [...this.#closed, this.#open];
    return records.map((record) => record.view);
  }

  get open(): TurnSummary | null {
    return this.#open;
  }

  /** The open turn, else the one that was closed last. */
  get latest(): TurnSummary | null {
    return this.#open ?? this.#closed.at(-1) ?? null;
  }

  add(entry: RolloutEntry, at: LinePosition): LineEffect {
    const line: PlacedLine = { at, announced: this.#announced, carrier: this.#carrier };
    switch (entry.type) {
      case 'event_msg':
        this.skip();
        return this.#addEvent(entry.payload, accepted(line, entry.payload));
      case 'response_item':
        this.addResponseItem(at.offset, () => entry.payload);
        return NO_EFFECT;
      case 'utterance':
        this.#announced = { ...entry.payload, turnId: null, offset: at.offset };
        return NO_EFFECT;
      case 'thread_item':
        this.#announced = null;
        this.#addThreadItem(entry.payload, at.offset);
        return NO_EFFECT;
      case 'turn_failed':
        this.skip();
        this.#find(entry.payload.turn_id)?.fail(entry.payload.error);
        return NO_EFFECT;
      case 'compacted':
        this.skip();
        this.#ensureTurn(line, at.offset).hasCompaction = true;
        return NO_EFFECT;
      case 'session_meta':
      case 'turn_context':
      case 'refused_images':
        this.skip();
        return NO_EFFECT;
    }
  }

  /** Takes note of a response item, which is read only if it matters whether it carries the next user message. */
  addResponseItem(offset: number, read: () => unknown): void {
    this.#carrier = { offset, read };
  }

  /** A line stands there that changes no turn: what was announced does not hold beyond it. */
  skip(): void {
    this.#announced = null;
    this.#carrier = null;
  }

  #addEvent(event: RolloutEvent, line: PlacedLine): LineEffect {
    switch (event.type) {
      case 'task_started':
      case 'turn_started':
        this.#close();
        this.#open = new TurnRecord({
          id: event.turn_id,
          start: line.at.offset,
          isExplicit: true,
          keepsItems: this.#keepsItems,
          startedAt: event.started_at ?? null,
        });
        return NO_EFFECT;
      case 'task_complete':
      case 'turn_complete':
        this.#complete(event);
        return NO_EFFECT;
      case 'turn_aborted':
        this.#findOrOpen(event.turn_id)?.abort(event);
        return NO_EFFECT;
      case 'user_message':
        return this.#addUserMessage(event, line);
      case 'agent_message':
        return event.message === '' ? NO_EFFECT : this.#addAgentMessage(event, line);
      case 'agent_reasoning':
        this.#addReasoning('summary', event.text, line);
        return NO_EFFECT;
      case 'agent_reasoning_raw_content':
        this.#addReasoning('content', event.text, line);
        return NO_EFFECT;
      case 'context_compacted':
        this.#addItem(line, (id) => ({ type: 'contextCompaction', id }));
        return NO_EFFECT;
      case 'entered_review_mode':
        this.#addItem(line, (id) => ({
          type: 'enteredReviewMode',
          id,
          review: event.user_facing_hint ?? 'code review',
        }));
        return NO_EFFECT;
      case 'exited_review_mode':
        this.#addItem(line, (id) => ({
          type: 'exitedReviewMode',
          id,
          review: reviewText(event.review_output),
        }));
        return NO_EFFECT;
      case 'item_completed': {
        const plan = completedPlan(event.item);
        if (plan !== null) this.#put(this.#find(event.turn_id), plan);
        return NO_EFFECT;
      }
      case 'thread_rolled_back':
        return { droppedFrom: this.#rollBack(event.num_turns), utterance: null };
      case 'token_count':
      case 'thread_name_updated':
        return NO_EFFECT;
    }
  }

  #addUserMessage(event: RolloutEventOf<'user_message'>, line: PlacedLine): LineEffect {
    this.#closeBeforeUtterance(line);
    const open = this.#open;
    if (open !== null && !open.isExplicit && !(open.hasCompaction && open.itemCount === 0)) this.#close();
    const { carrier } = line;
    const isCarried =
      this.#open === null && carrier !== null && carriesUserMessage(carrier.read(), event.message);
    const start = isCarried ? carrier.offset : startOf(line);
    this.#ensureTurn(line, start).hasUserMessage = true;
    this.#addItem(line, (id) => ({ type: 'userMessage', id, content: userContent(event) }));
    return utteranceEffect(line, event.message);
  }

  #addAgentMessage(event: RolloutEventOf<'agent_message'>, line: PlacedLine): LineEffect {
    this.#closeBeforeUtterance(line);
    this.#addItem(line, (id) => agentMessage(event, id));
    return utteranceEffect(line, event.message);
  }

  /** What was said on a call after a turn was stopped does not belong to that turn. */
  #closeBeforeUtterance({ announced }: PlacedLine): void {
    if (isUtterance(announced) && this.#open?.isAborted === true) this.#close();
  }

  /** A reasoning that follows another one goes on with it, unless it was announced as one of its own. */
  #addReasoning(part: 'summary' | 'content', text: string, line: PlacedLine): void {
    const record = this.#ensureTurn(line, line.at.offset);
    const id = announcedId(line, record);
    const current = id === null ? record.lastItem : record.find(id);
    if (current?.type === 'reasoning') current[part].push(text);
    else
      this.#addItem(line, (newId) => ({
        type: 'reasoning',
        id: newId,
        summary: [],
        content: [],
        [part]: [text],
      }));
  }

  /** A line that gives an item, or the id for one that the next event makes. */
  #addThreadItem({ turn_id: turnId, id, item }: StoredThreadItem, offset: number): void {
    if (item !== null) this.#put(this.#find(turnId), { ...item, id });
    this.#announced = item === null ? { id, turnId, role: null, offset } : null;
  }

  #addItem(line: PlacedLine, make: (id: string) => ThreadItem): void {
    const record = this.#ensureTurn(line, startOf(line));
    const id = announcedId(line, record);
    const isNew = record.put(make(id ?? `item-${this.#nextItem}`));
    if (!isNew) return;
    this.#nextItem += 1;
    this.#itemCount += 1;
  }

  #put(record: TurnRecord | null, item: ThreadItem): void {
    if (record?.put(item) === true) this.#itemCount += 1;
  }

  #complete(event: RolloutEventOf<'task_complete' | 'turn_complete'>): void {
    const record = this.#findOrOpen(event.turn_id);
    record?.complete(event);
    if (record === this.#open) this.#close();
  }

  #ensureTurn({ at }: PlacedLine, start: number): TurnRecord {
    this.#open ??= new TurnRecord({
      id: `rollout-${at.index}`,
      start,
      isExplicit: false,
      keepsItems: this.#keepsItems,
      startedAt: null,
    });
    return this.#open;
  }

  #find(id: string | null | undefined): TurnRecord | null {
    if (id === null || id === undefined) return null;
    return this.#open?.id === id ? this.#open : (this.#closedById.get(id) ?? null);
  }

  #findOrOpen(id: string | null | undefined): TurnRecord | null {
    return this.#find(id) ?? this.#open;
  }

  #close(): void {
    const record = this.#open;
    this.#open = null;
    if (record === null || record.isVoid) return;
    record.close();
    this.#closed.push(record);
    this.#closedById.set(record.id, record);
  }

  /** Drops the last turns. Gives the byte at which the first of them began, null where there was none to drop. */
  #rollBack(turns: number): number | null {
    this.#close();
    const dropped = this.#closed.splice(Math.max(0, this.#closed.length - turns));
    for (const record of dropped) {
      this.#itemCount -= record.itemCount;
      if (this.#closedById.get(record.id) === record) this.#closedById.delete(record.id);
    }
    this.#nextItem = this.#itemCount + 1;
    return dropped[0]?.start ?? null;
  }
}

/** The line as an event sees it: an utterance that somebody else said was not followed by its event. */
function accepted(line: PlacedLine, event: RolloutEvent): PlacedLine {
  if (!isUtterance(line.announced)) return line;
  const isSame = event.type === (line.announced.role === 'user' ? 'user_message' : 'agent_message');
  return isSame ? line : { ...line, announced: null };
}

function isUtterance(
  announced: Announcement | null,
): announced is Announcement & { role: StoredUtterance['role'] } {
  return announced !== null && announced.role !== null;
}

function utteranceEffect({ announced }: PlacedLine, text: string): LineEffect {
  if (!isUtterance(announced) || text.trim() === '') return NO_EFFECT;
  return { droppedFrom: null, utterance: { role: announced.role, text } };
}

function announcedId({ announced }: PlacedLine, record: TurnRecord): string | null {
  if (announced === null || (announced.turnId !== null && announced.turnId !== record.id)) return null;
  return announced.id;
}

/** Where a turn begins that a line opens: what was announced of an utterance is part of it. */
function startOf({ at, announced }: PlacedLine): number {
  return isUtterance(announced) ? announced.offset : at.offset;
}
