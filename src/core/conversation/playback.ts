/** Where to cut an assistant's item off: `audioEndMs` of it can have been heard. */
export interface PlayedItem {
  readonly itemId: string;
  readonly audioEndMs: number;
}

interface ItemPlayback {
  readonly itemId: string;
  startsAt: number;
  receivedMs: number;
}

/** How many items are kept that may still be playing; the oldest is forgotten first. */
const MAX_ITEMS = 16;

/**
 * Follows what a client that plays audio as it arrives can have played: an item starts when its first frame arrives,
 * or when the item before it has been played, and waits whenever all of it that has come was played.
 */
export class Playback {
  readonly #now: () => number;
  #items: ItemPlayback[] = [];

  /** `now` gives milliseconds on a monotonic clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  receive(itemId: string | null, durationMs: number): void {
    if (itemId === null || durationMs === 0) return;
    const now = this.#now();
    const last = this.#items.at(-1);
    if (last?.itemId === itemId) {
      last.startsAt = Math.max(last.startsAt, now - last.receivedMs);
      last.receivedMs += durationMs;
      return;
    }
    const startsAt = Math.max(now, last === undefined ? 0 : last.startsAt + last.receivedMs);
    this.#items.push({ itemId, startsAt, receivedMs: durationMs });
    if (this.#items.length > MAX_ITEMS) this.#items.shift();
  }

  /** The item that is playing now, if one is; whatever was to be played is forgotten. */
  interrupt(): PlayedItem | null {
    const now = this.#now();
    const playing = this.#items.find(
      ({ startsAt, receivedMs }) => now >= startsAt && now < startsAt + receivedMs,
    );
    this.#items = [];
    if (playing === undefined) return null;
    const playedMs = Math.floor(now - playing.startsAt);
    return { itemId: playing.itemId, audioEndMs: Math.min(playedMs, playing.receivedMs) };
  }
}
