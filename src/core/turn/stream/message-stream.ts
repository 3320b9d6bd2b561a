import type { ThreadItem } from '../../../protocol/index.ts';
import { MarkedText, takenApart } from './marked-text.ts';
import type { MarkedBlock, TextPiece } from './marked-text.ts';
import type { TurnReporter } from '../turn-reporter.ts';

type AgentMessage = Extract<ThreadItem, { type: 'agentMessage' }>;

/** Says where the model has something from; it is for the history alone. */
const CITATION: MarkedBlock = { tag: 'oai-mem-citation', hasOwnLines: false };
const PLAN: MarkedBlock = { tag: 'proposed_plan', hasOwnLines: true };

/**
 * Tells one message of the agent as it comes in, without what is not for people. In plan mode the plan in it becomes an item of its
 * own, and a message that is nothing but a plan is none.
 */
export class MessageStream {
  readonly #reporter: TurnReporter;
  /** The id of the plan's item; null outside of plan mode. */
  readonly #planId: string | null;
  readonly #blocks: readonly MarkedBlock[];
  readonly #marked: MarkedText;
  #message: AgentMessage;
  #hasStarted = false;
  #hasPlan = false;
  /** Blank text that waits for more to come. */
  #blank = '';

  constructor(reporter: TurnReporter, message: AgentMessage, planId: string | null) {
    this.#reporter = reporter;
    this.#planId = planId;
    this.#blocks = planId === null ? [CITATION] : [CITATION, PLAN];
    this.#marked = new MarkedText(this.#blocks);
    this.#message = { ...message, text: '' };
    if (planId === null) this.#start();
  }

  push(delta: string): void {
    for (const piece of this.#marked.push(delta)) this.#tell(piece);
  }

  /** The whole message is there, and counts. Nothing more may be pushed. */
  complete(message: AgentMessage): void {
    for (const piece of this.#marked.end()) this.#tell(piece);
    const { inBlocks, shown } = takenApart(message.text, this.#blocks);
    this.#message = { ...message, text: '' };
    this.#completePlan(inBlocks(PLAN.tag));
    if (!this.#hasStarted && shown.trim() === '') return;
    this.#start();
    this.#reporter.itemCompleted({ ...message, text: shown });
  }

  #completePlan(text: string): void {
    if (this.#planId === null || (text === '' && !this.#hasPlan)) return;
    this.#startPlan(this.#planId);
    this.#reporter.itemCompleted({ type: 'plan', id: this.#planId, text });
  }

  #tell({ tag, text }: TextPiece): void {
    if (tag === PLAN.tag && this.#planId !== null) {
      this.#startPlan(this.#planId);
      this.#reporter.planDelta(this.#planId, text);
    }
    if (tag !== null) return;
    if (!this.#hasStarted && text.trim() === '') {
      this.#blank += text;
      return;
    }
    this.#start();
    this.#reporter.messageDelta(this.#message.id, `${this.#blank}${text}`);
    this.#blank = '';
  }

  #start(): void {
    if (this.#hasStarted) return;
    this.#hasStarted = true;
    this.#reporter.itemStarted(this.#message);
  }

  #startPlan(id: string): void {
    if (this.#hasPlan) return;
    this.#hasPlan = true;
    this.#reporter.itemStarted({ type: 'plan', id, text: '' });
  }
}
