import { PlaybackQueue } from '../voice/index.ts';
import type { PlaybackChunk, PlaybackRefusal } from '../voice/index.ts';
import type { ReleaseStack } from './release-stack.ts';
import { SPEAKER_PROCESSOR } from './worklet-source.ts';
import type { PlayedReport, SpeakerMessage } from './worklet-source.ts';

/** How much the worklet has ahead, in seconds: how long the page may be busy without a gap in the answer. */
const AHEAD_SECONDS = 0.3;

/** How often the worklet says what it has played, in seconds. */
const REPORT_SECONDS = 0.02;

/** Plays what the daemon sends. */
export class Speaker {
  readonly #queue: PlaybackQueue;
  readonly #node: AudioWorkletNode;
  readonly #aheadFrames: number;
  readonly #onPlayed: (rms: number, itemId: string | null) => void;
  #inDevice = 0;
  #epoch = 0;

  /** The context must have the worklets loaded. `onPlayed` hears how loud the next piece was that was played. */
  constructor(
    context: AudioContext,
    onPlayed: (rms: number, itemId: string | null) => void,
    releases: ReleaseStack,
  ) {
    this.#onPlayed = onPlayed;
    this.#queue = new PlaybackQueue({ sampleRate: context.sampleRate });
    this.#aheadFrames = Math.ceil(context.sampleRate * AHEAD_SECONDS);
    this.#node = new AudioWorkletNode(context, SPEAKER_PROCESSOR, {
      numberOfInputs: 0,
      outputChannelCount: [Math.max(1, Math.min(2, context.destination.maxChannelCount))],
      processorOptions: { reportFrames: Math.ceil(context.sampleRate * REPORT_SECONDS) },
    });
    releases.listen(this.#node.port, 'message', (event) =>
      this.#played((event as MessageEvent<PlayedReport>).data),
    );
    this.#node.port.start();
    this.#node.connect(context.destination);
    releases.add(() => {
      this.interrupt();
      this.#post({ kind: 'end' });
      this.#node.disconnect();
    });
  }

  get isPlaying(): boolean {
    return this.#queue.isPlaying;
  }

  get currentItemId(): string | null {
    return this.#queue.currentItemId;
  }

  /** Milliseconds that were played of the item that plays, or was played last. */
  get playedMs(): number {
    return this.#queue.playedMs(this.#queue.currentItemId);
  }

  /** Queues a piece. Gives null, or why it will not be played. */
  push(chunk: PlaybackChunk): PlaybackRefusal | null {
    const refusal = this.#queue.push(chunk);
    this.#feed();
    return refusal;
  }

  /** Stops playing at once; gives true if there was anything left to play. */
  interrupt(): boolean {
    const wasPlaying = this.#queue.interrupt();
    this.#inDevice = 0;
    this.#epoch += 1;
    this.#post({ kind: 'clear', epoch: this.#epoch });
    return wasPlaying;
  }

  #feed(): void {
    while (this.#inDevice < this.#aheadFrames) {
      const samples = this.#queue.take(this.#aheadFrames - this.#inDevice);
      if (samples.length === 0) return;
      this.#inDevice += samples.length;
      this.#post({ kind: 'play', samples }, [samples.buffer]);
    }
  }

  #played({ epoch, frames, rms }: PlayedReport): void {
    // What was reported before the worklet knew that it was interrupted is over.
    if (epoch !== this.#epoch) return;
    this.#inDevice -= frames;
    this.#queue.played(frames);
    this.#feed();
    this.#onPlayed(rms, this.#queue.currentItemId);
  }

  #post(message: SpeakerMessage, transfer: Transferable[] = []): void {
    this.#node.port.postMessage(message, transfer);
  }
}
