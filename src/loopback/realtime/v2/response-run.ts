import type { ConversationItem, RealtimeResponse } from 'openai/resources/realtime/realtime';
import type { LoopbackClock } from '../../clock.ts';
import type { NewId } from '../../ids.ts';
import type { Outlet } from '../../outlet.ts';
import { PacedRun } from '../../paced-run.ts';
import { splitWords } from '../../words.ts';
import type { Answer, CallAnswer, SpokenAnswer } from '../answer.ts';
import { playbackSteps } from '../playback.ts';
import type { Conversation } from './conversation.ts';
import { producedEntry } from './items.ts';
import type { OutputBuffer } from './output-buffer.ts';
import { ResponseMessage } from './response-message.ts';
import type { Modality } from './response-message.ts';
import type { Emit } from './server-events.ts';

/** A response to give, now or when its turn comes. */
export interface ResponseRequest {
  /** Decided only when the response begins. */
  readonly answer: () => Answer;
  readonly modality: Modality;
  readonly voice: NonNullable<NonNullable<RealtimeResponse.Audio['output']>['voice']>;
  /** False for a response that leaves no item in the conversation. */
  readonly isInConversation: boolean;
  readonly metadata: Record<string, string> | null;
  /** What the answer refers to, for the usage. */
  readonly inputTokens: InputTokens;
}

/** The loopback has no tokens; it counts words, and audio at the API's rates. */
export interface InputTokens {
  readonly text: number;
  readonly audio: number;
}

export const INPUT_MS_PER_TOKEN = 100;
const OUTPUT_MS_PER_TOKEN = 50;

export type CancelReason = 'turn_detected' | 'client_cancelled';

export interface ResponseRunOptions {
  readonly request: ResponseRequest;
  readonly conversationId: string;
  readonly conversation: Conversation;
  readonly clock: LoopbackClock;
  readonly outlet: Outlet;
  /** Where audio plays; null sends it in events. */
  readonly outputBuffer: OutputBuffer | null;
  readonly newId: NewId;
  readonly emit: Emit;
  /** Called after the last event, whether the response was completed or cancelled. */
  readonly onEnd: () => void;
}

/** One response, from `response.created` to `response.done`. */
export class ResponseRun {
  readonly id: string;
  readonly #options: ResponseRunOptions;
  #message: ResponseMessage | null = null;
  #playback: PacedRun | null = null;
  #hasEnded = false;

  constructor(options: ResponseRunOptions) {
    this.#options = options;
    this.id = options.newId('resp');
  }

  start(): void {
    this.#options.emit({ type: 'response.created', response: this.#response('in_progress', []) });
    const answer = this.#options.request.answer();
    if (answer.kind === 'call') this.#call(answer);
    else this.#speak(answer);
  }

  /** Stops at once. After `response.done` nothing of this response follows. */
  cancel(reason: CancelReason): void {
    if (this.#hasEnded) return;
    this.#playback?.stop();
    const output = this.#message === null ? [] : [this.#message.close('incomplete')];
    this.#end({ ...this.#response('cancelled', output), status_details: { type: 'cancelled', reason } });
  }

  /** Stops without a word, for a socket that is gone. */
  dispose(): void {
    this.#hasEnded = true;
    this.#playback?.stop();
  }

  #speak(answer: SpokenAnswer): void {
    const { request, conversation, clock, outlet, outputBuffer, newId, emit } = this.#options;
    const { modality, isInConversation } = request;
    const itemId = newId('item');
    const message = new ResponseMessage({
      responseId: this.id,
      itemId,
      voice: modality === 'audio' && outputBuffer !== null ? outputBuffer.open(this.id, itemId) : null,
      modality,
      conversation: isInConversation ? conversation : null,
      emit,
    });
    this.#message = message;
    message.open();
    this.#playback = new PacedRun({
      steps: playbackSteps({
        audio: modality === 'audio' ? answer.audio() : new Uint8Array(0),
        words: splitWords(answer.text),
        onWord: (word) => message.word(word),
        onChunk: (chunk) => message.audio(chunk),
      }),
      clock,
      outlet,
      onEnd: () => this.#end(this.#response('completed', [message.close('completed')])),
    });
    this.#playback.start();
  }

  #call({ name, arguments: callArguments }: CallAnswer): void {
    const { request, conversation, newId, emit } = this.#options;
    const place = { response_id: this.id, output_index: 0 };
    const itemId = newId('item');
    const call = {
      id: itemId,
      object: 'realtime.item',
      type: 'function_call',
      call_id: newId('call'),
      name,
    } as const;
    const begun = { ...call, status: 'in_progress', arguments: '' } as const;
    const item = { ...call, status: 'completed', arguments: callArguments } as const;
    emit({ type: 'response.output_item.added', ...place, item: begun });
    const previousId = request.isInConversation ? conversation.insert(producedEntry(item)) : null;
    if (request.isInConversation) {
      emit({ type: 'conversation.item.added', previous_item_id: previousId, item: begun });
    }
    const callPlace = { ...place, item_id: itemId, call_id: call.call_id };
    emit({ type: 'response.function_call_arguments.delta', ...callPlace, delta: callArguments });
    emit({ type: 'response.function_call_arguments.done', ...callPlace, name, arguments: callArguments });
    emit({ type: 'response.output_item.done', ...place, item });
    if (request.isInConversation)
      emit({ type: 'conversation.item.done', previous_item_id: previousId, item });
    this.#end(this.#response('completed', [item]));
  }

  #end(response: RealtimeResponse): void {
    this.#hasEnded = true;
    this.#options.emit({ type: 'response.done', response: { ...response, usage: this.#usage() } });
    this.#options.onEnd();
  }

  #response(status: NonNullable<RealtimeResponse['status']>, output: ConversationItem[]): RealtimeResponse {
    const { request, conversationId } = this.#options;
    const format = { type: 'audio/pcm', rate: 24_000 } as const;
    return {
      object: 'realtime.response',
      id: this.id,
      status,
      output,
      ...(request.isInConversation ? { conversation_id: conversationId } : {}),
      output_modalities: [request.modality],
      audio: { output: { format, voice: request.voice } },
      max_output_tokens: 'inf',
      metadata: request.metadata,
    };
  }

  #usage(): NonNullable<RealtimeResponse['usage']> {
    const { text, audio } = this.#options.request.inputTokens;
    const outputText = splitWords(this.#message?.text ?? '').length;
    const outputAudio = Math.ceil((this.#message?.sentAudioMs ?? 0) / OUTPUT_MS_PER_TOKEN);
    return {
      total_tokens: text + audio + outputText + outputAudio,
      input_tokens: text + audio,
      output_tokens: outputText + outputAudio,
      input_token_details: { text_tokens: text, audio_tokens: audio, image_tokens: 0, cached_tokens: 0 },
      output_token_details: { text_tokens: outputText, audio_tokens: outputAudio },
    };
  }
}
