import { errorMessage } from '../../util/errors.ts';
import { pcm16Level } from '../../util/pcm.ts';
import { LevelMeter, MicrophoneEncoder, MicrophoneGate } from '../voice/index.ts';
import type { PlaybackChunk } from '../voice/index.ts';
import { audioRunning, loadWorklets, openAudioContext } from './audio-context.ts';
import { AudioSender } from './audio-sender.ts';
import type { CallMedia, CallMediaEvents } from './call-media.ts';
import { openMicrophone } from './microphone.ts';
import type { ReleaseStack } from './release-stack.ts';
import { Speaker } from './speaker.ts';
import type { VoiceCallOptions } from './voice-call-options.ts';
import { MICROPHONE_PROCESSOR } from './worklet-source.ts';

/** The length of a piece of the microphone, in seconds. */
const BLOCK_SECONDS = 0.02;

interface SocketMediaParts {
  readonly options: VoiceCallOptions;
  readonly events: CallMediaEvents;
  readonly context: AudioContext;
  readonly releases: ReleaseStack;
}

/** Audio that goes through the daemon. */
export class SocketMedia implements CallMedia {
  readonly transport = { type: 'websocket' } as const;
  readonly #events: CallMediaEvents;
  readonly #context: AudioContext;
  readonly #sender: AudioSender;
  readonly #encoder: MicrophoneEncoder;
  readonly #gate: MicrophoneGate;
  readonly #speaker: Speaker;
  readonly #userMeter = new LevelMeter();
  readonly #assistantMeter = new LevelMeter();
  #hasBegun = false;
  #isMuted = false;
  #hasBadAudio = false;

  private constructor({ options, events, context, releases }: SocketMediaParts) {
    this.#events = events;
    this.#context = context;
    this.#encoder = new MicrophoneEncoder(context.sampleRate);
    this.#gate = new MicrophoneGate({ isOn: options.gateMicrophone ?? false });
    this.#speaker = new Speaker(context, (rms, itemId) => this.#played(rms, itemId), releases);
    this.#sender = new AudioSender({
      client: options.client,
      threadId: options.threadId,
      onDropped: () => events.problem('the daemon takes the audio too slowly; some of it is lost'),
      onFailed: (error) => events.failed(`the audio could not be sent: ${errorMessage(error)}`),
    });
    releases.add(() => {
      this.#hasBegun = false;
      this.#sender.close();
    });
  }

  /** Opens microphone and speaker. Rejects with `VoiceCallError`; what is open then is released with the rest. */
  static async open(
    options: VoiceCallOptions,
    events: CallMediaEvents,
    releases: ReleaseStack,
  ): Promise<SocketMedia> {
    // First of all, while what the user clicked on still counts.
    const context = openAudioContext(releases);
    const running = audioRunning(context);
    const [stream] = await Promise.all([
      openMicrophone(options, releases),
      loadWorklets(context, options.workletUrl),
      running,
    ]);
    const media = new SocketMedia({ options, events, context, releases });
    if (stream !== null) media.#capture(stream, releases);
    return media;
  }

  get isPlaying(): boolean {
    return this.#speaker.isPlaying;
  }

  get currentItemId(): string | null {
    return this.#speaker.currentItemId;
  }

  get playedMs(): number {
    return this.#speaker.playedMs;
  }

  connect(): Promise<void> {
    return Promise.resolve();
  }

  begin(): void {
    this.#hasBegun = true;
  }

  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
  }

  receive(chunk: PlaybackChunk): void {
    const refusal = this.#speaker.push(chunk);
    if (refusal === null || refusal === 'interrupted' || this.#hasBadAudio) return;
    this.#hasBadAudio = true;
    const why = refusal === 'full' ? 'far too much of it waits to be played' : `the daemon sent ${refusal}`;
    this.#events.problem(`some audio is not played: ${why}`);
  }

  interruptedByService(): void {
    this.interrupt();
  }

  interrupt(): void {
    this.#speaker.interrupt();
    this.#events.level('assistant', 0);
  }

  #capture(stream: MediaStream, releases: ReleaseStack): void {
    const context = this.#context;
    const source = context.createMediaStreamSource(stream);
    // The browser runs only nodes that lead to the loudspeaker; this one gives silence.
    const node = new AudioWorkletNode(context, MICROPHONE_PROCESSOR, {
      processorOptions: { blockFrames: Math.round(context.sampleRate * BLOCK_SECONDS) },
    });
    releases.listen(node.port, 'message', (event) =>
      this.#recorded((event as MessageEvent<Float32Array>).data),
    );
    node.port.start();
    source.connect(node).connect(context.destination);
    releases.add(() => {
      node.port.postMessage('end', []);
      source.disconnect();
      node.disconnect();
    });
    for (const track of stream.getAudioTracks()) {
      releases.listen(track, 'ended', () => this.#events.failed('the microphone was taken away'));
    }
  }

  #recorded(samples: Float32Array): void {
    if (!this.#hasBegun) return;
    const pcm = this.#encoder.push(samples);
    const now = performance.now();
    const { peak, rms } = pcm16Level(pcm);
    const isHeard = this.#gate.passes(peak, this.#speaker.isPlaying, now) && !this.#isMuted;
    const level = this.#userMeter.add(isHeard ? rms : 0, now);
    if (level !== null) this.#events.level('user', level);
    this.#events.userAudio(isHeard ? rms : 0);
    // Silence in place of what is held back: without it the service never finds the end of what was said before.
    this.#sender.send(isHeard ? pcm : new Uint8Array(pcm.length));
  }

  #played(rms: number, itemId: string | null): void {
    if (!this.#hasBegun) return;
    const level = this.#assistantMeter.add(this.#speaker.isPlaying ? rms : 0, performance.now());
    if (level !== null || !this.#speaker.isPlaying) this.#events.level('assistant', level ?? 0);
    this.#events.answerAudio(itemId);
  }
}
