import type {
  NotificationName,
  NotificationParamsOf,
  RealtimeConversationVersion,
} from '../../protocol/index.ts';
import { deferred } from '../../util/deferred.ts';
import { CallTimeline } from '../voice/index.ts';
import type { CallMedia, CallMediaEvents } from './call-media.ts';
import { VoiceCallError } from './errors.ts';
import { PeerMedia } from './peer-media.ts';
import { handoffRequest, isInterruption } from './realtime-items.ts';
import { ReleaseStack } from './release-stack.ts';
import { SocketMedia } from './socket-media.ts';
import { startParams } from './start-params.ts';
import type {
  VoiceCallEnd,
  VoiceCallEvents,
  VoiceCallOptions,
  VoiceCallState,
} from './voice-call-options.ts';

const DEFAULT_START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;

/**
 * One voice call of a page, from its start to its end. It opens microphone and speaker and lets go of them, however the call
 * ends: by `stop`, by the daemon, by an error, with the connection, or with the page.
 */
export class VoiceCall {
  readonly threadId: string;
  /** How the call ended. It never rejects. */
  readonly closed: Promise<VoiceCallEnd>;
  /** What happened so far, to be shown and saved. */
  readonly timeline: CallTimeline;
  readonly #options: VoiceCallOptions;
  readonly #on: VoiceCallEvents;
  /** Microphone, speaker, peer and listeners of the page. */
  readonly #releases = new ReleaseStack();
  /** What hears the daemon, which has to outlast the media. */
  readonly #subscriptions: (() => void)[] = [];
  readonly #failed = deferred<never>();
  readonly #started = deferred();
  readonly #answer = deferred<string>();
  readonly #end = deferred<VoiceCallEnd>();
  #state: VoiceCallState = 'starting';
  #media: CallMedia | null = null;
  #version: RealtimeConversationVersion | null = null;
  #isMuted = false;
  /** Whether the daemon may have a session for this call, which has to be stopped. */
  #mayHaveSession = false;
  #hasStarted = false;
  #wasActive = false;
  #hasLostControl = false;
  #lastErrorMessage: string | null = null;
  /** Why this side ends the call, if it does. */
  #ownEnd: VoiceCallEnd | null = null;
  #stopping: Promise<void> | null = null;

