import type { RealtimeConversationVersion } from '../../protocol/index.ts';
import { deferred } from '../../util/deferred.ts';
import { errorMessage } from '../../util/errors.ts';
import { LevelMeter, SpeechGate } from '../voice/index.ts';
import { openAudioContext } from './audio-context.ts';
import type { CallMedia, CallMediaEvents } from './call-media.ts';
import { VoiceCallError } from './errors.ts';
import { openMicrophone } from './microphone.ts';
import { PeerEvents } from './peer-events.ts';
import type { ReleaseStack } from './release-stack.ts';
import { meterStream } from './stream-meter.ts';
import type { VoiceCallOptions } from './voice-call-options.ts';

/** The name of the channel that the service expects. */
const EVENTS_CHANNEL = 'oai-events';

/** How long the browser may look for addresses to be reached by, in milliseconds. The offer has those found by then. */
const GATHERING_TIMEOUT_MS = 3_000;

/** How long an answer that was stopped stays silent if the service never says that it is over, in milliseconds. */
const SILENCE_TIMEOUT_MS = 10_000;

/** How long an answer may pause, in milliseconds, and still counts as being played. */
const STILL_PLAYING_MS = 300;

interface PeerMediaParts {
  readonly peer: RTCPeerConnection;
  readonly context: AudioContext;
  readonly events: CallMediaEvents;
  readonly releases: ReleaseStack;
}

/** Audio that goes between the browser and the service. The daemon takes part in the call by a connection of its own. */
export class PeerMedia implements CallMedia {
  readonly currentItemId = null;
  readonly playedMs = null;
  readonly #peer: RTCPeerConnection;
  readonly #context: AudioContext;
  readonly #events: CallMediaEvents;
  readonly #releases: ReleaseStack;
  readonly #audio = document.createElement('audio');
  readonly #channelEvents: PeerEvents;
  readonly #connected = deferred();
  readonly #answerGate = new SpeechGate();
  readonly #userMeter = new LevelMeter();
  readonly #assistantMeter = new LevelMeter();
  #stream: MediaStream | null = null;
  #hasBegun = false;
  #answerHeardAt = Number.NEGATIVE_INFINITY;
  #silence: ReturnType<typeof setTimeout> | undefined;

