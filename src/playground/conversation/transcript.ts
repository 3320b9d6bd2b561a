import type { Entry, Log } from './log.ts';

/** The transcript of one side of a call, as it grows: an entry for each utterance. */
export class Transcript {
  readonly #log: Log;
  readonly #kind: 'you' | 'voice';
  readonly #who: string;
  #entry: Entry | null = null;

  constructor(log: Log, kind: 'you' | 'voice') {
    this.#log = log;
    this.#kind = kind;
    this.#who = kind === 'you' ? 'You' : 'Voice';
  }

  /** The next piece of what is being said. */
  add(delta: string): void {
    this.#entry ??= this.#begin();
    this.#entry.append(delta);
  }

  /** All of what was said; it wins over the pieces. */
  finish(text: string): void {
    const entry = this.#entry;
    this.#entry = null;
    if (entry === null && text === '') return;
    (entry ?? this.#begin()).write(text).setUnfinished(false);
  }

  /** Nothing more comes of what was being said. Version 1 never reports the end of an answer. */
  abandon(): void {
    this.#entry?.setUnfinished(false);
    this.#entry = null;
  }

  #begin(): Entry {
    return this.#log.add(this.#kind).entitle(this.#who, 'spoken').setUnfinished(true);
  }
}
