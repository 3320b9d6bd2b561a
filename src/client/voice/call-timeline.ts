import { Latency, median } from './latency.ts';
import { SpeechGate } from './speech-gate.ts';

/** A pause that ends speech or an answer, in milliseconds. What is shorter belongs to it. */
const PAUSE_MS = 500;

const MAX_ENTRIES = 10_000;

/** One thing that happened in a call. */
export type CallRecord =
  | { readonly kind: 'state'; readonly state: string }
  /** The user speaks, by the microphone's level. */
  | { readonly kind: 'speechStarted' }
  | { readonly kind: 'speechEnded' }
  | { readonly kind: 'textSent'; readonly text: string }
  /**
   * The first audio of an answer is heard. `latencyMs` is counted from the end of what it answers: of speech, of a text, or
   * of the work that was handed over. It is null where nothing was asked.
   */
  | { readonly kind: 'answerStarted'; readonly itemId: string | null; readonly latencyMs: number | null }
  | { readonly kind: 'answerEnded' }
  /** What was said, in full. */
  | { readonly kind: 'said'; readonly role: string; readonly text: string }
  /** Playing was stopped. `playedMs` of the item had been played, if that is known. */
  | { readonly kind: 'interrupted'; readonly itemId: string | null; readonly playedMs: number | null }
  | { readonly kind: 'delegated'; readonly request: string }
  | { readonly kind: 'turnStarted'; readonly turnId: string }
  | { readonly kind: 'turnEnded'; readonly turnId: string; readonly status: string }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'closed'; readonly reason: string };

/** A record with its time in milliseconds since the start of the timeline. */
export type TimelineEntry = CallRecord & { readonly atMs: number };

/** A timeline as it is saved. */
export interface SavedTimeline {
  /** ISO 8601. */
  readonly startedAt: string;
  /** In the order of time. */
  readonly entries: readonly TimelineEntry[];
  /** Entries at the beginning that were left out because there are too many. */
  readonly droppedEntries: number;
  /** How long answers took to be heard, in milliseconds, in the order of the answers. */
  readonly firstAudio: {
    readonly latenciesMs: readonly number[];
    readonly medianMs: number | null;
    readonly maxMs: number | null;
  };
}

export interface CallTimelineOptions {
  /** Unix time in milliseconds, fractions welcome. It must not go back. */
  readonly now: () => number;
  /** Entries that are kept; of more than that the oldest are dropped. */
  readonly maxEntries?: number;
}

/**
 * What happened in a call and when, for a page to show and a user to save. It is told what can be seen of the call, and
 * finds out by itself when speech and answers begin and end, and how long each answer took to be heard.
 */
export class CallTimeline {
  readonly #now: () => number;
  readonly #maxEntries: number;
  readonly #startedAt: number;
  readonly #entries: TimelineEntry[] = [];
  readonly #listeners = new Set<(entry: TimelineEntry) => void>();
  readonly #latency = new Latency();
  readonly #gate = new SpeechGate();
  #droppedEntries = 0;
  #speechHeardAt: number | null = null;
  #answerHeardAt: number | null = null;
  #lastAnswer: { readonly itemId: string | null } | null = null;
  #delegatedTurns = 0;

  constructor({ now, maxEntries = MAX_ENTRIES }: CallTimelineOptions) {
    this.#now = now;
    this.#maxEntries = maxEntries;
    this.#startedAt = now();
  }

  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  /** Milliseconds that each answer took to be heard. */
  get latenciesMs(): readonly number[] {
    return this.#latency.samples;
  }

  /** Calls the listener for each new entry; gives the function that ends this. */
  onEntry(listener: (entry: TimelineEntry) => void): () => void {
    const registered = (entry: TimelineEntry): void => listener(entry);
    this.#listeners.add(registered);
    return () => this.#listeners.delete(registered);
  }

  /** Adds what nothing has to be found out about. */
  add(record: CallRecord): void {
    const now = this.#settle();
    if (record.kind === 'closed') this.#endSpeechAndAnswer();
    this.#insert(record, now);
  }

