import { describe, expect, test } from 'vitest';
import { decodeFrame, V2 } from '../../src/realtime/index.ts';
import type { RealtimeEvent } from '../../src/realtime/index.ts';

const MISSING_FIELD = { type: 'ignored', reason: 'missingField' };
const UNKNOWN_TYPE = { type: 'ignored', reason: 'unknownType' };

function decode(event: object): RealtimeEvent {
  return decodeFrame(JSON.stringify(event), V2.decoders);
}

const MESSAGE_ITEM = { id: 'item_1', type: 'message', role: 'assistant', content: [], extra: [null] };

const PLAIN_AUDIO = {
  data: 'AAA=',
  sampleRate: 24_000,
  numChannels: 1,
  samplesPerChannel: null,
  itemId: null,
};

test.each<[name: string, event: object, expected: object]>([
  [
    'session.updated',
    { type: 'session.updated', session: { id: 'sess_1' } },
    { type: 'sessionUpdated', sessionId: 'sess_1' },
  ],
  [
    "the user's words",
    { type: 'conversation.item.input_audio_transcription.delta', delta: 'hello ' },
    { type: 'transcriptDelta', role: 'user', itemId: null, delta: 'hello ' },
  ],
  [
    "all of the user's words",
    { type: 'conversation.item.input_audio_transcription.completed', transcript: 'hello' },
    { type: 'transcriptDone', role: 'user', itemId: null, text: 'hello' },
  ],
  [
    "the assistant's spoken words",
    { type: 'response.output_audio_transcript.delta', delta: 'hi' },
    { type: 'transcriptDelta', role: 'assistant', itemId: null, delta: 'hi' },
  ],
  [
    "the assistant's written words",
    { type: 'response.output_text.delta', delta: 'hi' },
    { type: 'transcriptDelta', role: 'assistant', itemId: null, delta: 'hi' },
  ],
  [
    "all of the assistant's spoken words",
    { type: 'response.output_audio_transcript.done', transcript: 'hi there', text: 'not this' },
    { type: 'transcriptDone', role: 'assistant', itemId: null, text: 'hi there' },
  ],
  [
    "all of the assistant's written words",
    { type: 'response.output_text.done', text: 'hi there', transcript: 'not this' },
    { type: 'transcriptDone', role: 'assistant', itemId: null, text: 'hi there' },
  ],
  [
    'an added item',
    { type: 'conversation.item.added', item: MESSAGE_ITEM },
    { type: 'itemAdded', item: MESSAGE_ITEM },
  ],
  [
    'a created item',
    { type: 'conversation.item.created', item: MESSAGE_ITEM },
    { type: 'itemAdded', item: MESSAGE_ITEM },
  ],
  [
    'a finished message',
    { type: 'conversation.item.done', item: MESSAGE_ITEM },
    { type: 'itemDone', itemId: 'item_1' },
  ],
  [
    'speech',
    { type: 'input_audio_buffer.speech_started', item_id: 'item_1', audio_start_ms: 10 },
    { type: 'speechStarted', itemId: 'item_1' },
  ],
  [
    'speech of no item',
    { type: 'input_audio_buffer.speech_started' },
    { type: 'speechStarted', itemId: null },
  ],
  [
    'speech of an item of a wrong type',
    { type: 'input_audio_buffer.speech_started', item_id: 7 },
    { type: 'speechStarted', itemId: null },
  ],
  [
    'a finished response starts no handoff',
    {
      type: 'response.done',
      response: { output: [{ type: 'function_call', name: 'background_agent', call_id: 'call_1' }] },
    },
    { type: 'responseDone', responseId: null },
  ],
])('%s', (_name, event, expected) => {
  expect(decode(event)).toEqual(expected);
});

test.each([
  'session.created',
  'conversation.output_audio.delta',
  'conversation.input_transcript.delta',
  'conversation.input_transcript.turn_marked',
  'conversation.output_transcript.delta',
  'conversation.handoff.requested',
  'response.function_call_arguments.delta',
  'response.function_call_arguments.done',
  'response.output_audio.done',
  'input_audio_buffer.speech_stopped',
  'no.such.event',
  'toString',
  '__proto__',
])('the type %j is not one of version 2', (type) => {
  const everything = {
    delta: 'a',
    sample_rate: 1,
    channels: 1,
    transcript: 'a',
    handoff_id: 'h',
    item_id: 'i',
    input_transcript: 't',
  };
  expect(decode({ ...everything, type })).toEqual(UNKNOWN_TYPE);
});

