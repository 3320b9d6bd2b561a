import type { VoiceOutput, VoicePiece } from '../voice-output.ts';
import type { Conversation } from './conversation.ts';
import { withoutOutputTranscript } from './items.ts';
import type { Emit } from './server-events.ts';

export interface OutputBufferOptions {
  readonly voice: VoiceOutput;
  readonly conversation: Conversation;
  readonly emit: Emit;
}

interface Playing {
  readonly responseId: string;
  readonly itemId: string;
  readonly piece: VoicePiece;
  hasStarted: boolean;
}

/**
 * What plays to the caller of a WebRTC call, with the events that tell of it. The server knows there how much was heard,
 * so that it truncates by itself what it did not play.
 */
export class OutputBuffer {
  readonly #options: OutputBufferOptions;
  readonly #playing = new Set<Playing>();

  constructor(options: OutputBufferOptions) {
    this.#options = options;
  }

  /** Opens the audio of a response's message. */
  open(responseId: string, itemId: string): VoicePiece {
    const { voice, emit } = this.#options;
    const piece = voice.open({
      started: () => {
        playing.hasStarted = true;
        emit({ type: 'output_audio_buffer.started', response_id: responseId });
      },
      ended: () => {
        this.#playing.delete(playing);
        if (playing.hasStarted) emit({ type: 'output_audio_buffer.stopped', response_id: responseId });
      },
    });
    const playing: Playing = { responseId, itemId, piece, hasStarted: false };
    this.#playing.add(playing);
    return piece;
  }

  /** Stops at once whatever plays or waits to be played. */
  clear(): void {
    const { emit } = this.#options;
    for (const { responseId, itemId, piece, hasStarted } of this.#playing) {
      const playedMs = piece.cut();
      if (hasStarted) emit({ type: 'output_audio_buffer.cleared', response_id: responseId });
      this.#truncate(itemId, playedMs);
    }
    this.#playing.clear();
  }

  #truncate(itemId: string, playedMs: number): void {
    const entry = this.#options.conversation.find(itemId);
    if (entry === null || entry.audioMs === null || entry.audioMs <= playedMs) return;
    entry.audioMs = playedMs;
    entry.item = withoutOutputTranscript(entry.item);
    this.#options.emit({
      type: 'conversation.item.truncated',
      item_id: itemId,
      content_index: 0,
      audio_end_ms: playedMs,
    });
  }
}
