import type { LoopbackClock } from '../clock.ts';
import type { VoiceOutput, VoicePiece, VoicePieceListener } from '../realtime/voice-output.ts';
import type { G711Codec } from './g711.ts';
import { TELEPHONE_RATE } from './line-in.ts';
import { LinePiece } from './line-piece.ts';

/** One packet of audio to the caller. */
export interface AudioFrame {
  /** 16 bits; counts packets. */
  readonly sequence: number;
  /** 32 bits; counts samples. */
  readonly timestamp: number;
  /** True for the first packet of a stretch of sound. */
  readonly marker: boolean;
  readonly payload: Uint8Array;
}

const FRAME_MS = 20;
const FRAME_SAMPLES = (TELEPHONE_RATE / 1000) * FRAME_MS;

/** After a longer stall of the process the time that passed is skipped, not made up for in a burst. */
const MOST_LATE_FRAMES = 10;

export interface LineOutOptions {
  readonly clock: LoopbackClock;
  readonly codec: G711Codec;
  /** Where the counters begin; random, as RTP wants it. */
  readonly firstSequence: number;
  readonly firstTimestamp: number;
  readonly send: (frame: AudioFrame) => void;
}

/**
 * The audio that goes to a caller: a frame every 20 ms from start to stop, silence included, so that a player never has
 * to guess. Timestamps follow the clock, also over frames that were skipped.
 */
export class LineOut implements VoiceOutput {
  readonly #options: LineOutOptions;
  #pieces: LinePiece[] = [];
  #startedAt = 0;
  /** Frames that were due so far, sent or skipped. */
  #passed = 0;
  #sent = 0;
  #wasSilent = true;
  #timer: unknown;
  #isStopped = false;

  constructor(options: LineOutOptions) {
    this.#options = options;
  }

  start(): void {
    this.#startedAt = this.#options.clock.now();
    this.#advance();
  }

  /** Nothing is sent after this. Idempotent. */
  stop(): void {
    this.#isStopped = true;
    this.#pieces = [];
    this.#options.clock.clearTimeout(this.#timer);
  }

  open(listener: VoicePieceListener): VoicePiece {
    const piece = new LinePiece(this.#options.codec, listener);
    this.#pieces.push(piece);
    return piece;
  }

  readonly #advance = (): void => {
    const { clock } = this.#options;
    const due = Math.floor((clock.now() - this.#startedAt) / FRAME_MS) + 1;
    this.#passed = Math.max(this.#passed, due - MOST_LATE_FRAMES);
    while (this.#passed < due && !this.#isStopped) this.#sendFrame();
    if (this.#isStopped) return;
    const wait = this.#startedAt + this.#passed * FRAME_MS - clock.now();
    this.#timer = clock.setTimeout(this.#advance, Math.max(1, Math.ceil(wait)));
  };

  #sendFrame(): void {
    const { codec, firstSequence, firstTimestamp, send } = this.#options;
    const payload = new Uint8Array(FRAME_SAMPLES).fill(codec.silence);
    const ended: LinePiece[] = [];
    const isSilent = this.#fill(payload, ended) === 0;
    send({
      sequence: (firstSequence + this.#sent) & 0xffff,
      timestamp: (firstTimestamp + this.#passed * FRAME_SAMPLES) >>> 0,
      marker: this.#wasSilent && !isSilent,
      payload,
    });
    this.#wasSilent = isSilent;
    this.#passed += 1;
    this.#sent += 1;
    for (const piece of ended) piece.tellEnded();
  }

  /** Puts what is next into a frame, gives how much that was, and adds the pieces that ended with it. */
  #fill(payload: Uint8Array, ended: LinePiece[]): number {
    let filled = 0;
    while (filled < payload.length) {
      const [piece] = this.#pieces;
      if (piece === undefined) break;
      filled += piece.take(payload.subarray(filled));
      if (!piece.isOver) break;
      this.#pieces.shift();
      ended.push(piece);
    }
    return filled;
  }
}
