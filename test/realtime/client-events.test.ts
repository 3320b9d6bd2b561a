import { describe, expect, test } from 'vitest';
import { V1, V2 } from '../../src/realtime/index.ts';
import type { SessionSettings } from '../../src/realtime/index.ts';

const SETTINGS: SessionSettings = {
  mode: 'conversational',
  instructions: 'be brief',
  voice: 'cedar',
  outputModality: 'audio',
};

const PCM = { type: 'audio/pcm', rate: 24_000 };

describe('version 1', () => {
  const session = {
    type: 'quicksilver',
    instructions: 'be brief',
    audio: { input: { format: PCM }, output: { voice: 'cove' } },
  };

  test('its session is conversational and spoken, whatever was asked for', () => {
    expect(V1.session({ ...SETTINGS, voice: 'cove' })).toEqual(session);
    expect(V1.session({ ...SETTINGS, voice: 'cove', mode: 'transcription' })).toEqual(session);
    expect(V1.session({ ...SETTINGS, voice: 'cove', outputModality: 'text' })).toEqual(session);
  });

  test('empty instructions are still sent', () => {
    expect(V1.session({ ...SETTINGS, voice: 'cove', instructions: '' })).toEqual({
      ...session,
      instructions: '',
    });
  });

  test.each(['hello', '', '[USER] hello', ' spaced '])('text goes as it is: %j', (text) => {
    expect(V1.userText(text)).toEqual({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'text', text }] },
    });
  });

  test('it has an intent, and neither truncation nor tools', () => {
    expect([V1.name, V1.intent, V1.outputModalities]).toEqual(['v1', 'quicksilver', ['audio']]);
    expect(V1.truncate('item_1', 20)).toBeNull();
    expect(V1.toolOutput('call_1', '')).toBeNull();
  });
});

describe('version 2', () => {
  const session = {
    type: 'realtime',
    instructions: 'be brief',
    output_modalities: ['audio'],
    audio: {
      input: {
        format: PCM,
        noise_reduction: { type: 'near_field' },
        transcription: { model: 'gpt-4o-mini-transcribe' },
        turn_detection: {
          type: 'server_vad',
          interrupt_response: true,
          create_response: true,
          silence_duration_ms: 500,
        },
      },
      output: { format: PCM, voice: 'cedar' },
    },
    tools: [
      {
        type: 'function',
        name: 'background_agent',
        description: expect.any(String),
        parameters: {
          type: 'object',
          properties: { prompt: { type: 'string', description: expect.any(String) } },
          required: ['prompt'],
          additionalProperties: false,
        },
      },
      {
        type: 'function',
        name: 'remain_silent',
        description: expect.any(String),
        parameters: { type: 'object', properties: {}, additionalProperties: false },
      },
    ],
    tool_choice: 'auto',
  };

  test('a conversational session', () => {
    expect(V2.session(SETTINGS)).toEqual(session);
  });

  test('written output changes only the modality', () => {
    expect(V2.session({ ...SETTINGS, outputModality: 'text' })).toEqual({
      ...session,
      output_modalities: ['text'],
    });
  });

  test.each(['audio', 'text'] as const)(
    'a transcription session, asked to answer in %s',
    (outputModality) => {
      expect(V2.session({ ...SETTINGS, mode: 'transcription', outputModality })).toEqual({
        type: 'transcription',
        audio: { input: { format: PCM, transcription: { model: 'gpt-4o-mini-transcribe' } } },
      });
    },
  );

  test.each([
    ['hello', '[USER] hello'],
    ['', ''],
    ['[USER] hello', '[USER] hello'],
    ['[USER] ', '[USER] '],
    ['[USER]hello', '[USER] [USER]hello'],
    [' [USER] hello', '[USER]  [USER] hello'],
    ['[user] hello', '[USER] [user] hello'],
    ['[BACKEND] hello', '[USER] [BACKEND] hello'],
    [' ', '[USER]  '],
  ])('the text %j is sent as %j', (text, marked) => {
    expect(V2.userText(text)).toEqual({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_text', text: marked }] },
    });
  });

  test('a truncation names the item and the milliseconds that were heard', () => {
    expect(V2.truncate('item_1', 320)).toEqual({
      type: 'conversation.item.truncate',
      item_id: 'item_1',
      content_index: 0,
      audio_end_ms: 320,
    });
  });

  test.each(['', 'done'])('the output %j of a tool call goes as it is', (output) => {
    expect(V2.toolOutput('call_1', output)).toEqual({
      type: 'conversation.item.create',
      item: { type: 'function_call_output', call_id: 'call_1', output },
    });
  });

  test('it has no intent and both modalities', () => {
    expect([V2.name, V2.intent, V2.outputModalities]).toEqual(['v2', null, ['audio', 'text']]);
  });

  test('sessions do not share what a caller could change', () => {
    expect(V2.session(SETTINGS)).not.toBe(V2.session(SETTINGS));
  });
});