describe.each(['response.output_audio.delta', 'response.audio.delta'])('%s', (type) => {
  test.each<[name: string, fields: object, expected: object]>([
    ['nothing but the delta', {}, PLAIN_AUDIO],
    ['an item', { item_id: 'item_1' }, { ...PLAIN_AUDIO, itemId: 'item_1' }],
    ['an item of a wrong type', { item_id: 1 }, PLAIN_AUDIO],
    [
      'everything',
      { sample_rate: 48_000, channels: 2, samples_per_channel: 960, item_id: 'i' },
      { data: 'AAA=', sampleRate: 48_000, numChannels: 2, samplesPerChannel: 960, itemId: 'i' },
    ],
    ['`num_channels`', { num_channels: 2 }, { ...PLAIN_AUDIO, numChannels: 2 }],
    ['`channels` that hide `num_channels`', { channels: null, num_channels: 2 }, PLAIN_AUDIO],
    ['a rate as text', { sample_rate: '48000' }, PLAIN_AUDIO],
    ['a rate below zero', { sample_rate: -48_000 }, PLAIN_AUDIO],
    ['a rate out of range', { sample_rate: 0x1_0000_0000 }, PLAIN_AUDIO],
    ['a rate that is no integer', { sample_rate: 47_999.5 }, PLAIN_AUDIO],
    ['samples of a wrong type', { samples_per_channel: true }, PLAIN_AUDIO],
    ['an empty delta', { delta: '' }, { ...PLAIN_AUDIO, data: '' }],
  ])('with %s', (_name, fields, expected) => {
    expect(decode({ type, delta: 'AAA=', ...fields })).toEqual({ type: 'outputAudio', audio: expected });
  });

  test.each([{}, { delta: null }, { delta: 7, data: 'AAA=' }, { data: 'AAA=' }])(
    'is ignored without a delta: %j',
    (fields) => {
      expect(decode({ type, ...fields })).toEqual(MISSING_FIELD);
    },
  );
});

describe.each([
  ['response.created', 'responseCreated'],
  ['response.cancelled', 'responseCancelled'],
  ['response.done', 'responseDone'],
])('%s', (type, expected) => {
  test.each<[fields: object, responseId: string | null]>([
    [{ response: { id: 'resp_1' } }, 'resp_1'],
    [{ response: { id: 'resp_1' }, response_id: 'resp_2' }, 'resp_1'],
    [{ response_id: 'resp_2' }, 'resp_2'],
    [{ response: { id: 7 }, response_id: 'resp_2' }, 'resp_2'],
    [{ response: 'resp_1', response_id: 'resp_2' }, 'resp_2'],
    [{ response: {}, response_id: 7 }, null],
    [{}, null],
  ])('with %j has the id %j', (fields, responseId) => {
    expect(decode({ type, ...fields })).toEqual({ type: expected, responseId });
  });
});

