import type { TurnStatus } from '../../protocol/index.ts';
import type {
  ClientEvent,
  RealtimeEvent,
  RealtimeEventOf,
  RealtimeSocket,
  SocketEnd,
  TranscriptRole,
  WireVersion,
} from '../../realtime/index.ts';
import { chunkDurationMs, decodeFrame } from '../../realtime/index.ts';
import { errorMessage } from '../../util/errors.ts';
import type { Logger } from '../../util/logger.ts';
import type { Redactor } from '../../util/redactor.ts';
import { fitted } from '../../util/text-budget.ts';
import type { EmitCoreEvent } from '../events.ts';
import { delegation, isStopRequest } from './delegation.ts';
import type { Delegation } from './delegation.ts';
import { Handoffs } from './handoffs.ts';
import type { HandoffOutcome } from './handoffs.ts';
import { Playback } from './playback.ts';
import { ResponseQueue } from './response-queue.ts';
import { Transcript } from './transcript.ts';
import { Utterances } from './utterances.ts';

/**
 * Hands a request of the voice model to the agent. Resolves when a turn has taken it, or it is clear that none will. `run`
 * is to be called when the outcome has been noted.
 */
export type Delegate = (delegation: Delegation) => Promise<{ outcome: HandoffOutcome; run: () => void }>;

/** How many requests of the voice model may wait to be taken. */
const MAX_WAITING_REQUESTS = 32;

/** Why a session that ended by itself ended. */
export type EndReason = 'transport_closed' | 'error';

export interface LiveSessionOptions {
  readonly threadId: string;
  readonly version: WireVersion;
  readonly socket: RealtimeSocket;
  readonly emit: EmitCoreEvent;
  readonly logger: Logger;
  /** Applied to everything that the upstream says of an error. */
  readonly redactor: Redactor;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
  /** Called once, when the session ended by itself; not after `dispose`. */
  readonly onEnd: (reason: EndReason) => void;
  /** Called for everything that either side has said, once it is whole. */
  readonly onUtterance: (role: TranscriptRole, text: string) => void;
  readonly delegate: Delegate;
}

/**
 * One connected session: upstream events in, core events out. After it has ended, by itself or by `dispose`, it
 * emits nothing.
 */
export class LiveSession {
  readonly #options: LiveSessionOptions;
  readonly #transcript = new Transcript();
  readonly #utterances: Utterances;
  readonly #playback: Playback;
  readonly #responses: ResponseQueue;
  readonly #handoffs: Handoffs;
  #routing: Promise<void> = Promise.resolve();
  #waitingRequests = 0;
  #hasEnded = false;

