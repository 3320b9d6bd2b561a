import type { RealtimeCallEvents } from '../../client/index.ts';
import type { AnswerAudio } from './answer-audio.ts';
import { Answers } from './answers.ts';
import { requestOf } from './delegated-request.ts';
import { EndOfCall } from './end-of-call.ts';
import type { Verdict } from './end-of-call.ts';
import { Latency, SpeechGate } from '../../client/voice/index.ts';
import type { CallState } from './live-line.ts';
import type { CallTally } from './summary.ts';
import { Transcript } from './transcript.ts';

/** How long the screen shows that an answer was interrupted. */
const INTERRUPTED_SHOWN_MS = 1_000;

/** How long an answer may pause, for want of audio, before it looks ended. */
const SPEAKING_LINGER_MS = 300;

const END_OF_CALL = { quietMs: 1_500, answerMs: 15_000, workMs: 300_000 };

export interface CallProgressOptions {
  readonly modality: 'audio' | 'text';
  /** In a transcription session nothing answers: each finished transcript of the user counts as the answer. */
  readonly isTranscription: boolean;
  /** Whether audio is sent, or a text is known that will be. */
  readonly expectsAnswer: boolean;
  readonly audio: AnswerAudio;
  readonly now: () => number;
  /** A finished line of the conversation. */
  readonly onLine: (speaker: string, text: string) => void;
  /** The voice model hands a request over; it may be empty. */
  readonly onDelegated: (request: string) => void;
  readonly onError: (message: string) => void;
}

/** Follows one call from both sides: what was sent, what came back, what it adds up to, and when it is over. */
export class CallProgress {
  readonly #options: CallProgressOptions;
  readonly #endOfCall: EndOfCall;
  readonly #answers = new Answers();
  readonly #latency = new Latency();
  readonly #gate = new SpeechGate();
  readonly #user = new Transcript();
  readonly #assistant = new Transcript();
  /** Version 1 of the wire reports neither speech nor the end of a transcript: the input has to stand in for them. */
  #reportsSpeech = true;
  #hasSpokenSinceAnswer = false;
  #isFirstAudioDue = false;
  #interruptedAt = Number.NEGATIVE_INFINITY;
  #level: number | null = null;
  #speechSegments = 0;
  #userTranscripts = 0;
  #texts = 0;
  #interruptions = 0;
  #bytesSent = 0;
  #bytesReceived = 0;
  #badChunks = 0;

  constructor(options: CallProgressOptions) {
    this.#options = options;
    this.#endOfCall = new EndOfCall({ ...END_OF_CALL, expectsAnswer: options.expectsAnswer });
  }

  /** What the call has to tell. */
  get events(): RealtimeCallEvents {
    return {
      onAudio: (chunk) => this.#audio(chunk),
      onTranscriptDelta: (role, delta) => this.#transcriptDelta(role, delta),
      onTranscriptDone: (role, text) => this.#transcriptDone(role, text),
      onItem: (item) => this.#item(item),
      onError: (message) => this.#options.onError(message),
    };
  }

  started(version: 'v1' | 'v2' | null): void {
    this.#reportsSpeech = version !== 'v1';
  }

