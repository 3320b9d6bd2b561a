import { describe, expect, test } from 'vitest';
import { decodeFrame, V1 } from '../../src/realtime/index.ts';
import type { RealtimeEvent } from '../../src/realtime/index.ts';

const MISSING_FIELD = { type: 'ignored', reason: 'missingField' };
const UNKNOWN_TYPE = { type: 'ignored', reason: 'unknownType' };

function decode(event: object): RealtimeEvent {
  return decodeFrame(JSON.stringify(event), V1.decoders);
}

const MESSAGE_ITEM = {
  id: 'item_1',
  type: 'message',
  role: 'assistant',
  content: [
    { type: 'output_text', text: 'one' },
    { type: 'output_text', text: 'two' },
  ],
  'x-unknown': { nested: [1, null] },
};

test.each<[name: string, event: object, expected: object]>([
  [
    'session.updated',
    { type: 'session.updated', session: { id: 'sess_123', instructions: 'backend prompt' } },
    { type: 'sessionUpdated', sessionId: 'sess_123' },
  ],
  [
    'an audio delta',
    {
      type: 'conversation.output_audio.delta',
      delta: 'AAA=',
      sample_rate: 48_000,
      channels: 1,
      samples_per_channel: 960,
    },
    {
      type: 'outputAudio',
      audio: { data: 'AAA=', sampleRate: 48_000, numChannels: 1, samplesPerChannel: 960, itemId: null },
    },
  ],
  [
    'an added item, unknown keys and all',
    { type: 'conversation.item.added', item: MESSAGE_ITEM, previous_item_id: 'item_0' },
    { type: 'itemAdded', item: MESSAGE_ITEM },
  ],
  [
    'a finished item gives no transcript',
    { type: 'conversation.item.done', item: MESSAGE_ITEM },
    { type: 'itemDone', itemId: 'item_1' },
  ],
  [
    'a finished tool call is an item like any other',
    {
      type: 'conversation.item.done',
      item: { id: 'item_1', type: 'function_call', name: 'background_agent', call_id: 'call_1' },
    },
    { type: 'itemDone', itemId: 'item_1' },
  ],
  [
    'a handoff',
    {
      type: 'conversation.handoff.requested',
      handoff_id: 'handoff_1',
      item_id: 'item_2',
      input_transcript: ' delegate now ',
    },
    {
      type: 'handoffRequested',
      handoffId: 'handoff_1',
      itemId: 'item_2',
      inputTranscript: ' delegate now ',
    },
  ],
  [
    'a handoff of nothing',
    { type: 'conversation.handoff.requested', handoff_id: '', item_id: '', input_transcript: '' },
    { type: 'handoffRequested', handoffId: '', itemId: '', inputTranscript: '' },
  ],
  [
    "the user's words, white space and all",
    { type: 'conversation.input_transcript.delta', delta: 'hello ' },
    { type: 'transcriptDelta', role: 'user', itemId: null, delta: 'hello ' },
  ],
  [
    "the user's words, newer name",
    {
      type: 'conversation.item.input_audio_transcription.delta',
      delta: 'hel',
      item_id: 'item_1',
      content_index: 0,
    },
    { type: 'transcriptDelta', role: 'user', itemId: 'item_1', delta: 'hel' },
  ],
  [
    "all of the user's words",
    { type: 'conversation.item.input_audio_transcription.completed', transcript: 'hello' },
    { type: 'transcriptDone', role: 'user', itemId: null, text: 'hello' },
  ],
  [
    "the assistant's words",
    { type: 'conversation.output_transcript.delta', delta: 'hi' },
    { type: 'transcriptDelta', role: 'assistant', itemId: null, delta: 'hi' },
  ],
  [
    "the assistant's words, newer name",
    { type: 'response.output_audio_transcript.delta', delta: 'hi' },
    { type: 'transcriptDelta', role: 'assistant', itemId: null, delta: 'hi' },
  ],
  [
    "the assistant's written words",
    { type: 'response.output_text.delta', delta: 'hi' },
    { type: 'transcriptDelta', role: 'assistant', itemId: null, delta: 'hi' },
  ],
  [
    "all of the assistant's words",
    { type: 'response.output_audio_transcript.done', transcript: 'hi there' },
    { type: 'transcriptDone', role: 'assistant', itemId: null, text: 'hi there' },
  ],
  [
    'an empty delta',
    { type: 'response.output_text.delta', delta: '' },
    { type: 'transcriptDelta', role: 'assistant', itemId: null, delta: '' },
  ],
])('%s', (_name, event, expected) => {
  expect(decode(event)).toEqual(expected);
});

