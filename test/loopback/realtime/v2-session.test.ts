import { expect, test } from 'vitest';
import { base64, joined, silence, tone } from '../support/audio.ts';
import { EventClient, typesOf } from '../support/event-client.ts';
import { openV2, startUpstream, updateV2 } from '../support/upstream.ts';

const PCM = { type: 'audio/pcm', rate: 24_000 };
const SERVER_VAD = {
  type: 'server_vad',
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 500,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
};
const DEFAULTS = {
  type: 'realtime',
  object: 'realtime.session',
  id: 'sess_1',
  model: 'some-voice',
  expires_at: 1_700_003_600,
  output_modalities: ['audio'],
  instructions:
    'This is the loopback server, not a model. It plays your own speech back and answers text with short tones.',
  tools: [],
  tool_choice: 'auto',
  max_output_tokens: 'inf',
  tracing: null,
  truncation: 'auto',
  prompt: null,
  include: null,
  audio: {
    input: { format: PCM, noise_reduction: null, transcription: null, turn_detection: SERVER_VAD },
    output: { format: PCM, voice: 'marin', speed: 1 },
  },
};

test('begins with the defaults', async () => {
  const { loopback } = await startUpstream();
  const client = await EventClient.connect(loopback.url, '/realtime?model=some-voice');
  expect(await client.settled()).toEqual([{ type: 'session.created', session: DEFAULTS }]);
});

test('answers an update with every setting in force', async () => {
  const { loopback } = await startUpstream();
  const client = await EventClient.connect(loopback.url, '/realtime?model=some-voice');
  const tools = [
    { type: 'function', name: 'background_agent', description: 'Works.', parameters: { type: 'object' } },
  ];
  client.send({
    type: 'session.update',
    session: {
      type: 'realtime',
      instructions: 'Be brief.',
      output_modalities: ['text'],
      audio: {
        input: {
          format: PCM,
          noise_reduction: { type: 'near_field' },
          transcription: { model: 'gpt-4o-mini-transcribe' },
          turn_detection: { type: 'server_vad', silence_duration_ms: 700 },
        },
        output: { format: PCM, voice: 'cedar' },
      },
      tools,
      tool_choice: 'auto',
    },
  });
  const input = {
    format: PCM,
    noise_reduction: { type: 'near_field' },
    transcription: { model: 'gpt-4o-mini-transcribe' },
    turn_detection: { ...SERVER_VAD, silence_duration_ms: 700 },
  };
  const updated = {
    ...DEFAULTS,
    instructions: 'Be brief.',
    output_modalities: ['text'],
    tools,
    audio: { input, output: { format: PCM, voice: 'cedar', speed: 1 } },
  };
  expect((await client.settled()).slice(1)).toEqual([{ type: 'session.updated', session: updated }]);

  client.send({
    type: 'session.update',
    session: {
      type: 'realtime',
      instructions: '',
      tools: [],
      audio: { input: { transcription: null, turn_detection: { type: 'semantic_vad', eagerness: 'high' } } },
    },
  });
  const semantic = {
    type: 'semantic_vad',
    eagerness: 'high',
    create_response: true,
    interrupt_response: true,
  };
  expect(await client.settled()).toEqual([
    {
      type: 'session.updated',
      session: {
        ...updated,
        instructions: '',
        tools: [],
        audio: { ...updated.audio, input: { ...input, transcription: null, turn_detection: semantic } },
      },
    },
  ]);
});

test('changes nothing when an update is refused', async () => {
  const client = await openV2(await startUpstream());
  client.send({
    type: 'session.update',
    session: { type: 'realtime', instructions: 'x', output_modalities: [] },
  });
  client.send({ type: 'session.update', session: { type: 'realtime' } });
  const [error, updated] = await client.settled();
  expect(error?.type).toBe('error');
  expect(updated).toMatchObject({ session: { instructions: DEFAULTS.instructions } });
});

test('uses the silence that semantic detection stands for', async () => {
  const client = await openV2(await startUpstream());
  await updateV2(client, {
    audio: { input: { turn_detection: { type: 'semantic_vad', eagerness: 'low' } } },
  });
  client.append(joined(tone(200), silence(1_980)));
  expect(typesOf(await client.settled())).toEqual(['input_audio_buffer.speech_started']);
  client.append(silence(20));
  expect(typesOf(await client.settled())[0]).toBe('input_audio_buffer.speech_stopped');
});

test('keeps the voice once the session has spoken', async () => {
  const client = await openV2(await startUpstream());
  const voice = (name: string): object => ({
    type: 'session.update',
    session: { type: 'realtime', audio: { output: { voice: name } } },
  });
  client.send(voice('ash'));
  client.send({ type: 'response.create' });
  await client.until('response.output_audio.delta');
  client.send({ type: 'response.cancel' });
  await client.until('response.done');
  client.send(voice('ash'));
  client.send(voice('cedar'));
  expect(await client.settled()).toMatchObject([
    { type: 'session.updated', session: { audio: { output: { voice: 'ash' } } } },
    { type: 'error', error: { code: 'cannot_update_voice', param: 'session.audio.output.voice' } },
  ]);
});

test('only transcribes in a session of that type', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  client.send({
    type: 'session.update',
    session: {
      type: 'transcription',
      audio: { input: { format: PCM, transcription: { model: 'gpt-4o-mini-transcribe' } } },
    },
  });
  expect(await client.settled()).toEqual([
    {
      type: 'session.updated',
      session: {
        type: 'transcription',
        object: 'realtime.transcription_session',
        id: 'sess_1',
        expires_at: 1_700_003_600,
        include: null,
        audio: { input: { ...DEFAULTS.audio.input, transcription: { model: 'gpt-4o-mini-transcribe' } } },
      },
    },
  ]);
  client.append(joined(tone(400), silence(600)));
  const content = [{ type: 'input_text', text: 'hello' }];
  client.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  client.send({ type: 'response.create' });
  client.send({ type: 'session.update', session: { type: 'realtime' } });
  const events = await client.settled();
  upstream.clock.advance(10_000);
  events.push(...(await client.settled()));
  const isDelta = (type: string): boolean => type.endsWith('transcription.delta');
  expect(typesOf(events).filter((type) => !isDelta(type))).toEqual([
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'conversation.item.input_audio_transcription.completed',
    'conversation.item.added',
    'conversation.item.done',
    'error',
    'error',
  ]);
});

test('gives an item with its transcript and audio when it is asked for', async () => {
  const client = await openV2(await startUpstream());
  await updateV2(client, { output_modalities: ['text'], audio: { input: { transcription: {} } } });
  const spoken = joined(tone(400), silence(500));
  client.append(spoken);
  await client.until('response.done');
  client.send({ type: 'conversation.item.retrieve', item_id: 'item_1' });
  const transcript = '0.4 seconds of speech at -9 dB on average, -6 dB at most.';
  expect(await client.settled()).toMatchObject([
    { item: { content: [{ type: 'input_audio', transcript, audio: base64(spoken) }] } },
  ]);
});

test('ends after 60 minutes', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  upstream.clock.advance(60 * 60 * 1000);
  expect(await client.until('error')).toEqual([
    {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code: 'session_expired',
        message: 'The session has reached its longest duration of 60 minutes.',
        param: null,
        event_id: null,
      },
    },
  ]);
  expect(await client.closed).toEqual({
    code: 1001,
    reason: 'The session has reached its longest duration.',
  });
});
