import { upstreamError } from './upstream-error.ts';
import type { EventDecoder, TranscriptRole, WireEvent } from './events.ts';
import { MISSING_FIELD, object, text, uint16 } from './fields.ts';

export function transcriptDelta(role: TranscriptRole): EventDecoder {
  return (event) => {
    const delta = text(event['delta']);
    return delta === null ? MISSING_FIELD : { type: 'transcriptDelta', role, itemId: itemOf(event), delta };
  };
}

/** `field` is the member that holds the whole text: `transcript` of speech, `text` of written output. */
export function transcriptDone(role: TranscriptRole, field: 'transcript' | 'text'): EventDecoder {
  return (event) => {
    const whole = text(event[field]);
    return whole === null
      ? MISSING_FIELD
      : { type: 'transcriptDone', role, itemId: itemOf(event), text: whole };
  };
}

function itemOf(event: WireEvent): string | null {
  return text(event['item_id']);
}

export const itemAdded: EventDecoder = (event) =>
  event['item'] === undefined ? MISSING_FIELD : { type: 'itemAdded', item: event['item'] };

export const itemDone: EventDecoder = (event) => {
  const itemId = text(object(event['item'])?.['id']);
  return itemId === null ? MISSING_FIELD : { type: 'itemDone', itemId };
};

const sessionUpdated: EventDecoder = (event) => {
  const sessionId = text(object(event['session'])?.['id']);
  return sessionId === null ? MISSING_FIELD : { type: 'sessionUpdated', sessionId };
};

/** `num_channels` counts only where `channels` is absent: a bad `channels` hides it. */
export function channels(event: WireEvent): number | null {
  return uint16('channels' in event ? event['channels'] : event['num_channels']);
}

/** What both versions of the wire decode alike. */
export const SHARED_DECODERS: Readonly<Record<string, EventDecoder>> = {
  'session.updated': sessionUpdated,
  'conversation.item.input_audio_transcription.delta': transcriptDelta('user'),
  'conversation.item.input_audio_transcription.completed': transcriptDone('user', 'transcript'),
  'response.output_text.delta': transcriptDelta('assistant'),
  'response.output_audio_transcript.delta': transcriptDelta('assistant'),
  'response.output_audio_transcript.done': transcriptDone('assistant', 'transcript'),
  'conversation.item.added': itemAdded,
  error: upstreamError,
};
