import { pcm16Level } from '../../util/pcm.ts';
import { FRAME_BYTES, FRAME_MS } from './audio-format.ts';
import type { Clock } from './clock.ts';
import { Pacer } from './pacer.ts';

/** After a stall at most this much is sent at once. */
const MAX_BURST_MS = 1_000;

/** How long a pipe may hold back before silence is sent in its place: voice detection upstream needs time to pass. */
const PATIENCE_MS = 200;

const SILENCE = new Uint8Array(FRAME_BYTES);

export interface MicrophoneOptions {
  readonly source: { next(): Uint8Array | 'pending' | 'ended' };
  /** Sends one frame; waits where the receiver is slow. */
  readonly send: (frame: Uint8Array) => Promise<void>;
  /** Told of each frame when it was sent, with its root mean square as a part of full scale. */
  readonly onFrame: (rms: number) => void;
  /** The source has ended; silence follows from here on. */
  readonly onEnded: () => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Sends the source in real time, and silence after its end, until the signal aborts. Rejects when the source cannot be
 * read or a frame cannot be sent.
 */
export async function runMicrophone(options: MicrophoneOptions): Promise<void> {
  const { source, clock, signal } = options;
  const pacer = new Pacer({ frameMs: FRAME_MS, maxBurstMs: MAX_BURST_MS });
  let hasEnded = false;
  let lastFrameAt = clock.now();

  const nextFrame = (): Uint8Array | null => {
    if (hasEnded) return SILENCE;
    const next = source.next();
    if (next === 'pending') return clock.now() - lastFrameAt < PATIENCE_MS ? null : SILENCE;
    if (next === 'ended') {
      hasEnded = true;
      options.onEnded();
      return SILENCE;
    }
    lastFrameAt = clock.now();
    return next;
  };

  while (!signal.aborted) {
    for (let due = pacer.due(clock.now()); due > 0 && !signal.aborted; due -= 1) {
      const frame = nextFrame();
      if (frame === null) break;
      await options.send(frame);
      pacer.sent();
      options.onFrame(pcm16Level(frame).rms);
    }
    // A frame that is due but not there yet is asked for again a frame later.
    await clock.sleep(pacer.untilNext(clock.now()) || FRAME_MS, signal);
  }
}