describe('a finished tool call', () => {
  function call(item: object): RealtimeEvent {
    return decode({ type: 'conversation.item.done', item: { type: 'function_call', ...item } });
  }

  test('of the background agent is a handoff', () => {
    const item = {
      id: 'item_2',
      name: 'background_agent',
      call_id: 'call_1',
      arguments: '{"prompt":"delegate this"}',
    };
    expect(call(item)).toEqual({
      type: 'handoffRequested',
      handoffId: 'call_1',
      itemId: 'item_2',
      inputTranscript: 'delegate this',
    });
  });

  test('of silence is a request for silence, whatever its arguments', () => {
    const silence = { type: 'silenceRequested', callId: 'call_1', itemId: 'item_2' };
    const item = { id: 'item_2', name: 'remain_silent', call_id: 'call_1' };
    expect(call(item)).toEqual(silence);
    expect(call({ ...item, arguments: '{' })).toEqual(silence);
    expect(call({ ...item, arguments: 7 })).toEqual(silence);
  });

  test.each(['background_agent', 'remain_silent'])('%s has its ids from what there is', (name) => {
    const ids = (item: object): unknown[] => {
      const event = call({ name, ...item });
      if (event.type === 'handoffRequested') return [event.handoffId, event.itemId];
      return event.type === 'silenceRequested' ? [event.callId, event.itemId] : [event];
    };
    expect(ids({ call_id: 'call_1', id: 'item_2' })).toEqual(['call_1', 'item_2']);
    expect(ids({ call_id: 'call_1' })).toEqual(['call_1', 'call_1']);
    expect(ids({ call_id: 'call_1', id: 7 })).toEqual(['call_1', 'call_1']);
    expect(ids({ id: 'item_2' })).toEqual(['item_2', 'item_2']);
    expect(ids({ call_id: null, id: 'item_2' })).toEqual(['item_2', 'item_2']);
    expect(ids({})).toEqual([MISSING_FIELD]);
    expect(ids({ call_id: 1, id: null })).toEqual([MISSING_FIELD]);
  });

  test.each(['other_tool', '', undefined, 7])('of the name %j is an item like any other', (name) => {
    expect(call({ name, id: 'item_2', call_id: 'call_1' })).toEqual({ type: 'itemDone', itemId: 'item_2' });
    expect(call({ name, call_id: 'call_1' })).toEqual(MISSING_FIELD);
  });

  test.each<[name: string, callArguments: unknown, request: string]>([
    ['the first key', '{"input_transcript":"a","input":"b","text":"c","prompt":"d","query":"e"}', 'a'],
    ['the second key', '{"query":"e","prompt":"d","text":"c","input":"b"}', 'b'],
    ['the third key', '{"query":"e","prompt":"d","text":"c"}', 'c'],
    ['the fourth key', '{"query":"e","prompt":"d"}', 'd'],
    ['the fifth key', '{"query":"e"}', 'e'],
    ['white space around the text', '{"prompt":"  run it\\n"}', 'run it'],
    ['a blank value', '{"input":" ","prompt":"run it"}', 'run it'],
    ['an empty value', '{"input":"","prompt":"run it"}', 'run it'],
    ['a value that is no text', '{"input":["x"],"prompt":"run it"}', 'run it'],
    ['no key that counts', '{"task":"run it"}', '{"task":"run it"}'],
    ['nothing but a blank value', ' {"prompt":" "} ', ''],
    ['nothing but blank values, whatever their keys', '{"input":"","task":"\\n"}', ''],
    ['a text instead of an object', '"run it"', '"run it"'],
    ['an array', '["run it"]', '["run it"]'],
    ['null', 'null', 'null'],
    ['no JSON', ' run it ', ' run it '],
    ['an object that is cut off', '{"prompt":"run', '{"prompt":"run'],
    ['an empty object', '{}', ''],
    ['an empty object with white space', ' { } ', ''],
    ['empty arguments', '', ''],
    ['no arguments', undefined, ''],
    ['arguments that are an object already', { prompt: 'run it' }, ''],
    ['arguments that are a number', 7, ''],
  ])('takes its request from %s', (_name, callArguments, request) => {
    expect(call({ name: 'background_agent', call_id: 'call_1', arguments: callArguments })).toEqual({
      type: 'handoffRequested',
      handoffId: 'call_1',
      itemId: 'call_1',
      inputTranscript: request,
    });
  });
});

test.each([
  { type: 'session.updated', session: [] },
  { type: 'conversation.item.input_audio_transcription.delta' },
  { type: 'conversation.item.input_audio_transcription.completed', transcript: null },
  { type: 'response.output_audio_transcript.delta', delta: 1 },
  { type: 'response.output_text.delta' },
  { type: 'response.output_audio_transcript.done', text: 'wrong name' },
  { type: 'response.output_text.done', transcript: 'wrong name' },
  { type: 'conversation.item.added' },
  { type: 'conversation.item.created' },
  { type: 'conversation.item.done' },
  { type: 'conversation.item.done', item: null },
  { type: 'conversation.item.done', item: 'function_call' },
  { type: 'conversation.item.done', item: { type: 'message' } },
])('%j lacks what it must have', (event) => {
  expect(decode(event)).toEqual(MISSING_FIELD);
});
