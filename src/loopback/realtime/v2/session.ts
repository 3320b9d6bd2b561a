import { errorMessage } from '../../../util/errors.ts';
import { internalProblem, invalidRequest } from '../../api-error.ts';
import type { ApiProblem } from '../../api-error.ts';
import type { LoopbackContext } from '../../context.ts';
import type { EventOutlet, RealtimeSession } from '../session.ts';
import type { VoiceOutput } from '../voice-output.ts';
import { readClientEvent } from './client-events.ts';
import { Conversation } from './conversation.ts';
import { handle } from './handlers.ts';
import { IdleTimer } from './idle-timer.ts';
import { Listening } from './listening.ts';
import { OutputBuffer } from './output-buffer.ts';
import type { ServerEvent } from './server-events.ts';
import type { SessionUpdate } from './session-schema.ts';
import { newSession, updateSession } from './session-settings.ts';
import type { EffectiveSession } from './session-settings.ts';
import { Turns } from './turns.ts';

export interface SessionV2Options {
  readonly outlet: EventOutlet;
  readonly context: LoopbackContext;
  readonly id: string;
  readonly model: string;
  /** In milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  /** Where answers play; null sends their audio in events. */
  readonly voice: VoiceOutput | null;
  /** What the session is made with, or null for the defaults. */
  readonly update: SessionUpdate | null;
}

/** A session of version 2: it holds the settings and joins the parts. */
export class SessionV2 implements RealtimeSession {
  readonly #outlet: EventOutlet;
  readonly #context: LoopbackContext;
  readonly #conversation = new Conversation();
  readonly #outputBuffer: OutputBuffer | null;
  readonly #turns: Turns;
  readonly #listening: Listening;
  readonly #idleTimer: IdleTimer;
  #settings: EffectiveSession;
  #isFirstUpdate: boolean;
  #hasSpoken = false;

  constructor({ outlet, context, id, model, expiresAt, voice, update }: SessionV2Options) {
    const { clock, newId } = context;
    this.#outlet = outlet;
    this.#context = context;
    this.#settings = newSession({ id, model, expires_at: Math.floor(expiresAt / 1000) }, update);
    this.#isFirstUpdate = update === null;
    const shared = {
      session: () => this.#settings,
      conversation: this.#conversation,
      clock,
      newId,
      emit: this.#emit,
    };
    const outputBuffer = voice && new OutputBuffer({ ...shared, voice });
    this.#outputBuffer = outputBuffer;
    this.#turns = new Turns({
      ...shared,
      conversationId: newId('conv'),
      outlet,
      outputBuffer,
      onIdle: () => this.#awaitCaller(),
    });
    this.#listening = new Listening({ ...shared, turns: this.#turns });
    this.#idleTimer = new IdleTimer(clock, (sinceMs) => {
      this.#listening.commitSilence(sinceMs);
      this.#turns.idled();
    });
  }

  greet(send: (event: object) => void): void {
    send(this.#numbered({ type: 'session.created', session: this.#settings }));
  }

  receiveText(frame: string): void {
    const outcome = readClientEvent(frame);
    if (!outcome.ok) return this.#refuse(outcome.problem, outcome.eventId);
    const problem = this.#handle(outcome.event);
    if (problem !== null) this.#refuse(problem, outcome.event.event_id ?? null);
  }

  receiveBinary(): void {
    this.#refuse(
      invalidRequest('invalid_event', 'Events are text frames; a binary one says nothing here.'),
      null,
    );
  }

  /** Audio for which there is no room is lost, until the buffer is committed or cleared. */
  receiveAudio(samples: Uint8Array): void {
    this.#listening.append(samples);
  }

  expire(): void {
    const message = 'The session has reached its longest duration of 60 minutes.';
    this.#refuse(invalidRequest('session_expired', message), null);
  }

  dispose(): void {
    this.#idleTimer.stop();
    this.#listening.dispose();
    this.#turns.dispose();
  }

  /** A defect must cost one event, not the session. */
  #handle(event: Parameters<typeof handle>[0]): ApiProblem | null {
    try {
      return handle(event, {
        conversation: this.#conversation,
        listening: this.#listening,
        turns: this.#turns,
        outputBuffer: this.#outputBuffer,
        newId: this.#context.newId,
        emit: this.#emit,
        update: this.#update,
      });
    } catch (error) {
      this.#context.onEvent({ name: 'internal_error', event: event.type, message: errorMessage(error) });
      return internalProblem();
    }
  }

  readonly #update = (update: SessionUpdate): ApiProblem | null => {
    const context = { isFirstUpdate: this.#isFirstUpdate, hasSpoken: this.#hasSpoken };
    const outcome = updateSession(this.#settings, update, context);
    if (!outcome.ok) return outcome.problem;
    this.#settings = outcome.session;
    this.#isFirstUpdate = false;
    this.#emit({ type: 'session.updated', session: this.#settings });
    this.#listening.configure();
    return null;
  };

  /** Nothing is being said any more; from here on the caller's silence counts. */
  #awaitCaller(): void {
    const detection = this.#settings.audio.input.turn_detection;
    if (detection?.type !== 'server_vad' || detection.idle_timeout_ms === null) return;
    if (!this.#listening.isSpeaking)
      this.#idleTimer.start(detection.idle_timeout_ms, this.#listening.receivedMs);
  }

  readonly #emit = (event: ServerEvent): void => {
    const { type } = event;
    if (type === 'response.output_audio.delta' || type === 'output_audio_buffer.started')
      this.#hasSpoken = true;
    if (type === 'input_audio_buffer.speech_started' || type === 'response.created') this.#idleTimer.stop();
    this.#outlet.send(this.#numbered(event));
  };

  #numbered({ type, ...fields }: ServerEvent): object {
    return { type, event_id: this.#context.newId('event'), ...fields };
  }

  #refuse(problem: ApiProblem, eventId: string | null): void {
    this.#context.onEvent({ name: 'realtime_error', code: problem.code, param: problem.param });
    this.#emit({ type: 'error', error: { ...problem, event_id: eventId } });
  }
}
