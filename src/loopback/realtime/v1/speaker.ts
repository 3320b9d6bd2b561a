import { encodeBase64 } from '../../../util/base64.ts';
import type { LoopbackClock } from '../../clock.ts';
import type { Outlet } from '../../outlet.ts';
import { PacedRun } from '../../paced-run.ts';
import { splitWords } from '../../words.ts';
import type { SpokenAnswer } from '../answer.ts';
import { SAMPLE_RATE } from '../audio-format.ts';
import { playbackSteps } from '../playback.ts';
import type { VoiceOutput, VoicePiece } from '../voice-output.ts';

/** How many answers may wait for the one that is being spoken. */
const MOST_WAITING = 32;

export interface SpeakerOptions {
  readonly clock: LoopbackClock;
  readonly outlet: Outlet;
  readonly send: (event: object) => void;
  /** Where the audio plays; null sends it in events. */
  readonly voice: VoiceOutput | null;
}

/** Speaks answers one after the other. This version tells nothing of where one begins or ends. */
export class Speaker {
  readonly #options: SpeakerOptions;
  #waiting: (() => SpokenAnswer)[] = [];
  #playback: PacedRun | null = null;
  readonly #pieces = new Set<VoicePiece>();
  #isHeld = false;

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /** True when no more answers can wait. */
  get isFull(): boolean {
    return this.#waiting.length >= MOST_WAITING;
  }

  /** Speaks as soon as its turn comes. Must not be called while the speaker is full. */
  say(answer: () => SpokenAnswer): void {
    this.#waiting.push(answer);
    this.#advance();
  }

  /** Somebody began to speak: what is being said stops at once, and what waits is kept back. */
  hush(): void {
    this.#isHeld = true;
    this.#playback?.stop();
    this.#playback = null;
    for (const piece of this.#pieces) piece.cut();
    this.#pieces.clear();
  }

  release(): void {
    this.#isHeld = false;
    this.#advance();
  }

  dispose(): void {
    this.#waiting = [];
    this.#playback?.stop();
  }

  #advance(): void {
    if (this.#playback !== null || this.#isHeld) return;
    const answer = this.#waiting.shift()?.();
    if (answer === undefined) return;
    const { clock, outlet, send } = this.#options;
    const piece = this.#openPiece();
    const playback = new PacedRun({
      steps: playbackSteps({
        audio: answer.audio(),
        words: splitWords(answer.text),
        onWord: (delta) => send({ type: 'conversation.output_transcript.delta', delta }),
        onChunk: (chunk) => (piece === null ? send(outputAudio(chunk)) : piece.write(chunk)),
      }),
      clock,
      outlet,
      onEnd: () => {
        piece?.finish();
        this.#playback = null;
        this.#advance();
      },
    });
    this.#playback = playback;
    playback.start();
  }

  #openPiece(): VoicePiece | null {
    const piece =
      this.#options.voice?.open({
        started: () => {},
        ended: () => piece !== null && this.#pieces.delete(piece),
      }) ?? null;
    if (piece !== null) this.#pieces.add(piece);
    return piece;
  }
}

function outputAudio(chunk: Uint8Array): object {
  return {
    type: 'conversation.output_audio.delta',
    delta: encodeBase64(chunk),
    sample_rate: SAMPLE_RATE,
    channels: 1,
    samples_per_channel: chunk.length / 2,
  };
}
