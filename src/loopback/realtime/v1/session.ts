import { errorMessage } from '../../../util/errors.ts';
import { internalProblem, invalidRequest } from '../../api-error.ts';
import type { ApiProblem } from '../../api-error.ts';
import type { LoopbackContext } from '../../context.ts';
import { splitWords } from '../../words.ts';
import { echoAnswer, wordsAnswer } from '../answer.ts';
import { readAppendedAudio } from '../appended-audio.ts';
import { InputAudio } from '../input-audio.ts';
import type { EventOutlet, RealtimeSession } from '../session.ts';
import { interpretText } from '../typed-text.ts';
import type { Utterance } from '../utterance.ts';
import type { VoiceOutput } from '../voice-output.ts';
import { heardText, missingToolText, reportText, typedText } from '../wording.ts';
import { readClientEvent } from './client-events.ts';
import type { ClientEvent, ClientEventOf, SessionUpdate } from './client-events.ts';
import { Speaker } from './speaker.ts';

export interface SessionV1Options {
  readonly outlet: EventOutlet;
  readonly context: LoopbackContext;
  readonly id: string;
  /** Where answers play; null sends their audio in events. */
  readonly voice: VoiceOutput | null;
  /** What the session is made with, or null for the defaults. */
  readonly update: SessionUpdate | null;
}

/** This version has no settings for it. */
const DETECTION = { threshold: 0.5, prefixMs: 300, silenceMs: 500 };

/** Reports to handoffs before this many are no longer taken. */
const MOST_HANDOFFS = 100;

/** What a client puts before each report. */
const REPORT_HEADING = '"Agent Final Message":\n\n';

/** A session of version 1: a small set of events, and no word about where an utterance or an answer begins or ends. */
export class SessionV1 implements RealtimeSession {
  readonly #outlet: EventOutlet;
  readonly #context: LoopbackContext;
  readonly #id: string;
  readonly #speaker: Speaker;
  readonly #audio: InputAudio;
  #instructions: string;
  #handoffs: string[] = [];

  constructor({ outlet, context, id, voice, update }: SessionV1Options) {
    const { clock } = context;
    this.#outlet = outlet;
    this.#context = context;
    this.#id = id;
    this.#instructions = update?.instructions ?? '';
    this.#speaker = new Speaker({ clock, outlet, send: (event) => outlet.send(event), voice });
    this.#audio = new InputAudio(DETECTION, clock, {
      speechStarted: () => this.#speaker.hush(),
      speechStopped: (_endMs, utterance) => this.#heard(utterance),
    });
  }

  /** This version says nothing until it is spoken to. */
  greet(): void {}

  receiveText(frame: string): void {
    const outcome = readClientEvent(frame);
    const problem = outcome.ok ? this.#handle(outcome.event) : outcome.problem;
    if (problem !== null) this.#refuse(problem, outcome.eventId);
  }

  receiveBinary(): void {
    this.#refuse(
      invalidRequest('invalid_event', 'Events are text frames; a binary one says nothing here.'),
      null,
    );
  }

  receiveAudio(samples: Uint8Array): void {
    this.#audio.append(samples);
  }

  expire(): void {
    const message = 'The session has reached its longest duration of 60 minutes.';
    this.#refuse(invalidRequest('session_expired', message), null);
  }

  dispose(): void {
    this.#audio.dispose();
    this.#speaker.dispose();
  }

  /** A defect must cost one event, not the session. */
  #handle(event: ClientEvent): ApiProblem | null {
    try {
      switch (event.type) {
        case 'session.update':
          return this.#update(event);
        case 'input_audio_buffer.append':
          return this.#append(event);
        case 'conversation.item.create':
          return this.#text(event);
        case 'conversation.handoff.append':
          return this.#report(event);
      }
    } catch (error) {
      this.#context.onEvent({ name: 'internal_error', event: event.type, message: errorMessage(error) });
      return internalProblem();
    }
  }

  #update({ session }: ClientEventOf<'session.update'>): null {
    this.#instructions = session.instructions ?? this.#instructions;
    const updated = { id: this.#id, instructions: this.#instructions };
    this.#outlet.send({ type: 'session.updated', session: updated });
    return null;
  }

  #append({ audio }: ClientEventOf<'input_audio_buffer.append'>): ApiProblem | null {
    const outcome = readAppendedAudio(audio);
    if (!outcome.ok) return outcome.problem;
    this.#audio.append(outcome.samples);
    return null;
  }

  #text({ item }: ClientEventOf<'conversation.item.create'>): ApiProblem | null {
    if (this.#speaker.isFull) return tooManyWaiting();
    const added = { id: this.#context.newId('item'), status: 'completed', ...item };
    this.#outlet.send({ type: 'conversation.item.added', item: added });
    this.#outlet.send({ type: 'conversation.item.done', item: added });
    const typed = interpretText(item.content.map(({ text }) => text).join(''));
    if (typed.kind === 'say') this.#say(typedText(typed.text));
    if (typed.kind === 'agent') this.#handOff(added.id, typed.prompt);
    if (typed.kind === 'silent') this.#say(missingToolText('remain_silent'));
    return null;
  }

  #report({
    handoff_id: handoffId,
    output_text: text,
  }: ClientEventOf<'conversation.handoff.append'>): ApiProblem | null {
    if (!this.#handoffs.includes(handoffId)) {
      return invalidRequest('item_not_found', 'There is no handoff with this id.', 'handoff_id');
    }
    if (this.#speaker.isFull) return tooManyWaiting();
    this.#say(reportText(text.startsWith(REPORT_HEADING) ? text.slice(REPORT_HEADING.length) : text));
    return null;
  }

  #handOff(itemId: string, prompt: string): void {
    const handoffId = this.#context.newId('handoff');
    this.#handoffs = [...this.#handoffs, handoffId].slice(-MOST_HANDOFFS);
    this.#outlet.send({
      type: 'conversation.handoff.requested',
      handoff_id: handoffId,
      item_id: itemId,
      input_transcript: prompt,
    });
  }

  #heard(utterance: Utterance): void {
    for (const delta of splitWords(heardText(utterance))) {
      this.#outlet.send({ type: 'conversation.input_transcript.delta', delta });
    }
    if (!this.#speaker.isFull) this.#speaker.say(() => echoAnswer(utterance.audio, utterance));
    this.#speaker.release();
  }

  #say(text: string): void {
    this.#speaker.say(() => wordsAnswer(text));
  }

  #refuse(problem: ApiProblem, eventId: string | null): void {
    this.#context.onEvent({ name: 'realtime_error', code: problem.code, param: problem.param });
    this.#outlet.send({ type: 'error', error: { ...problem, event_id: eventId } });
  }
}

function tooManyWaiting(): ApiProblem {
  return invalidRequest('too_many_waiting_items', 'Too many items wait for an answer.');
}
