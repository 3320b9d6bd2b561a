/** A packet of audio with one byte for each sample. */
export interface AudioPacket {
  /** 16 bits; counts packets. */
  readonly sequence: number;
  /** 32 bits; counts samples. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

/** A packet in its place in the stream. */
export interface OrderedAudio {
  /** Samples that are missing before it: lost ones, or a pause in which nothing was sent. */
  readonly missing: number;
  readonly payload: Uint8Array;
}

/** A gap does not wait for more than this many later packets. */
export const MOST_HELD_PACKETS = 5;

/** A jump by more packets than this is no disorder: the sender began anew. */
const FARTHEST_SEQUENCE = 100;

/** A longer pause counts as one of this length. */
export const LONGEST_GAP_SAMPLES = 8_000;

/**
 * Puts packets back into their order. Those that are in order go through without a delay; after a gap, later ones are
 * held until the missing one comes, too many are held, or the wait is given up from outside.
 */
export class JitterBuffer {
  #next: number | null = null;
  #nextTimestamp = 0;
  #held = new Map<number, AudioPacket>();

  /** True while later packets wait for an earlier one. */
  get isWaiting(): boolean {
    return this.#held.size > 0;
  }

  /** Takes a packet and gives what can be played now. A packet that comes too late, or twice, is dropped. */
  push(packet: AudioPacket): OrderedAudio[] {
    if (this.#next === null) return this.#begin(packet);
    const distance = signed(packet.sequence - this.#next, 16);
    if (Math.abs(distance) > FARTHEST_SEQUENCE) {
      const rest = this.#drain();
      return [...rest, ...this.#begin(packet)];
    }
    if (distance < 0) return [];
    if (!this.#held.has(packet.sequence)) this.#held.set(packet.sequence, packet);
    if (distance === 0) return this.#takeInOrder();
    return this.#held.size > MOST_HELD_PACKETS ? this.release() : [];
  }

  /** Gives up the packets that are missing before the earliest held one. */
  release(): OrderedAudio[] {
    const earliest = this.#earliest();
    if (earliest === null) return [];
    this.#next = earliest;
    return this.#takeInOrder();
  }

  #begin(packet: AudioPacket): OrderedAudio[] {
    this.#next = packet.sequence;
    this.#nextTimestamp = packet.timestamp;
    this.#held.set(packet.sequence, packet);
    return this.#takeInOrder();
  }

  #takeInOrder(): OrderedAudio[] {
    const ordered: OrderedAudio[] = [];
    for (;;) {
      const packet = this.#next === null ? undefined : this.#held.get(this.#next);
      if (packet === undefined) return ordered;
      const { sequence, timestamp, payload } = packet;
      const gap = signed(timestamp - this.#nextTimestamp, 32);
      ordered.push({ missing: Math.max(0, Math.min(gap, LONGEST_GAP_SAMPLES)), payload });
      this.#held.delete(sequence);
      this.#next = (sequence + 1) & 0xffff;
      this.#nextTimestamp = (timestamp + payload.length) >>> 0;
    }
  }

  #drain(): OrderedAudio[] {
    const ordered: OrderedAudio[] = [];
    while (this.isWaiting) ordered.push(...this.release());
    return ordered;
  }

  #earliest(): number | null {
    let earliest: number | null = null;
    for (const sequence of this.#held.keys()) {
      if (earliest === null || signed(sequence - earliest, 16) < 0) earliest = sequence;
    }
    return earliest;
  }
}

/** The lowest bits of a difference as a signed number, so that counters may wrap. */
function signed(difference: number, bits: 16 | 32): number {
  return bits === 16 ? (difference << 16) >> 16 : difference | 0;
}