  private constructor(options: VoiceCallOptions) {
    this.#options = options;
    this.#on = options.on ?? {};
    this.threadId = options.threadId;
    this.closed = this.#end.promise;
    this.timeline =
      options.timeline ?? new CallTimeline({ now: () => performance.timeOrigin + performance.now() });
    for (const { promise } of [this.#failed, this.#started, this.#answer]) promise.catch(() => {});
  }

  /**
   * Starts a call on a thread, and resolves when it is up. The client must have been connected with `experimentalApi`. Call
   * it from a click: browsers give the microphone and play audio only to pages that the user has touched. Rejects with
   * `VoiceCallError`, and as `client.request` does when the request itself fails; nothing is left open then.
   */
  static async start(options: VoiceCallOptions): Promise<VoiceCall> {
    if (options.signal?.aborted === true) throw abortedError();
    const call = new VoiceCall(options);
    const { startTimeoutMs = DEFAULT_START_TIMEOUT_MS } = options;
    const timer = setTimeout(
      () => call.#fail(new VoiceCallError('failed', `the call was not up after ${startTimeoutMs} ms`)),
      startTimeoutMs,
    );
    try {
      await Promise.race([call.#begin(), call.#failed.promise]);
      return call;
    } catch (error) {
      await call.#abandon();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get state(): VoiceCallState {
    return this.#state;
  }

  /** The version of the realtime protocol in use; null before it is known. */
  get version(): RealtimeConversationVersion | null {
    return this.#version;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  /**
   * Milliseconds that were played of the answer that plays, or was played last. Null with the webrtc transport, where the
   * browser plays a stream that names no answers.
   */
  get playedMs(): number | null {
    return this.#media?.playedMs ?? null;
  }

  /** Sends silence in place of the microphone, or the microphone again. */
  mute(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#media?.mute(isMuted);
  }

  /** Adds a text of the user to the conversation. Rejects as `client.request` does, and when the call is over. */
  async sendText(text: string): Promise<void> {
    if (this.#state !== 'active') throw new VoiceCallError('ended', 'the call is over');
    this.timeline.textSent(text);
    await this.#options.client.request('thread/realtime/appendText', { threadId: this.threadId, text });
  }

  /** Stops what is playing at once. What still comes of that answer is not played either. */
  interrupt(): void {
    if (this.#media === null || this.#state !== 'active') return;
    this.#noteInterruption(this.#media);
    this.#media.interrupt(this.#version);
  }

  /** Ends the call. Resolves when nothing of it is left open; calling it again gives the same. */
  stop(): Promise<void> {
    this.#stopping ??= this.#hangUp({ reason: 'requested', errorMessage: null });
    return this.#stopping;
  }

  async #begin(): Promise<void> {
    const { client, signal, transport } = this.#options;
    this.#setState('starting');
    if (signal !== undefined) this.#releases.listen(signal, 'abort', () => this.#fail(abortedError()));
    this.#releases.listen(window, 'pagehide', () => this.#leave());
    void client.closed.then(({ reason }) => {
      this.#mayHaveSession = false;
      this.#fail(new VoiceCallError('failed', reason));
      const end = { reason: 'disconnected', errorMessage: reason };
      if (this.#wasActive) this.#finish(end);
      else this.#end.resolve(end);
    });
    const open = transport === 'webrtc' ? PeerMedia : SocketMedia;
    const media = await open.open(this.#options, this.#mediaEvents(), this.#releases);
    // Whoever gave up meanwhile has released what was opened.
    if (this.#releases.isReleased) return;
    this.#media = media;
    media.mute(this.#isMuted);
    this.#subscribe();
    this.#mayHaveSession = true;
    client
      .request('thread/realtime/start', startParams(this.#options, media.transport))
      .catch((error: unknown) => this.#fail(error));
    await this.#started.promise;
    await media.connect(this.#answer.promise);
    if (this.#releases.isReleased) return;
    this.#wasActive = true;
    media.begin();
    this.#setState('active');
  }

  /** Rejects the start; without effect once the call is up. */
  #fail(error: unknown): void {
    this.#failed.reject(error);
  }

  #mediaEvents(): CallMediaEvents {
    return {
      level: (side, value) => {
        if (this.#state === 'active') this.#tell(() => this.#on.level?.(side, value));
      },
      userAudio: (rms) => this.timeline.microphone(rms),
      answerAudio: (itemId) => this.timeline.answer(itemId),
      problem: (message) => this.#error(message),
      failed: (message) => {
        this.#fail(new VoiceCallError('peer', message));
        if (this.#state !== 'active') return;
        this.#error(message);
        this.#endBy({ reason: 'error', errorMessage: message });
      },
      ended: () => {
        this.#fail(new VoiceCallError('peer', 'the service ended the media connection'));
        if (this.#state === 'active') this.#endBy({ reason: 'transport_closed', errorMessage: null });
      },
    };
  }

  #subscribe(): void {
    const { outputModality } = this.#options;
    this.#listen('thread/realtime/started', ({ version }) => this.#onStarted(version));
    this.#listen('thread/realtime/sdp', ({ sdp }) => this.#answer.resolve(sdp));
    this.#listen('thread/realtime/error', ({ message }) => this.#onError(message));
    this.#listen('thread/realtime/closed', ({ reason }) => this.#onClosed(reason ?? 'closed'));
    this.#listen('thread/realtime/outputAudio/delta', ({ audio }) => {
      if (this.#isLive()) this.#media?.receive(audio);
    });
    this.#listen('thread/realtime/transcript/delta', ({ role, delta }) => {
      if (!this.#isLive()) return;
      if (outputModality === 'text' && role === 'assistant') this.timeline.answer(null);
      this.#tell(() => this.#on.transcriptDelta?.(role, delta));
    });
    this.#listen('thread/realtime/transcript/done', ({ role, text }) => {
      if (!this.#isLive()) return;
      this.timeline.add({ kind: 'said', role, text });
      this.#tell(() => this.#on.transcriptDone?.(role, text));
    });
    this.#listen('thread/realtime/itemAdded', ({ item }) => this.#onItem(item));
    this.#listen('turn/started', ({ turn }) => this.timeline.add({ kind: 'turnStarted', turnId: turn.id }));
    this.#listen('turn/completed', ({ turn }) => this.timeline.turnEnded(turn.id, turn.status));
  }

  #onStarted(version: RealtimeConversationVersion): void {
    if (this.#hasStarted) {
      // The session is no longer the one of this call, and not its to stop.
      this.#mayHaveSession = false;
      this.#fail(new VoiceCallError('failed', 'another call took the place of this one'));
      if (this.#state === 'active') this.#endBy({ reason: 'replaced', errorMessage: null });
      return;
    }
    this.#hasStarted = true;
    this.#version = version;
    this.#started.resolve();
  }

  #onError(message: string): void {
    this.#lastErrorMessage = message;
    // A start that failed leaves no session, and one that another client has is not this call's.
    if (!this.#hasStarted) this.#mayHaveSession = false;
    this.#fail(new VoiceCallError('failed', message));
    if (this.#wasActive) this.#error(message);
  }

  #onClosed(reason: string): void {
    if (reason === 'transport_closed' && this.#options.transport === 'webrtc' && this.#state === 'active') {
      // Only the daemon has left: the voice goes on, and the user has to know what it can no longer do.
      this.#mayHaveSession = false;
      if (!this.#hasLostControl)
        this.#error('the daemon has left the call: nothing is written down or worked on');
      this.#hasLostControl = true;
      return;
    }
    this.#mayHaveSession = false;
    this.#fail(
      new VoiceCallError('failed', this.#lastErrorMessage ?? 'the call was closed before it was up'),
    );
    if (this.#wasActive) {
      // A service whose media has gone may hang up before the daemon has stopped it, which was asked for all the same.
      const wasAsked = this.#state === 'stopping' && reason === 'transport_closed';
      this.#finish(
        this.#ownEnd ?? {
          reason: wasAsked ? 'requested' : reason,
          errorMessage: reason === 'error' ? this.#lastErrorMessage : null,
        },
      );
    } else this.#end.resolve({ reason, errorMessage: null });
  }

  #onItem(item: unknown): void {
    if (!this.#isLive()) return;
    if (isInterruption(item) && this.#media !== null) {
      this.#noteInterruption(this.#media);
      this.#media.interruptedByService();
    }
    const request = handoffRequest(item);
    if (request !== null) this.timeline.delegated(request);
    this.#tell(() => this.#on.item?.(item));
  }

  /** A page that goes away sends nothing later; this runs to its end before the browser lets go of it. */
  #leave(): void {
    this.#fail(abortedError());
    if (this.#wasActive) void this.stop();
  }

  #endBy(end: VoiceCallEnd): void {
    this.#stopping ??= this.#hangUp(end);
  }

  /** Ends a call that was up, for a reason of this side; that is the reason it is given, whatever the daemon says of its end. */
  async #hangUp(end: VoiceCallEnd): Promise<void> {
    if (this.#state === 'closed') return;
    this.#ownEnd = end;
    this.#setState('stopping');
    // The daemon is asked first: the service might take the end of the media for the end of the call.
    const stopped = this.#stopSession();
    this.#releases.release();
    const isConfirmed = await stopped;
    const isUnconfirmed = !isConfirmed && end.reason === 'requested';
    this.#finish(isUnconfirmed ? { ...end, reason: 'unconfirmed' } : end);
  }

  /** Lets go of a start that failed. What the daemon still says of it must be over before another start. */
  async #abandon(): Promise<void> {
    this.#setState('stopping');
    const stopped = this.#stopSession();
    this.#releases.release();
    await stopped;
    this.#unsubscribe();
    this.#setState('closed');
    this.#end.resolve({ reason: 'error', errorMessage: null });
  }

  /** Has the daemon end its session, if there may be one. Gives whether the end was confirmed. */
  async #stopSession(): Promise<boolean> {
    if (!this.#mayHaveSession) return true;
    const { client } = this.#options;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const timeout = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), STOP_TIMEOUT_MS);
    });
    // Whether it could be asked to does not change that the call is over here; the timeout says what came of it.
    client
      .request('thread/realtime/stop', { threadId: this.threadId }, { timeoutMs: STOP_TIMEOUT_MS })
      .catch(() => {});
    const isConfirmed = await Promise.race([this.closed.then(() => true), timeout]);
    clearTimeout(timer);
    return isConfirmed;
  }

  #finish(end: VoiceCallEnd): void {
    if (this.#state === 'closed') return;
    this.#releases.release();
    this.#unsubscribe();
    this.timeline.add({ kind: 'closed', reason: end.reason });
    this.#setState('closed');
    this.#end.resolve(end);
    this.#tell(() => this.#on.closed?.(end.reason));
  }

  #unsubscribe(): void {
    for (const unsubscribe of this.#subscriptions.splice(0)) unsubscribe();
  }

  #noteInterruption(media: CallMedia): void {
    if (media.isPlaying) this.timeline.interrupted(media.currentItemId, media.playedMs);
  }

  #error(message: string): void {
    this.timeline.add({ kind: 'error', message });
    this.#tell(() => this.#on.error?.(message));
  }

  #setState(state: VoiceCallState): void {
    this.#state = state;
    this.timeline.add({ kind: 'state', state });
    this.#tell(() => this.#on.state?.(state));
  }

  /** A listener that fails must not keep the call from being let go of; its error surfaces as an uncaught one. */
  #tell(action: () => void): void {
    try {
      action();
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }

  /** Whether what comes belongs to this call and is still wanted. */
  #isLive(): boolean {
    return this.#hasStarted && (this.#state === 'starting' || this.#state === 'active');
  }

  /** Listens to the notifications of this thread. */
  #listen<N extends ThreadNotification>(name: N, listener: (params: NotificationParamsOf<N>) => void): void {
    this.#subscriptions.push(
      this.#options.client.onNotification(name, (params) => {
        if ((params as { readonly threadId: string }).threadId === this.threadId) listener(params);
      }),
    );
  }
}

type ThreadNotification = Extract<
  NotificationName,
  `thread/realtime/${string}` | 'turn/started' | 'turn/completed'
>;

function abortedError(): VoiceCallError {
  return new VoiceCallError('aborted', 'the start of the call was given up');
}
