import type { ThreadTokenUsage } from '../../protocol/index.ts';
import { serializeItems } from '../../responses/index.ts';
import type { ResponseItem, ResponseUsage } from '../../responses/index.ts';
import { callWithLastImage, withoutImagesOf } from '../images/index.ts';
import type { Recorder } from '../rollout/index.ts';
import { TokenUsageTotals } from './token-usage.ts';
import { earlierReasoningTokens, tokensSinceResponse } from './compaction.ts';
import { instructionsIn } from './context/instructions-text.ts';
import { skillsIn } from './context/skills-text.ts';
import { contextMessages } from './context/turn-context.ts';
import type { ToldBefore, TurnContext } from './context/turn-context.ts';
import { History } from './history.ts';
import { VoiceNotes } from './voice-notes.ts';
import type { SpokenText } from './voice-notes.ts';

/** What an agent remembers of a thread that was kept. */
export interface KeptMemory {
  readonly history: readonly ResponseItem[];
  /** Null when nothing was used yet. */
  readonly usage: ThreadTokenUsage | null;
  /** What the model was told of its surroundings; null where that is not known any more. */
  readonly told: TurnContext | null;
  /** The model of the last turn; null when there was none. */
  readonly model: string | null;
  /** Whether a call was on in the last turn with input. */
  readonly wasVoiceLive: boolean;
  /** How often the history had been compacted. */
  readonly compactions: number;
  /** What was said on calls since the last turn. */
  readonly spoken: readonly SpokenText[];
}

/** What a thread's agent remembers from one turn to the next. What it is given to remember is kept as well. */
export class AgentMemory {
  readonly history = new History();
  readonly voice = new VoiceNotes();
  readonly #recorder: Recorder;
  readonly #usage = new TokenUsageTotals();
  /** What the model was told of its surroundings; null before the first turn, and after a compaction. */
  #told: TurnContext | null = null;
  #model: string | null = null;
  #wasVoiceLive = false;
  #windowGeneration = 0;
  /** How many items the usage counts after a compaction, though the model did not make them. */
  #estimatedItems = 0;
  /** Whether the usage that was told last counts the reasoning of earlier turns. */
  #countsReasoning = false;
  readonly #usedModels = new Set<string>();
  #isHeld = false;
  /** What came from elsewhere while nothing could be put between. */
  #held: ResponseItem[] = [];

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  /** Takes what was kept in the place of everything remembered so far. */
  restore({ compactions, history, model, spoken, told, usage, wasVoiceLive }: KeptMemory): void {
    this.history.replace(history);
    this.voice.replace(spoken);
    this.#usage.restore(usage);
    this.#told = told;
    this.#model = model;
    this.#wasVoiceLive = wasVoiceLive;
    this.#windowGeneration = compactions;
    this.#estimatedItems = 0;
  }

  /** How often the history has been compacted. */
  get windowGeneration(): number {
    return this.#windowGeneration;
  }

  /** Records what the model has to be told of its surroundings before the next input. */
  tell(context: TurnContext): void {
    this.record(...contextMessages(context, this.toldBefore));
    this.#told = context;
    this.#model = context.settings.model;
  }

  /** What the model need not be told again. */
  get toldBefore(): ToldBefore {
    const { items } = this.history;
    return {
      told: this.#told,
      model: this.#model,
      instructions: instructionsIn(items),
      skills: skillsIn(items),
      wasVoiceLive: this.#wasVoiceLive,
    };
  }

  /** A turn has been given its input while a call was on, or was not. */
  noteVoice(isLive: boolean): void {
    this.#wasVoiceLive = isLive;
  }

  /** Whether the model has been told of its surroundings. */
  get hasTold(): boolean {
    return this.#told !== null;
  }

  /** Adds to what the model and the thread have said. */
  record(...items: readonly ResponseItem[]): void {
    this.history.record(...items);
    const entries = serializeItems(items).map((item) => ({ type: 'response_item', payload: item }) as const);
    if (entries.length > 0) this.#recorder.record(...entries);
  }

  /**
   * Takes away the image that the model's provider has refused most likely: those of the last output. Whether there were any.
   */
  refuseLastImage(): boolean {
    const callId = callWithLastImage(this.history.items);
    if (callId === null) return false;
    this.history.replace(withoutImagesOf(this.history.items, callId));
    this.#recorder.record({ type: 'refused_images', payload: { call_id: callId } });
    return true;
  }

  /** Does work in which nothing from elsewhere may come between what it records. */
  async undisturbed<T>(work: () => Promise<T>): Promise<T> {
    this.#isHeld = true;
    try {
      return await work();
    } finally {
      this.#isHeld = false;
      this.record(...this.#held.splice(0));
    }
  }

  /** Adds what came from elsewhere, at once or after the work that must not be disturbed. */
  recordBeside(...items: readonly ResponseItem[]): void {
    if (this.#isHeld) this.#held.push(...items);
    else this.record(...items);
  }

  /** Whether the model has not been used before; it counts as used from now on. */
  isFirstUseOf(model: string): boolean {
    if (this.#usedModels.has(model)) return false;
    this.#usedModels.add(model);
    return true;
  }

  noteUsage(usage: ResponseUsage): void {
    this.#usage.add(usage);
  }

  /** The context window counts as full, as far as the usage that is told goes. */
  noteFullWindow(contextWindow: number): void {
    this.#usage.fill(contextWindow);
  }

  get hasUsage(): boolean {
    return this.#usage.hasAny;
  }

  usage(contextWindow: number | null): ThreadTokenUsage {
    return this.#usage.view(contextWindow);
  }

  /** A turn begins: its responses say anew whether their usage counts earlier reasoning. */
  beginTurn(): void {
    this.#countsReasoning = false;
  }

  /** The usage that responses tell counts the reasoning of earlier turns. */
  noteReasoningIncluded(): void {
    this.#countsReasoning = true;
  }

  /** The tokens that the next request is likely to take. */
  activeTokens(): number {
    const { items } = this.history;
    const reasoning = this.#countsReasoning ? 0 : earlierReasoningTokens(items);
    return this.#usage.lastTotal + tokensSinceResponse(items, this.#estimatedItems) + reasoning;
  }

  /**
   * Puts a compacted history in the place of the old one. `told` is what it still says of the surroundings, `summary` the
   * model's own words, where there are any.
   */
  compact(
    items: readonly ResponseItem[],
    { told, summary }: { told: TurnContext | null; summary: string },
  ): void {
    this.history.replace(items);
    const replacement_history = serializeItems(items);
    this.#recorder.record({ type: 'compacted', payload: { message: summary, replacement_history } });
    this.#told = told;
    this.#windowGeneration += 1;
    this.#estimatedItems = items.length;
    this.#usage.estimate(this.history.estimatedTokens());
  }
}
