import type { ThreadItem, Turn, TurnError } from '../../protocol/index.ts';
import { agentStep } from './agent-step.ts';
import { Transcript } from './transcript.ts';

/** What the agent's turns came to. */
export interface AgentTally {
  readonly turns: number;
  readonly failed: number;
  readonly interrupted: number;
}

export interface AgentWorkOptions {
  /** Something that the agent said, whole. */
  readonly onSpeech: (text: string) => void;
  /** What it does, in one line. */
  readonly onRemark: (line: string) => void;
}

/**
 * The work of the background agent as its user sees it: what it was asked, that it began, what it says and does, and how
 * it ended. Each of these is told once, whatever number of notifications speaks of it.
 */
export class AgentWork {
  readonly #options: AgentWorkOptions;
  readonly #message = new Transcript();
  #messageId: string | null = null;
  #turnId: string | null = null;
  #doing: { readonly itemId: string; readonly text: string } | null = null;
  #lastError: string | null = null;
  #turns = 0;
  #failed = 0;
  #interrupted = 0;

  constructor(options: AgentWorkOptions) {
    this.#options = options;
  }

  get isWorking(): boolean {
    return this.#turnId !== null;
  }

  /** What the agent says or does at the moment; empty while it does not work. */
  get view(): string {
    if (!this.isWorking) return '';
    if (!this.#message.isDone) return this.#message.view;
    return this.#doing?.text ?? 'at work';
  }

  get tally(): AgentTally {
    return { turns: this.#turns, failed: this.#failed, interrupted: this.#interrupted };
  }

  /** The voice model hands something over, or nothing. While the agent works it is a wish for that work. */
  delegated(request: string): void {
    const to = this.isWorking ? 'delegated to the agent at work' : 'delegated to the agent';
    this.#options.onRemark(request === '' ? `${to} without a request` : `${to}: ${request}`);
  }

  turnStarted(turn: Turn): void {
    if (turn.id === this.#turnId) return;
    this.#turnId = turn.id;
    this.#turns += 1;
    this.#lastError = null;
    this.#options.onRemark('agent started');
  }

  itemStarted(item: ThreadItem): void {
    const step = agentStep(item);
    if (step !== null) this.#doing = { itemId: item.id, text: step.doing };
  }

  messageDelta(itemId: string, delta: string): void {
    if (itemId !== this.#messageId) this.#tellUnfinished();
    this.#messageId = itemId;
    this.#message.add(delta);
  }

  itemCompleted(item: ThreadItem): void {
    if (item.type === 'agentMessage') {
      if (item.id !== this.#messageId) this.#tellUnfinished();
      this.#tell(this.#message.finish(item.text));
      return;
    }
    const step = agentStep(item);
    if (step === null) return;
    if (this.#doing?.itemId === item.id) this.#doing = null;
    this.#options.onRemark(`agent ${step.done}${step.outcome === null ? '' : `: ${step.outcome}`}`);
  }

  /** An error of a turn. The one that ends the turn is told with its end. */
  error(turnId: string, { message }: TurnError, willRetry: boolean): void {
    if (willRetry) this.#options.onRemark(`agent has trouble: ${message}`);
    else if (turnId === this.#turnId) this.#lastError = message;
    else this.#options.onRemark(`error: ${message}`);
  }

  turnCompleted({ id, status, error, durationMs }: Turn): void {
    if (id !== this.#turnId) return;
    this.#tellUnfinished();
    const seconds = durationMs === null ? null : `${(durationMs / 1000).toFixed(1)} s`;
    const after = seconds === null ? '' : ` after ${seconds}`;
    if (status === 'failed') {
      this.#failed += 1;
      const reason = error?.message ?? this.#lastError ?? 'the reason is not known';
      this.#options.onRemark(`agent failed${after}: ${reason}`);
    } else if (status === 'interrupted') {
      this.#interrupted += 1;
      this.#options.onRemark(`agent interrupted${after}`);
    } else {
      this.#options.onRemark(`agent completed${seconds === null ? '' : ` in ${seconds}`}`);
    }
    this.#turnId = null;
    this.#doing = null;
  }

  /** The call is over, and with it what the agent does. */
  end(): void {
    if (!this.isWorking) return;
    this.#tellUnfinished();
    this.#turnId = null;
    this.#options.onRemark('agent stopped with the call');
  }

  #tellUnfinished(): void {
    const text = this.#message.abandon();
    this.#messageId = null;
    if (text !== null) this.#options.onSpeech(`${text} …`);
  }

  #tell(text: string | null): void {
    this.#messageId = null;
    if (text !== null) this.#options.onSpeech(text);
  }
}
