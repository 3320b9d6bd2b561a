import type { LoopbackClock } from '../../clock.ts';
import type { NewId } from '../../ids.ts';
import { splitWords } from '../../words.ts';
import { InputAudio } from '../input-audio.ts';
import { committedUtterance } from '../utterance.ts';
import type { Utterance } from '../utterance.ts';
import { heardText } from '../wording.ts';
import type { Conversation } from './conversation.ts';
import { userAudioEntry, withInputTranscript } from './items.ts';
import type { Emit } from './server-events.ts';
import { detectionSettings } from './session-settings.ts';
import type { EffectiveSession } from './session-settings.ts';
import type { Turns } from './turns.ts';

export interface ListeningOptions {
  readonly session: () => EffectiveSession;
  readonly conversation: Conversation;
  readonly turns: Turns;
  readonly clock: LoopbackClock;
  readonly newId: NewId;
  readonly emit: Emit;
}

/** Turns the audio of the caller into items of the conversation, with the events that tell of it. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #audio: InputAudio;
  /** The item that the speech under way will become. */
  #comingId: string | null = null;

  constructor(options: ListeningOptions) {
    this.#options = options;
    const { turn_detection: detection } = options.session().audio.input;
    this.#audio = new InputAudio(detectionSettings(detection), options.clock, {
      speechStarted: (startMs) => this.#speechStarted(startMs),
      speechStopped: (endMs, utterance) => this.#speechStopped(endMs, utterance),
    });
  }

  get receivedMs(): number {
    return this.#audio.receivedMs;
  }

  get isSpeaking(): boolean {
    return this.#audio.isSpeaking;
  }

  /** Takes over the turn detection of the session as it is now. */
  configure(): void {
    this.#audio.configure(detectionSettings(this.#options.session().audio.input.turn_detection));
  }

  /** False means that the buffer is full. */
  append(samples: Uint8Array): boolean {
    return this.#audio.append(samples);
  }

  /** Makes an item out of what is in the buffer, without a response. False means that there is too little. */
  commit(): boolean {
    const utterance = this.#audio.commit();
    if (utterance === null) return false;
    const itemId = this.#takeComingId();
    this.#add(itemId, utterance);
    this.#options.turns.audioAdded(itemId, false);
    this.#options.turns.speechEnded();
    return true;
  }

  clear(): void {
    this.#audio.clear();
    this.#comingId = null;
    this.#options.turns.speechEnded();
  }

  /** Commits the silence since a time, because it has become too long. */
  commitSilence(sinceMs: number): void {
    const itemId = this.#takeComingId();
    this.#options.emit({
      type: 'input_audio_buffer.timeout_triggered',
      item_id: itemId,
      audio_start_ms: sinceMs,
      audio_end_ms: this.receivedMs,
    });
    this.#addItem(itemId, committedUtterance(new Uint8Array(0)));
  }

  dispose(): void {
    this.#audio.dispose();
  }

  #speechStarted(startMs: number): void {
    const { session, turns, newId, emit } = this.#options;
    this.#comingId = newId('item');
    emit({ type: 'input_audio_buffer.speech_started', item_id: this.#comingId, audio_start_ms: startMs });
    turns.speechStarted(session().audio.input.turn_detection?.interrupt_response ?? false);
  }

  #speechStopped(endMs: number, utterance: Utterance): void {
    const { session, turns, emit } = this.#options;
    const itemId = this.#takeComingId();
    emit({ type: 'input_audio_buffer.speech_stopped', item_id: itemId, audio_end_ms: endMs });
    this.#add(itemId, utterance);
    turns.audioAdded(itemId, session().audio.input.turn_detection?.create_response ?? false);
    turns.speechEnded();
  }

  #add(itemId: string, utterance: Utterance): void {
    this.#addItem(itemId, utterance);
    if (this.#options.session().audio.input.transcription !== null) this.#transcribe(itemId, utterance);
  }

  #addItem(itemId: string, utterance: Utterance): void {
    const { conversation, emit } = this.#options;
    const entry = userAudioEntry(itemId, utterance);
    const previousId = conversation.insert(entry);
    emit({ type: 'input_audio_buffer.committed', item_id: itemId, previous_item_id: previousId });
    emit({ type: 'conversation.item.added', previous_item_id: previousId, item: entry.item });
    emit({ type: 'conversation.item.done', previous_item_id: previousId, item: entry.item });
  }

  #transcribe(itemId: string, utterance: Utterance): void {
    const { conversation, emit } = this.#options;
    const transcript = heardText(utterance);
    const place = { item_id: itemId, content_index: 0 };
    for (const delta of splitWords(transcript)) {
      emit({ type: 'conversation.item.input_audio_transcription.delta', ...place, delta });
    }
    emit({
      type: 'conversation.item.input_audio_transcription.completed',
      ...place,
      transcript,
      usage: { type: 'duration', seconds: utterance.spokenMs / 1000 },
    });
    const entry = conversation.find(itemId);
    if (entry !== null) entry.item = withInputTranscript(entry.item, transcript);
  }

  #takeComingId(): string {
    const itemId = this.#comingId ?? this.#options.newId('item');
    this.#comingId = null;
    return itemId;
  }
}