  frameSent(bytes: number, rms: number): void {
    const now = this.#options.now();
    this.#bytesSent += bytes;
    this.#level = rms;
    if (!this.#gate.isSpeech(rms)) return;
    this.#latency.speechFrame(now);
    this.#hasSpokenSinceAnswer = true;
    if (!this.#reportsSpeech) this.#endOfCall.userSpoke(now);
  }

  textSent(): void {
    const now = this.#options.now();
    this.#texts += 1;
    this.#answers.asked();
    this.#latency.textSent(now);
    this.#endOfCall.userSpoke(now);
  }

  inputEnded(): void {
    this.#endOfCall.inputEnded(this.#options.now());
  }

  /** The agent began to work. */
  workBegan(): void {
    this.#endOfCall.workBegan(this.#options.now());
  }

  workGoesOn(): void {
    this.#endOfCall.workGoesOn(this.#options.now());
  }

  workEnded(): void {
    const now = this.#options.now();
    this.#endOfCall.workEnded(now);
    this.#latency.workEnded(now);
    // Where neither speech nor the end of an answer is reported, this is what tells the next answer from the last.
    if (this.#reportsSpeech) return;
    this.#answers.speech();
    this.#tellUnfinished('answer', this.#assistant);
  }

  verdict(): Verdict {
    return this.#endOfCall.verdict(this.#options.now());
  }

  /** The call is over: what was left open is told. */
  end(): void {
    this.#options.audio.end(this.#options.now());
    this.#nextUtterance();
  }

  get state(): CallState {
    const now = this.#options.now();
    if (now - this.#interruptedAt < INTERRUPTED_SHOWN_MS) return 'interrupted';
    return this.#options.audio.isPlaying(now - SPEAKING_LINGER_MS) ? 'speaking' : 'listening';
  }

  /** Root mean square of the newest input frame; null before the first. */
  get level(): number | null {
    return this.#level;
  }

  get transcripts(): { readonly user: string; readonly assistant: string } {
    return { user: this.#user.view, assistant: this.#assistant.view };
  }

  get tally(): CallTally {
    return {
      utterances: this.#speechSegments > 0 ? this.#speechSegments : this.#userTranscripts,
      texts: this.#texts,
      answers: this.#answers.count,
      interruptions: this.#interruptions,
      latencies: this.#latency.samples,
      bytesSent: this.#bytesSent,
      bytesReceived: this.#bytesReceived,
      badChunks: this.#badChunks,
    };
  }

  #audio(chunk: Parameters<NonNullable<RealtimeCallEvents['onAudio']>>[0]): void {
    const now = this.#options.now();
    const bytes = this.#options.audio.receive(chunk, now);
    if (bytes === 'late') return;
    if (bytes === 'bad') {
      this.#badChunks += 1;
      return;
    }
    this.#bytesReceived += bytes;
    this.#assistantOutput(this.#answers.audio(chunk.itemId, now), now);
    if (!this.#isFirstAudioDue) return;
    this.#isFirstAudioDue = false;
    if (this.#options.modality === 'audio') this.#latency.answerBegan(now);
  }

  #transcriptDelta(role: string, delta: string): void {
    const now = this.#options.now();
    if (role === 'assistant') {
      const isNew = this.#answers.transcriptDelta(now);
      if (isNew) this.#tellUnfinished('answer', this.#assistant);
      this.#assistant.add(delta);
      this.#assistantOutput(isNew, now);
      return;
    }
    if (!this.#reportsSpeech && this.#hasSpokenSinceAnswer && this.#answers.count > 0) this.#nextUtterance();
    if (this.#user.isDone) this.#userTranscripts += 1;
    this.#user.add(delta);
    this.#endOfCall.heard(now);
  }

  #transcriptDone(role: string, text: string): void {
    const now = this.#options.now();
    if (role === 'assistant') {
      this.#assistantOutput(this.#answers.transcriptDone(now), now);
      this.#tell('answer', this.#assistant.finish(text));
      return;
    }
    if (this.#user.isDone) this.#userTranscripts += 1;
    this.#tell('you', this.#user.finish(text));
    if (this.#options.isTranscription) this.#endOfCall.answerBegan(now);
    else this.#endOfCall.heard(now);
  }

  /** Any output of the assistant; the first of an answer settles what is owed. */
  #assistantOutput(isNew: boolean, now: number): void {
    if (!isNew) {
      this.#endOfCall.heard(now);
      return;
    }
    this.#endOfCall.answerBegan(now);
    this.#isFirstAudioDue = true;
    this.#hasSpokenSinceAnswer = false;
    if (this.#options.modality === 'text') this.#latency.answerBegan(now);
  }

  /** What the user says from here on is another utterance, and what answers it another answer. */
  #nextUtterance(): void {
    this.#hasSpokenSinceAnswer = false;
    this.#answers.speech();
    this.#tellUnfinished('you', this.#user);
    this.#tellUnfinished('answer', this.#assistant);
  }

  #item(item: unknown): void {
    if (typeof item !== 'object' || item === null) return;
    const now = this.#options.now();
    const { type, name, output } = item as Record<string, unknown>;
    switch (type) {
      case 'input_audio_buffer.speech_started':
        this.#speechSegments += 1;
        this.#answers.speech();
        this.#endOfCall.userSpoke(now);
        this.#interrupt(now);
        return;
      case 'input_audio_buffer.speech_stopped':
        this.#latency.speechStopped(now);
        this.#endOfCall.heard(now);
        return;
      case 'response.cancelled':
        this.#interrupt(now);
        return;
      case 'handoff_request':
        // Either the agent begins to work now, or the voice model is told why it does not and says so.
        this.#endOfCall.userSpoke(now);
        this.#latency.handedOver();
        this.#options.onDelegated(requestOf(item));
        return;
      case 'function_call_output':
        if (output !== '') this.#endOfCall.userSpoke(now);
        return;
      case 'function_call':
        // To say nothing is the answer that the voice model chose.
        if (name === 'remain_silent') this.#endOfCall.answerBegan(now);
    }
  }

  #interrupt(now: number): void {
    if (!this.#options.audio.interrupt(now)) return;
    this.#interruptions += 1;
    this.#interruptedAt = now;
  }

  #tellUnfinished(speaker: string, transcript: Transcript): void {
    const text = transcript.abandon();
    // Where the end of a transcript is never reported, that it is missing says nothing.
    if (text !== null) this.#tell(speaker, this.#reportsSpeech ? `${text} …` : text);
  }

  #tell(speaker: string, text: string | null): void {
    if (text !== null) this.#options.onLine(speaker, text);
  }
}
