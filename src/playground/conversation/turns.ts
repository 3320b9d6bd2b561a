import type { CodexErrorInfo, ThreadItem, Turn, TurnError } from '../../protocol/index.ts';
import { words } from './step.ts';
import type { AgentItems } from './agent-items.ts';
import type { Log } from './log.ts';

/** The turns of the agent: whether one is running, and how each came out. */
export class Turns {
  readonly #log: Log;
  readonly #items: AgentItems;
  readonly #onChange: () => void;
  #runningId: string | null = null;
  #told: string | null = null;

  constructor(options: { readonly log: Log; readonly items: AgentItems; readonly onChange: () => void }) {
    this.#log = options.log;
    this.#items = options.items;
    this.#onChange = options.onChange;
  }

  /** The id of the turn that is running, or null. */
  get runningId(): string | null {
    return this.#runningId;
  }

  /** Shows the turns that a stored thread has. */
  restore(turns: readonly Turn[]): void {
    for (const turn of turns) {
      const last = turn.status === 'inProgress' ? turn.items.at(-1) : undefined;
      for (const item of turn.items) this.#items.show(item, isRunning(item, last) ? 'started' : 'completed');
      if (turn.status === 'inProgress') this.#runningId = turn.id;
      else this.#tellOutcome(turn);
    }
    this.#onChange();
  }

  started(turn: Turn): void {
    this.#runningId = turn.id;
    this.#onChange();
  }

  completed(turn: Turn): void {
    if (this.#runningId === turn.id) this.#runningId = null;
    this.#items.endMessages();
    this.#tellOutcome(turn);
    this.#onChange();
  }

  failed(error: TurnError, willRetry: boolean): void {
    this.#told = error.message;
    const cause = [causeText(error.codexErrorInfo), error.additionalDetails].filter((text) => text !== null);
    const text = [plainMessage(error.message), ...cause].join('\n');
    if (willRetry) this.#log.note(text);
    else this.#log.problem('Error', text);
  }

  clear(): void {
    this.#runningId = null;
    this.#onChange();
  }

  #tellOutcome({ error, status }: Turn): void {
    if (status === 'interrupted') this.#log.note('The agent was stopped.');
    // An error that ends a turn comes as a notification of its own first.
    if (status === 'failed' && error !== null && error.message !== this.#told) this.failed(error, false);
    this.#told = null;
  }
}

/** Whether an item of a turn that runs is not done. Most say it of themselves; of the others it can be the last. */
function isRunning(item: ThreadItem, last: ThreadItem | undefined): boolean {
  if (last === undefined) return false;
  return 'status' in item ? item.status === 'inProgress' : item === last;
}

/** The message within an error that a service sent as JSON, which is passed on as it came; any other as it is. */
function plainMessage(message: string): string {
  try {
    const parsed = JSON.parse(message) as { error?: { message?: unknown } } | null;
    const inner = parsed?.error?.message;
    return typeof inner === 'string' ? inner : message;
  } catch {
    return message; // Most messages are words.
  }
}

function causeText(info: CodexErrorInfo | null): string | null {
  if (info === null || info === 'other') return null;
  return words(typeof info === 'string' ? info : (Object.keys(info)[0] ?? '')).toLowerCase();
}