  /** The next piece of the microphone, by its root mean square as a part of full scale. */
  microphone(rms: number): void {
    const now = this.#settle();
    if (!this.#gate.isSpeech(rms)) return;
    this.#latency.speechFrame(now);
    if (this.#speechHeardAt === null) this.#insert({ kind: 'speechStarted' }, now);
    this.#speechHeardAt = now;
  }

  /** A piece of an answer is heard, or shown where it is text. */
  answer(itemId: string | null): void {
    const now = this.#settle();
    const isOn = this.#answerHeardAt !== null;
    const isSame = this.#lastAnswer !== null && this.#lastAnswer.itemId === itemId;
    this.#answerHeardAt = now;
    // A pause within an item is for want of audio; without items it is what tells answers apart.
    if (isSame && (isOn || itemId !== null)) return;
    if (isOn) this.#insert({ kind: 'answerEnded' }, now);
    this.#lastAnswer = { itemId };
    const before = this.#latency.samples.length;
    this.#latency.answerBegan(now);
    this.#insert({ kind: 'answerStarted', itemId, latencyMs: this.#latency.samples[before] ?? null }, now);
  }

  /** A text of the user was sent. */
  textSent(text: string): void {
    const now = this.#settle();
    this.#latency.textSent(now);
    this.#insert({ kind: 'textSent', text }, now);
  }

  /** Playing was stopped, by the user's voice or hand. */
  interrupted(itemId: string | null, playedMs: number | null): void {
    const now = this.#settle();
    this.#insert(
      { kind: 'interrupted', itemId, playedMs: playedMs === null ? null : rounded(playedMs) },
      now,
    );
    this.#answerHeardAt = null;
  }

  /** The voice model handed a request to the agent. */
  delegated(request: string): void {
    const now = this.#settle();
    this.#latency.handedOver();
    this.#delegatedTurns += 1;
    this.#insert({ kind: 'delegated', request }, now);
  }

  /** A turn of the agent has ended; what was handed over is told next. */
  turnEnded(turnId: string, status: string): void {
    const now = this.#settle();
    if (this.#delegatedTurns > 0) this.#latency.workEnded(now);
    this.#delegatedTurns = 0;
    this.#insert({ kind: 'turnEnded', turnId, status }, now);
  }

  /** What is saved, by `JSON.stringify` too. */
  toJSON(): SavedTimeline {
    this.#settle();
    const latenciesMs = this.#latency.samples.map(rounded);
    return {
      startedAt: new Date(this.#startedAt).toISOString(),
      entries: [...this.#entries],
      droppedEntries: this.#droppedEntries,
      firstAudio: {
        latenciesMs,
        medianMs: median(latenciesMs),
        maxMs: latenciesMs.length === 0 ? null : Math.max(...latenciesMs),
      },
    };
  }

  /** Notes the end of what has paused for long enough, at the time of its end. */
  #settle(): number {
    const now = this.#now();
    if (this.#speechHeardAt !== null && now - this.#speechHeardAt > PAUSE_MS) this.#endSpeech();
    if (this.#answerHeardAt !== null && now - this.#answerHeardAt > PAUSE_MS) this.#endAnswer();
    return now;
  }

  #endSpeechAndAnswer(): void {
    this.#endSpeech();
    this.#endAnswer();
  }

  #endSpeech(): void {
    if (this.#speechHeardAt !== null) this.#insert({ kind: 'speechEnded' }, this.#speechHeardAt);
    this.#speechHeardAt = null;
  }

  #endAnswer(): void {
    if (this.#answerHeardAt !== null) this.#insert({ kind: 'answerEnded' }, this.#answerHeardAt);
    this.#answerHeardAt = null;
  }

  #insert(record: CallRecord, time: number): void {
    const entry = withTime(record, rounded(time - this.#startedAt));
    let place = this.#entries.length;
    while (place > 0 && this.#entries[place - 1]!.atMs > entry.atMs) place -= 1;
    this.#entries.splice(place, 0, entry);
    if (this.#entries.length > this.#maxEntries) {
      this.#entries.shift();
      this.#droppedEntries += 1;
    }
    for (const listener of [...this.#listeners]) listener(entry);
  }
}

function withTime(record: CallRecord, atMs: number): TimelineEntry {
  const entry =
    record.kind === 'answerStarted'
      ? { ...record, latencyMs: record.latencyMs === null ? null : rounded(record.latencyMs) }
      : record;
  return { atMs, ...entry };
}

/** To a tenth of a millisecond, which is all that a clock in a browser tells. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
