import type { ThreadItem, Turn, TurnError, TurnPlanStep } from '../../protocol/index.ts';
import type { EmitCoreEvent } from '../events.ts';
import { repositoryRoot } from '../git/index.ts';
import { TurnDiff } from '../../patch/index.ts';
import type { PlannedChange } from '../../patch/index.ts';
import type { OpenItems, Recorder } from '../rollout/index.ts';
import { StartedItems } from './stream/started-items.ts';
import { itemEntries, turnEndedEntries, turnStartedEntry } from './turn-entries.ts';
import type { TurnFacts } from './turn-entries.ts';
import { inputText } from './user-message.ts';

/** How much of one command's output is told while it runs, in characters; its item holds both ends of the whole. */
const MAX_OUTPUT_TOLD = 1024 * 1024;
const OUTPUT_LEFT_OUT = '\n[more output is left out here]\n';

export interface TurnReporterOptions {
  readonly threadId: string;
  readonly turnId: string;
  readonly emit: EmitCoreEvent;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly recorder: Recorder;
  readonly facts: TurnFacts;
  /** Absolute; changes of files are told as seen from here. */
  readonly cwd: string;
  readonly onMessage: (turnId: string, text: string) => void;
  readonly onTurnEnd: (turn: Turn, said: SaidInTurn) => void;
}

/** What the two sides have said in a turn. */
export interface SaidInTurn {
  readonly inputs: readonly string[];
  /** The agent's last message; null where there is none. */
  readonly answer: string | null;
}

/** Tells what happens in one turn, and keeps what belongs to the thread's record. */
export class TurnReporter {
  readonly #options: TurnReporterOptions;
  readonly #ids: { readonly threadId: string; readonly turnId: string };
  #startedAt: number;
  #firstTokenAt: number | null = null;
  #lastAgentMessage: string | null = null;
  readonly #inputs: string[] = [];
  #diff: TurnDiff | null = null;
  readonly #items = new StartedItems();
  /** How many characters of each command's output have been told. */
  readonly #outputTold = new Map<string, number>();

  constructor(options: TurnReporterOptions) {
    this.#options = options;
    this.#ids = { threadId: options.threadId, turnId: options.turnId };
    this.#startedAt = options.now();
  }

  turnStarted(turn: Turn): void {
    this.#startedAt = this.#options.now();
    this.#options.recorder.record(turnStartedEntry(turn, this.#options.facts));
    this.#options.emit('turnStarted', { threadId: this.#ids.threadId, turn });
  }

  /** Keeps how the turn ended. Resolves when that is kept, or cannot be for now. */
  async recordEnd(turn: Turn): Promise<void> {
    const { recorder } = this.#options;
    const firstTokenMs = this.#firstTokenAt === null ? null : this.#firstTokenAt - this.#startedAt;
    recorder.record(...turnEndedEntries(turn, this.#lastAgentMessage, firstTokenMs));
    await recorder.flush();
  }

  turnCompleted(turn: Turn): void {
    this.#options.onTurnEnd(turn, { inputs: this.#inputs, answer: this.#lastAgentMessage });
    this.#options.emit('turnCompleted', { threadId: this.#ids.threadId, turn });
  }

  /** What has begun and is not over, as it is now. */
  get openItems(): OpenItems {
    return this.#items.snapshot(this.#ids.turnId);
  }

  error(error: TurnError, willRetry: boolean): void {
    if (willRetry) this.#items.forgetResponse();
    this.#options.emit('threadError', { ...this.#ids, error, willRetry });
  }

  warning(message: string): void {
    this.#options.emit('warning', { threadId: this.#ids.threadId, message });
  }

  itemStarted(item: ThreadItem): void {
    this.#items.begin(item);
    if (item.type !== 'userMessage') this.#firstTokenAt ??= this.#options.now();
    this.#options.emit('itemStarted', { item, ...this.#ids, startedAtMs: this.#options.now() });
  }

  itemCompleted(item: ThreadItem): void {
    this.#items.end(item);
    if (item.type === 'agentMessage' && item.text.trim() !== '') this.#lastAgentMessage = item.text;
    if (item.type === 'userMessage') this.#inputs.push(inputText(item.content));
    this.#options.recorder.record(...itemEntries(this.#ids, item));
    this.#options.emit('itemCompleted', { item, ...this.#ids, completedAtMs: this.#options.now() });
    if (item.type === 'agentMessage') this.#options.onMessage(this.#ids.turnId, item.text);
  }

  /** Tells what a command prints, up to a bound: a command that prints without end must not fill a slow client's queue. */
  commandOutput(itemId: string, delta: string): void {
    const told = this.#outputTold.get(itemId) ?? 0;
    if (told > MAX_OUTPUT_TOLD) return;
    this.#outputTold.set(itemId, told + delta.length);
    const isLast = told + delta.length > MAX_OUTPUT_TOLD;
    const shown = isLast ? `${delta.slice(0, MAX_OUTPUT_TOLD - told)}${OUTPUT_LEFT_OUT}` : delta;
    this.#options.emit('commandOutputDelta', { ...this.#ids, itemId, delta: shown });
  }

  /** Tells that the agent writes to a command that runs, or, with nothing to write, looks at it. */
  terminalInteraction(itemId: string, processId: string, stdin: string): void {
    this.#options.emit('terminalInteraction', { ...this.#ids, itemId, processId, stdin });
  }

  mcpProgress(itemId: string, message: string): void {
    this.#options.emit('mcpToolCallProgress', { ...this.#ids, itemId, message });
  }

  planUpdated(explanation: string | null, plan: TurnPlanStep[]): void {
    this.#options.emit('turnPlanUpdated', { ...this.#ids, explanation, plan });
  }

  /** Files have been changed. They are named as the repository has them, or from the working directory where there is none. */
  async changed(changes: readonly PlannedChange[]): Promise<void> {
    if (changes.length === 0) return;
    const { cwd } = this.#options;
    const root = this.#diff === null ? await repositoryRoot(cwd) : null;
    this.#diff ??= new TurnDiff({ root: root ?? cwd });
    this.#diff.record(changes);
    this.tellDiff();
  }

  /** Tells everything that the turn has changed so far, if it has changed anything. */
  tellDiff(): void {
    if (this.#diff !== null) this.#options.emit('turnDiffUpdated', { ...this.#ids, diff: this.#diff.text() });
  }

  messageDelta(itemId: string, delta: string): void {
    this.#options.emit('agentMessageDelta', { ...this.#ids, itemId, delta });
  }

  planDelta(itemId: string, delta: string): void {
    this.#options.emit('planDelta', { ...this.#ids, itemId, delta });
  }

  reasoningSummaryPart(itemId: string, summaryIndex: number): void {
    this.#options.emit('reasoningSummaryPartAdded', { ...this.#ids, itemId, summaryIndex });
  }

  reasoningSummaryDelta(itemId: string, summaryIndex: number, delta: string): void {
    this.#options.emit('reasoningSummaryTextDelta', { ...this.#ids, itemId, delta, summaryIndex });
  }

  reasoningDelta(itemId: string, contentIndex: number, delta: string): void {
    this.#options.emit('reasoningTextDelta', { ...this.#ids, itemId, delta, contentIndex });
  }
}
