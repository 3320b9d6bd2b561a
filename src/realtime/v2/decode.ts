import { channels, itemAdded, itemDone, SHARED_DECODERS, transcriptDone } from '../common-events.ts';
import type { EventDecoder, RealtimeEvent, WireEvent } from '../events.ts';
import { MISSING_FIELD, object, text, uint32 } from '../fields.ts';

const DEFAULT_SAMPLE_RATE = 24_000;

const outputAudio: EventDecoder = (event) => {
  const data = text(event['delta']);
  if (data === null) return MISSING_FIELD;
  return {
    type: 'outputAudio',
    audio: {
      data,
      sampleRate: uint32(event['sample_rate']) ?? DEFAULT_SAMPLE_RATE,
      numChannels: channels(event) ?? 1,
      samplesPerChannel: uint32(event['samples_per_channel']),
      itemId: text(event['item_id']),
    },
  };
};

const speechStarted: EventDecoder = (event) => ({ type: 'speechStarted', itemId: text(event['item_id']) });

function response(type: 'responseCreated' | 'responseCancelled' | 'responseDone'): EventDecoder {
  return (event) => ({ type, responseId: responseId(event) });
}

function responseId(event: WireEvent): string | null {
  return text(object(event['response'])?.['id']) ?? text(event['response_id']);
}

/** A finished item may be a call of one of the two tools that the session offers. */
const itemDoneOrCall: EventDecoder = (event) => {
  const item = object(event['item']);
  if (item?.['type'] !== 'function_call') return itemDone(event);
  const name = item['name'];
  if (name !== 'background_agent' && name !== 'remain_silent') return itemDone(event);
  const callId = text(item['call_id']) ?? text(item['id']);
  if (callId === null) return MISSING_FIELD;
  return toolCall(name, callId, text(item['id']) ?? callId, item['arguments']);
};

function toolCall(
  name: 'background_agent' | 'remain_silent',
  callId: string,
  itemId: string,
  callArguments: unknown,
): RealtimeEvent {
  if (name === 'remain_silent') return { type: 'silenceRequested', callId, itemId };
  return { type: 'handoffRequested', handoffId: callId, itemId, inputTranscript: requestText(callArguments) };
}

/** Models name the argument in different ways; the first of these that holds text is the request. */
const REQUEST_KEYS = ['input_transcript', 'input', 'text', 'prompt', 'query'];

/** The request in a call's arguments; arguments that hold none are taken as they are, but an object of nothing is none. */
function requestText(callArguments: unknown): string {
  const raw = text(callArguments) ?? '';
  let parsed: Readonly<Record<string, unknown>> | null = null;
  try {
    parsed = object(JSON.parse(raw));
  } catch {
    return raw;
  }
  if (parsed === null) return raw;
  for (const key of REQUEST_KEYS) {
    const request = text(parsed[key])?.trim();
    if (request !== undefined && request !== '') return request;
  }
  const values = Object.values(parsed);
  return values.every((value) => value === null || text(value)?.trim() === '') ? '' : raw;
}

export const V2_DECODERS: ReadonlyMap<string, EventDecoder> = new Map(
  Object.entries({
    ...SHARED_DECODERS,
    'response.output_audio.delta': outputAudio,
    'response.audio.delta': outputAudio,
    'response.output_text.done': transcriptDone('assistant', 'text'),
    'input_audio_buffer.speech_started': speechStarted,
    'conversation.item.created': itemAdded,
    'conversation.item.done': itemDoneOrCall,
    'response.created': response('responseCreated'),
    'response.cancelled': response('responseCancelled'),
    'response.done': response('responseDone'),
  }),
);
