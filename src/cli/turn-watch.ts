import type { Core, CoreEventName } from '../core/index.ts';

/** Knows whether a turn runs on any thread of a core, and when none does any more. */
export class TurnWatch {
  readonly #core: Core;
  #whenIdle: (() => void)[] = [];

  constructor(core: Core) {
    this.#core = core;
  }

  get isRunning(): boolean {
    const { threads } = this.#core;
    return threads.list({ cursor: null, limit: null }).data.some((id) => threads.find(id)?.agent.isRunning);
  }

  /** Resolves when no turn runs, once the end of the last one has been told. */
  idle(): Promise<void> {
    if (!this.isRunning) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Takes each event of the core after it has been told to the clients. */
  note(event: CoreEventName): void {
    const mayBeLast = event === 'turnCompleted' || event === 'threadStatusChanged';
    if (!mayBeLast || this.#whenIdle.length === 0) return;
    // The status changes in the same go as the end of the turn is told; what is told in that go is told first.
    setImmediate(() => {
      if (this.isRunning) return;
      for (const resolve of this.#whenIdle.splice(0)) resolve();
    });
  }
}
