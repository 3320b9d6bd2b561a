import type { ListenerLimits } from './limits.ts';

export interface SlowClientWatchOptions {
  readonly limits: Pick<ListenerLimits, 'unsentBytes' | 'heldUpMs' | 'standstillMs' | 'lookMs'>;
  /** How much waits for the client, and how much it has taken so far, in bytes. */
  readonly unsentBytes: () => number;
  readonly sentBytes: () => number;
  /** Whether others get nothing either while this client does not keep up. */
  readonly holdsUpOthers: () => boolean;
  /** Called once, with the reason, for a client that is to be dropped. */
  readonly drop: (reason: string) => void;
}

/**
 * Bounds what a client that does not read may cost. It is looked at while it is behind, that is from when the connection
 * counts as backlogged until everything has been sent. Time counts in looks, so that a process that was suspended does
 * not take its own sleep for the client's.
 */
export class SlowClientWatch {
  readonly #options: SlowClientWatchOptions;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SlowClientWatchOptions) {
    this.#options = options;
  }

  /** Takes each change of the connection's backlog. */
  backlog(isBehind: boolean): void {
    this.stop();
    if (!isBehind) return;
    const { drop, holdsUpOthers, limits, sentBytes, unsentBytes } = this.#options;
    let [behindMs, standstillMs] = [0, 0];
    let [unsent, sent] = [unsentBytes(), sentBytes()];
    const look = (): string | null => {
      const [unsentBefore, sentBefore] = [unsent, sent];
      [unsent, sent] = [unsentBytes(), sentBytes()];
      behindMs += limits.lookMs;
      standstillMs = sent === sentBefore ? standstillMs + limits.lookMs : 0;
      if (unsent > limits.unsentBytes && (standstillMs > 0 || unsent > unsentBefore)) {
        return 'too much waits to be read';
      }
      if (behindMs >= limits.heldUpMs && holdsUpOthers()) return 'not read in time; others were waiting';
      return standstillMs >= limits.standstillMs ? 'not read in time' : null;
    };
    this.#timer = setInterval(() => {
      const reason = look();
      if (reason === null) return;
      this.stop();
      drop(reason);
    }, limits.lookMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