  constructor(options: LiveSessionOptions) {
    this.#options = options;
    this.#playback = new Playback(options.now);
    this.#utterances = new Utterances(options.onUtterance);
    const { version } = options;
    const { responseCreate } = version;
    this.#responses = new ResponseQueue(() => {
      if (responseCreate !== null) this.#send(responseCreate);
    });
    this.#handoffs = new Handoffs({
      version,
      send: (event) => this.#send(event),
      requestResponse: () => {
        if (responseCreate !== null) this.#responses.request();
      },
    });
  }

  /** Starts reading upstream events. */
  listen(): void {
    this.#options.socket.listen({
      onText: (frame) => this.#handle(decodeFrame(frame, this.#options.version.decoders)),
      onEnd: (end) => this.#endOfSocket(end),
    });
  }

  get hasEnded(): boolean {
    return this.#hasEnded || this.#options.socket.hasEnded;
  }

  get isFull(): boolean {
    return this.#options.socket.isFull;
  }

  /** Resolves when the upstream has taken enough for more to be sent, or the session has ended. */
  writable(): Promise<void> {
    return this.#options.socket.writable();
  }

  /** Sends a chunk of base64 PCM16 as it is. */
  sendAudio(data: string): void {
    this.#options.socket.send(`{"type":"input_audio_buffer.append","audio":${JSON.stringify(data)}}`);
  }

  sendText(text: string): void {
    this.#send(this.#options.version.userText(text));
    this.#utterances.typed(text);
  }

  /** Shows the voice model what the user has typed to the agent, shortened. */
  mirrorText(text: string): void {
    const { version } = this.#options;
    this.#send(version.userText(fitted(version.markUserText(text), MAX_MIRRORED_TOKENS)));
  }

  /** The agent has finished a message in a turn. */
  agentMessage(turnId: string, text: string): void {
    if (!this.hasEnded) this.#handoffs.agentMessage(turnId, text);
  }

  /** A turn of the agent has ended. */
  turnEnded(turnId: string, status: TurnStatus, error: string | null): void {
    if (!this.hasEnded) this.#handoffs.turnEnded(turnId, status, error);
  }

  /** Stops and resumes reading upstream events, for a client that does not keep up. */
  pause(): void {
    this.#options.socket.pause();
  }

  resume(): void {
    this.#options.socket.resume();
  }

  /** Ends the session without a word. Idempotent. */
  dispose(): void {
    this.#hasEnded = true;
    this.#utterances.end();
    this.#options.socket.close();
  }

  #handle(event: RealtimeEvent): void {
    if (this.#hasEnded) return;
    (this.#handlers[event.type] as (event: RealtimeEvent) => void)(event);
  }

  /** One row for each type of event. What is written upstream because of an event goes before its notification. */
  readonly #handlers: { readonly [T in RealtimeEvent['type']]: (event: RealtimeEventOf<T>) => void } = {
    outputAudio: ({ audio }) => {
      this.#playback.receive(audio.itemId, chunkDurationMs(audio));
      this.#options.emit('realtimeOutputAudioDelta', { threadId: this.#options.threadId, audio });
    },
    transcriptDelta: ({ role, itemId, delta }) => {
      this.#transcript.addDelta(role, delta);
      this.#utterances.delta(role, itemId, delta);
      this.#options.emit('realtimeTranscriptDelta', { threadId: this.#options.threadId, role, delta });
    },
    transcriptDone: ({ role, itemId, text }) => {
      this.#transcript.replaceText(role, text);
      this.#utterances.done(role, itemId, text);
      this.#options.emit('realtimeTranscriptDone', { threadId: this.#options.threadId, role, text });
    },
    speechStarted: ({ itemId }) => {
      this.#transcript.beginEntry('user');
      this.#utterances.begin(itemId);
      this.#truncatePlayback();
      this.#emitItem({ type: 'input_audio_buffer.speech_started', item_id: itemId });
    },
    responseCreated: ({ responseId }) => {
      this.#responses.created(responseId);
      this.#transcript.beginEntry('assistant');
    },
    responseCancelled: ({ responseId }) => {
      this.#responses.finished(responseId);
      this.#playback.interrupt();
      this.#utterances.endResponse();
      this.#emitItem({ type: 'response.cancelled', response_id: responseId });
    },
    responseDone: ({ responseId }) => {
      this.#responses.finished(responseId);
      this.#utterances.endResponse();
    },
    itemAdded: ({ item }) => this.#emitItem(item),
    itemDone: () => {},
    handoffRequested: ({ handoffId, itemId, inputTranscript }) => {
      const said = this.#transcript.handOff(inputTranscript);
      this.#utterances.handOff();
      this.#emitItem({
        type: 'handoff_request',
        handoff_id: handoffId,
        item_id: itemId,
        input_transcript: inputTranscript,
        active_transcript: said,
      });
      this.#route(handoffId, delegation(inputTranscript, said));
    },
    silenceRequested: ({ callId }) => {
      const output = this.#options.version.toolOutput(callId, '');
      if (output !== null) this.#send(output);
    },
    error: ({ message, severity }) => {
      if (severity === 'responseActive') return this.#responses.refused();
      if (severity === 'recoverable') this.#responses.failed();
      this.#emitError(message);
      if (severity === 'fatal') this.#end('error');
    },
    sessionUpdated: () => {},
    ignored: ({ reason }) =>
      this.#options.logger.debug({ threadId: this.#options.threadId, reason }, 'ignored an upstream frame'),
  };

  #emitError(message: string): void {
    const { emit, redactor, threadId } = this.#options;
    emit('realtimeError', { threadId, message: redactor.apply(message) });
  }

  #emitItem(item: unknown): void {
    this.#options.emit('realtimeItemAdded', { threadId: this.#options.threadId, item });
  }

  /** The user speaks over the assistant: what was not heard must not count as said. */
  #truncatePlayback(): void {
    const played = this.#playback.interrupt();
    if (played === null) return;
    const truncate = this.#options.version.truncate(played.itemId, played.audioEndMs);
    if (truncate !== null) this.#send(truncate);
  }

  /** Calls are dealt with one after the other, while events and audio go on. */
  #route(callId: string, request: Delegation | null): void {
    if (request === null) return this.#handoffs.routed(callId, { kind: 'empty' });
    if (this.#waitingRequests >= MAX_WAITING_REQUESTS) {
      return this.#handoffs.routed(callId, { kind: 'refused', reason: 'too many requests wait already' });
    }
    this.#waitingRequests += 1;
    this.#routing = this.#routing.then(async () => {
      if (isStopRequest(request.request)) this.#handoffs.stopRequested();
      const { outcome, run } = await this.#options.delegate(request).catch(refusedRoute);
      this.#waitingRequests -= 1;
      if (!this.hasEnded) this.#handoffs.routed(callId, outcome);
      run();
    });
  }

  #send(event: ClientEvent): void {
    this.#options.socket.send(JSON.stringify(event));
  }

  #endOfSocket(end: SocketEnd): void {
    if (this.#hasEnded) return;
    if (end.kind === 'closed') return this.#end('transport_closed');
    this.#emitError(end.message);
    this.#end('error');
  }

  #end(reason: EndReason): void {
    if (this.#hasEnded) return;
    this.dispose();
    this.#options.onEnd(reason);
  }
}

/** How much of what the user types to the agent the voice model is shown. */
const MAX_MIRRORED_TOKENS = 300;

function refusedRoute(error: unknown): Awaited<ReturnType<Delegate>> {
  return { outcome: { kind: 'refused', reason: errorMessage(error) }, run: () => {} };
}
