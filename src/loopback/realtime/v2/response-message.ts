import type {
  ConversationItem,
  RealtimeConversationItemAssistantMessage,
} from 'openai/resources/realtime/realtime';
import { encodeBase64 } from '../../../util/base64.ts';
import { bytesToMs } from '../audio-format.ts';
import type { VoicePiece } from '../voice-output.ts';
import type { Conversation, ConversationEntry } from './conversation.ts';
import { producedEntry } from './items.ts';
import type { Emit } from './server-events.ts';

export type Modality = 'audio' | 'text';

export interface ResponseMessageOptions {
  readonly responseId: string;
  readonly itemId: string;
  readonly modality: Modality;
  /** Plays the audio; null sends it in events. */
  readonly voice: VoicePiece | null;
  /** Null for a response that stays outside the conversation. */
  readonly conversation: Conversation | null;
  readonly emit: Emit;
}

/** The assistant's message in a response: it is opened, filled with words and audio, and closed once. */
export class ResponseMessage {
  readonly #options: ResponseMessageOptions;
  readonly #entry: ConversationEntry;
  #text = '';
  #audioBytes = 0;
  #previousId: string | null = null;

  constructor(options: ResponseMessageOptions) {
    this.#options = options;
    this.#entry = producedEntry(this.#item('in_progress', []));
    if (options.modality === 'audio') this.#entry.audioMs = 0;
  }

  get sentAudioMs(): number {
    return bytesToMs(this.#audioBytes);
  }

  get text(): string {
    return this.#text;
  }

  open(): void {
    const { responseId, conversation, modality, emit } = this.#options;
    const item = this.#entry.item;
    emit({ type: 'response.output_item.added', response_id: responseId, output_index: 0, item });
    if (conversation !== null) {
      this.#previousId = conversation.insert(this.#entry);
      emit({ type: 'conversation.item.added', previous_item_id: this.#previousId, item });
    }
    const part = modality === 'audio' ? { type: modality, transcript: '' } : { type: modality, text: '' };
    emit({ type: 'response.content_part.added', ...this.#place, part });
  }

  word(delta: string): void {
    this.#text += delta;
    const isAudio = this.#options.modality === 'audio';
    const type = isAudio ? 'response.output_audio_transcript.delta' : 'response.output_text.delta';
    this.#options.emit({ type, ...this.#place, delta });
  }

  audio(chunk: Uint8Array): void {
    this.#audioBytes += chunk.length;
    this.#entry.audioMs = this.sentAudioMs;
    const { voice, emit } = this.#options;
    if (voice !== null) return voice.write(chunk);
    emit({ type: 'response.output_audio.delta', ...this.#place, delta: encodeBase64(chunk) });
  }

  /** Sends everything that ends a message, also one that was interrupted, and gives the item as it is now. */
  close(status: 'completed' | 'incomplete'): ConversationItem {
    const { responseId, conversation, modality, voice, emit } = this.#options;
    const text = this.#text;
    voice?.finish();
    if (modality === 'audio') {
      emit({ type: 'response.output_audio.done', ...this.#place });
      emit({ type: 'response.output_audio_transcript.done', ...this.#place, transcript: text });
      emit({ type: 'response.content_part.done', ...this.#place, part: { type: 'audio', transcript: text } });
    } else {
      emit({ type: 'response.output_text.done', ...this.#place, text });
      emit({ type: 'response.content_part.done', ...this.#place, part: { type: 'text', text } });
    }
    const content =
      modality === 'audio'
        ? ({ type: 'output_audio', transcript: text } as const)
        : ({ type: 'output_text', text } as const);
    const item = this.#item(status, [content]);
    this.#entry.item = item;
    emit({ type: 'response.output_item.done', response_id: responseId, output_index: 0, item });
    if (conversation !== null) {
      emit({ type: 'conversation.item.done', previous_item_id: this.#previousId, item });
    }
    return item;
  }

  get #place(): { response_id: string; item_id: string; output_index: number; content_index: number } {
    const { responseId, itemId } = this.#options;
    return { response_id: responseId, item_id: itemId, output_index: 0, content_index: 0 };
  }

  #item(
    status: 'in_progress' | 'completed' | 'incomplete',
    content: RealtimeConversationItemAssistantMessage['content'],
  ): RealtimeConversationItemAssistantMessage & { readonly id: string } {
    const { itemId } = this.#options;
    return { id: itemId, object: 'realtime.item', type: 'message', status, role: 'assistant', content };
  }
}