test.each([
  'session.created',
  'response.output_audio.delta',
  'response.audio.delta',
  'conversation.input_transcript.turn_marked',
  'response.output_text.done',
  'input_audio_buffer.speech_started',
  'conversation.item.created',
  'response.created',
  'response.cancelled',
  'response.done',
  'no.such.event',
  '',
  'constructor',
  '__proto__',
])('the type %j is not one of version 1', (type) => {
  const everything = {
    delta: 'a',
    text: 'a',
    transcript: 'a',
    item: { id: 'i' },
    item_id: 'i',
    response: {},
  };
  expect(decode({ ...everything, type })).toEqual(UNKNOWN_TYPE);
});

describe('audio', () => {
  const event = { type: 'conversation.output_audio.delta', delta: 'AAA=', sample_rate: 24_000, channels: 1 };
  const audio = {
    data: 'AAA=',
    sampleRate: 24_000,
    numChannels: 1,
    samplesPerChannel: null,
    itemId: null,
  };

  test.each<[name: string, fields: object, expected: object]>([
    ['nothing but what is required', {}, audio],
    ['`data` where there is no delta', { delta: undefined, data: 'BBB=' }, { ...audio, data: 'BBB=' }],
    ['`data` where the delta is no text', { delta: 7, data: 'BBB=' }, { ...audio, data: 'BBB=' }],
    ['the delta beats `data`', { data: 'BBB=' }, audio],
    ['an empty delta', { delta: '' }, { ...audio, data: '' }],
    ['`num_channels`', { channels: undefined, num_channels: 2 }, { ...audio, numChannels: 2 }],
    ['`channels` beats `num_channels`', { num_channels: 2 }, audio],
    ['an item that is named all the same', { item_id: 'item_1' }, audio],
    ['samples of a wrong type', { samples_per_channel: '960' }, audio],
    ['samples below zero', { samples_per_channel: -1 }, audio],
    [
      'the largest numbers',
      { sample_rate: 0xffff_ffff, channels: 0xffff },
      { ...audio, sampleRate: 0xffff_ffff, numChannels: 0xffff },
    ],
  ])('%s', (_name, fields, expected) => {
    expect(decode({ ...event, ...fields })).toEqual({ type: 'outputAudio', audio: expected });
  });

  test.each<[name: string, fields: object]>([
    ['no data', { delta: undefined }],
    ['data of a wrong type', { delta: null, data: 1 }],
    ['no rate', { sample_rate: undefined }],
    ['a rate as text', { sample_rate: '24000' }],
    ['a rate below zero', { sample_rate: -1 }],
    ['a rate out of range', { sample_rate: 0x1_0000_0000 }],
    ['a rate that is no integer', { sample_rate: 24_000.5 }],
    ['no channels', { channels: undefined }],
    ['channels out of range', { channels: 0x1_0000 }],
    ['channels that hide `num_channels`', { channels: null, num_channels: 1 }],
    ['channels as text that hide `num_channels`', { channels: '1', num_channels: 1 }],
  ])('is ignored with %s', (_name, fields) => {
    expect(decode({ ...event, ...fields })).toEqual(MISSING_FIELD);
  });
});

test.each([
  { type: 'session.updated' },
  { type: 'session.updated', session: 'sess_1' },
  { type: 'session.updated', session: { id: 1 } },
  { type: 'conversation.item.added' },
  { type: 'conversation.item.done' },
  { type: 'conversation.item.done', item: ['id'] },
  { type: 'conversation.item.done', item: { id: null } },
  { type: 'conversation.handoff.requested', item_id: 'i', input_transcript: 't' },
  { type: 'conversation.handoff.requested', handoff_id: 'h', input_transcript: 't' },
  { type: 'conversation.handoff.requested', handoff_id: 'h', item_id: 'i' },
  { type: 'conversation.handoff.requested', handoff_id: 'h', item_id: 'i', input_transcript: 1 },
  { type: 'conversation.input_transcript.delta' },
  { type: 'conversation.input_transcript.delta', delta: null },
  { type: 'conversation.item.input_audio_transcription.delta', delta: 1 },
  { type: 'conversation.item.input_audio_transcription.completed', text: 'wrong name' },
  { type: 'conversation.output_transcript.delta', delta: ['a'] },
  { type: 'response.output_text.delta', text: 'wrong name' },
  { type: 'response.output_audio_transcript.delta' },
  { type: 'response.output_audio_transcript.done', transcript: {} },
])('%j lacks what it must have', (event) => {
  expect(decode(event)).toEqual(MISSING_FIELD);
});

test.each([null, 0, 'text', [1, 2]])('an added item may be any JSON: %j', (item) => {
  expect(decode({ type: 'conversation.item.added', item })).toEqual({ type: 'itemAdded', item });
});