  private constructor({ peer, context, events, releases }: PeerMediaParts) {
    this.#peer = peer;
    this.#context = context;
    this.#events = events;
    this.#releases = releases;
    this.#connected.promise.catch(() => {});
    this.#audio.autoplay = true;
    const channel = peer.createDataChannel(EVENTS_CHANNEL);
    this.#channelEvents = new PeerEvents(channel);
    this.#channelEvents.onTurn = () => this.#endSilence();
    releases.listen(channel, 'message', (event) =>
      this.#channelEvents.receive((event as MessageEvent<unknown>).data),
    );
    releases.listen(channel, 'close', () => this.#events.ended());
    releases.listen(peer, 'track', (event) => this.#play(event as RTCTrackEvent));
    releases.listen(peer, 'connectionstatechange', () => this.#stateChanged());
    releases.add(() => {
      this.#hasBegun = false;
      clearTimeout(this.#silence);
      this.#audio.pause();
      this.#audio.srcObject = null;
    });
  }

  /** Opens the microphone and makes the offer. Rejects with `VoiceCallError`; what is open then is released with the rest. */
  static async open(
    options: VoiceCallOptions,
    events: CallMediaEvents,
    releases: ReleaseStack,
  ): Promise<PeerMedia> {
    // Only the meters need it, so nobody waits for it to run.
    const context = openAudioContext(releases);
    context.resume().catch(() => {});
    const stream = await openMicrophone(options, releases);
    if (typeof RTCPeerConnection === 'undefined') {
      throw new VoiceCallError('peer', 'the browser has no WebRTC; use the websocket transport');
    }
    const peer = new RTCPeerConnection();
    releases.add(() => peer.close());
    const media = new PeerMedia({ peer, context, events, releases });
    media.#send(stream);
    await media.#offer();
    return media;
  }

  get transport(): { readonly type: 'webrtc'; readonly sdp: string } {
    return { type: 'webrtc', sdp: this.#peer.localDescription?.sdp ?? '' };
  }

  get isPlaying(): boolean {
    return performance.now() - this.#answerHeardAt < STILL_PLAYING_MS;
  }

  async connect(answer: Promise<string>): Promise<void> {
    const sdp = await answer;
    try {
      await this.#peer.setRemoteDescription({ type: 'answer', sdp });
    } catch (error) {
      const message = `the browser does not take the answer to its call: ${errorMessage(error)}`;
      throw new VoiceCallError('peer', message, { cause: error });
    }
    await this.#connected.promise;
  }

  begin(): void {
    this.#hasBegun = true;
  }

  mute(isMuted: boolean): void {
    for (const track of this.#stream?.getAudioTracks() ?? []) track.enabled = !isMuted;
  }

  /** The same audio comes by the peer connection. */
  receive(): void {}

  /** The service stops the media itself. */
  interruptedByService(): void {}

  interrupt(version: RealtimeConversationVersion | null): void {
    // What is on its way is not heard, and the service is asked to send no more of it.
    this.#audio.muted = true;
    this.#answerHeardAt = Number.NEGATIVE_INFINITY;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#endSilence(), SILENCE_TIMEOUT_MS);
    if (version === 'v2') this.#channelEvents.cancelAnswer();
    this.#events.level('assistant', 0);
  }

  #send(stream: MediaStream | null): void {
    this.#stream = stream;
    if (stream === null) {
      this.#peer.addTransceiver('audio', { direction: 'recvonly' });
      return;
    }
    for (const track of stream.getAudioTracks()) {
      this.#peer.addTrack(track, stream);
      this.#releases.listen(track, 'ended', () => this.#events.failed('the microphone was taken away'));
    }
    meterStream(this.#context, stream, (rms) => this.#userLevel(rms), this.#releases);
  }

  async #offer(): Promise<void> {
    try {
      await this.#peer.setLocalDescription(await this.#peer.createOffer());
    } catch (error) {
      const message = `the browser cannot offer a call: ${errorMessage(error)}`;
      throw new VoiceCallError('peer', message, { cause: error });
    }
    const gathered = deferred();
    const timer = setTimeout(gathered.resolve, GATHERING_TIMEOUT_MS);
    const check = (): void => {
      if (this.#peer.iceGatheringState === 'complete') gathered.resolve();
    };
    this.#peer.addEventListener('icegatheringstatechange', check);
    check();
    await gathered.promise;
    clearTimeout(timer);
    this.#peer.removeEventListener('icegatheringstatechange', check);
  }

  #play({ streams, track }: RTCTrackEvent): void {
    const stream = streams[0] ?? new MediaStream([track]);
    this.#audio.srcObject = stream;
    this.#audio.play().catch((error: unknown) => {
      // Letting go of the stream also ends the wait for it.
      if (this.#releases.isReleased) return;
      this.#fail('audio', `the browser does not play the call: ${errorMessage(error)}`);
    });
    meterStream(this.#context, stream, (rms) => this.#assistantLevel(rms), this.#releases);
  }

  #stateChanged(): void {
    const state = this.#peer.connectionState;
    if (state === 'connected') this.#connected.resolve();
    if (state === 'failed') this.#fail('peer', 'the media connection to the service failed');
    if (state === 'closed') this.#events.ended();
  }

  #fail(reason: 'audio' | 'peer', message: string): void {
    this.#connected.reject(new VoiceCallError(reason, message));
    this.#events.failed(message);
  }

  #userLevel(rms: number): void {
    if (!this.#hasBegun) return;
    const level = this.#userMeter.add(rms, performance.now());
    if (level !== null) this.#events.level('user', level);
    this.#events.userAudio(rms);
  }

  #assistantLevel(rms: number): void {
    if (!this.#hasBegun) return;
    const heard = this.#audio.muted ? 0 : rms;
    const now = performance.now();
    const level = this.#assistantMeter.add(heard, now);
    if (level !== null) this.#events.level('assistant', level);
    if (!this.#answerGate.isSpeech(heard)) return;
    this.#answerHeardAt = now;
    this.#events.answerAudio(null);
  }

  #endSilence(): void {
    clearTimeout(this.#silence);
    this.#audio.muted = false;
  }
}
