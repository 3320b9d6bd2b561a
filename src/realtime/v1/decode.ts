import { channels, itemDone, SHARED_DECODERS, transcriptDelta } from '../common-events.ts';
import type { EventDecoder } from '../events.ts';
import { MISSING_FIELD, text, uint32 } from '../fields.ts';

/** Version 1 states rate and channels with every frame, and never an item. */
const outputAudio: EventDecoder = (event) => {
  const data = text(event['delta']) ?? text(event['data']);
  const sampleRate = uint32(event['sample_rate']);
  const numChannels = channels(event);
  if (data === null || sampleRate === null || numChannels === null) return MISSING_FIELD;
  const samplesPerChannel = uint32(event['samples_per_channel']);
  return { type: 'outputAudio', audio: { data, sampleRate, numChannels, samplesPerChannel, itemId: null } };
};

const handoffRequested: EventDecoder = (event) => {
  const handoffId = text(event['handoff_id']);
  const itemId = text(event['item_id']);
  const inputTranscript = text(event['input_transcript']);
  if (handoffId === null || itemId === null || inputTranscript === null) return MISSING_FIELD;
  return { type: 'handoffRequested', handoffId, itemId, inputTranscript };
};

export const V1_DECODERS: ReadonlyMap<string, EventDecoder> = new Map(
  Object.entries({
    ...SHARED_DECODERS,
    'conversation.output_audio.delta': outputAudio,
    'conversation.input_transcript.delta': transcriptDelta('user'),
    'conversation.output_transcript.delta': transcriptDelta('assistant'),
    'conversation.item.done': itemDone,
    'conversation.handoff.requested': handoffRequested,
  }),
);
