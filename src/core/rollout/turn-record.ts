import type { ThreadItem, Turn, TurnError } from '../../protocol/index.ts';

/** A turn that is being rebuilt. */
export class TurnRecord {
  readonly id: string;
  /** The byte of the file at which the turn begins. */
  readonly start: number;
  /** Whether an event opened it, and not merely something that belongs into a turn. */
  readonly isExplicit: boolean;
  /** Whether the model's history was replaced in it. */
  hasCompaction = false;
  hasUserMessage = false;
  isAborted = false;
  #itemCount = 0;
  readonly #keepsItems: boolean;
  readonly #turn: Turn;
  /** Where the item of an id is; made anew where it is needed after `close`. */
  #positions: Map<string, number> | null = null;

  constructor(options: {
    id: string;
    start: number;
    isExplicit: boolean;
    keepsItems: boolean;
    startedAt: number | null;
  }) {
    this.id = options.id;
    this.start = options.start;
    this.isExplicit = options.isExplicit;
    this.#keepsItems = options.keepsItems;
    this.#turn = {
      id: options.id,
      items: [],
      itemsView: options.keepsItems ? 'full' : 'notLoaded',
      status: options.isExplicit ? 'inProgress' : 'completed',
      error: null,
      startedAt: options.startedAt,
      completedAt: null,
      durationMs: null,
    };
  }

  get view(): Turn {
    return this.#turn;
  }

  get itemCount(): number {
    return this.#itemCount;
  }

  get lastItem(): ThreadItem | undefined {
    return this.#turn.items.at(-1);
  }

  /** Whether there would be nothing to show. */
  get isVoid(): boolean {
    return this.#itemCount === 0 && !this.isExplicit && !this.hasCompaction;
  }

  find(id: string): ThreadItem | undefined {
    const at = this.#positionOf(id);
    return at === undefined ? undefined : this.#turn.items[at];
  }

  /** Puts an item in the place of the one with its id, else at the end. Tells whether there is one more now. */
  put(item: ThreadItem): boolean {
    const at = this.#positionOf(item.id);
    if (at !== undefined) {
      this.#turn.items[at] = item;
      return false;
    }
    this.#itemCount += 1;
    if (!this.#keepsItems) return true;
    this.#positions?.set(item.id, this.#turn.items.length);
    this.#turn.items.push(item);
    return true;
  }

  complete(times: TurnTimes): void {
    if (this.#turn.status === 'inProgress') this.#turn.status = 'completed';
    this.#end(times);
  }

  abort(times: TurnTimes): void {
    this.isAborted = true;
    this.#turn.status = 'interrupted';
    this.#turn.error = null;
    this.#end(times);
  }

  fail(error: TurnError): void {
    this.#turn.status = 'failed';
    this.#turn.error = error;
  }

  /** Little more is to come. */
  close(): void {
    this.#positions = null;
  }

  #positionOf(id: string): number | undefined {
    this.#positions ??= new Map(this.#turn.items.map((item, at) => [item.id, at]));
    return this.#positions.get(id);
  }

  #end(times: TurnTimes): void {
    this.#turn.completedAt = times.completed_at ?? this.#turn.completedAt;
    this.#turn.durationMs = times.duration_ms ?? this.#turn.durationMs;
  }
}

/** When a turn ended: Unix seconds, and milliseconds since it began. */
export interface TurnTimes {
  readonly completed_at?: number | null | undefined;
  readonly duration_ms?: number | null | undefined;
}
