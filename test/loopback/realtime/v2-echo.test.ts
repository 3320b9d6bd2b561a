import { expect, test } from 'vitest';
import { base64, joined, silence, tone } from '../support/audio.ts';
import { EventClient, joinedAudio, joinedDeltas, typesOf } from '../support/event-client.ts';
import { openV2, startUpstream, updateV2 } from '../support/upstream.ts';

const HEARD = '0.4 seconds of speech at -9 dB on average, -6 dB at most.';
const ECHO = 'Echo of 0.4 seconds of speech.';

test('plays an utterance back, and tells of every step', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  await updateV2(client, { audio: { input: { transcription: { model: 'gpt-4o-mini-transcribe' } } } });
  const spoken = joined(silence(100), tone(400), silence(600));
  client.append(spoken);
  const begin = await client.settled();
  upstream.clock.advance(299);
  expect(typesOf(await client.settled())).toEqual([
    'response.output_audio_transcript.delta',
    'response.output_audio.delta',
    'response.output_audio_transcript.delta',
    'response.output_audio.delta',
  ]);
  upstream.clock.advance(301);
  const end = await client.settled();

  const userItem = {
    id: 'item_1',
    object: 'realtime.item',
    type: 'message',
    status: 'completed',
    role: 'user',
    content: [{ type: 'input_audio' }],
  };
  const words = [
    '0.4',
    ' seconds',
    ' of',
    ' speech',
    ' at',
    ' -9',
    ' dB',
    ' on',
    ' average,',
    ' -6',
    ' dB',
    ' at',
    ' most.',
  ];
  const transcription = { item_id: 'item_1', content_index: 0 };
  const response = {
    object: 'realtime.response',
    id: 'resp_1',
    conversation_id: 'conv_1',
    output_modalities: ['audio'],
    audio: { output: { format: { type: 'audio/pcm', rate: 24_000 }, voice: 'marin' } },
    max_output_tokens: 'inf',
    metadata: null,
  };
  const message = { id: 'item_2', object: 'realtime.item', type: 'message', role: 'assistant' };
  const place = { response_id: 'resp_1', item_id: 'item_2', output_index: 0, content_index: 0 };
  const chunk = (index: number): object => ({
    type: 'response.output_audio.delta',
    ...place,
    delta: base64(spoken.subarray(index * 4_800, (index + 1) * 4_800)),
  });
  const word = (delta: string): object => ({
    type: 'response.output_audio_transcript.delta',
    ...place,
    delta,
  });
  const opened = { ...message, status: 'in_progress', content: [] };
  expect(begin).toEqual([
    { type: 'input_audio_buffer.speech_started', item_id: 'item_1', audio_start_ms: 0 },
    { type: 'input_audio_buffer.speech_stopped', item_id: 'item_1', audio_end_ms: 1_000 },
    { type: 'input_audio_buffer.committed', item_id: 'item_1', previous_item_id: null },
    { type: 'conversation.item.added', previous_item_id: null, item: userItem },
    { type: 'conversation.item.done', previous_item_id: null, item: userItem },
    ...words.map((delta) => ({
      type: 'conversation.item.input_audio_transcription.delta',
      ...transcription,
      delta,
    })),
    {
      type: 'conversation.item.input_audio_transcription.completed',
      ...transcription,
      transcript: HEARD,
      usage: { type: 'duration', seconds: 0.4 },
    },
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    { type: 'response.output_item.added', response_id: 'resp_1', output_index: 0, item: opened },
    { type: 'conversation.item.added', previous_item_id: 'item_1', item: opened },
    { type: 'response.content_part.added', ...place, part: { type: 'audio', transcript: '' } },
    word('Echo'),
    chunk(0),
    word(' of'),
    chunk(1),
    word(' 0.4'),
    chunk(2),
    word(' seconds'),
    chunk(3),
  ]);
  const closed = { ...message, status: 'completed', content: [{ type: 'output_audio', transcript: ECHO }] };
  expect(end).toEqual([
    { type: 'response.output_audio.done', ...place },
    { type: 'response.output_audio_transcript.done', ...place, transcript: ECHO },
    { type: 'response.content_part.done', ...place, part: { type: 'audio', transcript: ECHO } },
    { type: 'response.output_item.done', response_id: 'resp_1', output_index: 0, item: closed },
    { type: 'conversation.item.done', previous_item_id: 'item_1', item: closed },
    {
      type: 'response.done',
      response: {
        ...response,
        status: 'completed',
        output: [closed],
        usage: {
          total_tokens: 22,
          input_tokens: 4,
          output_tokens: 18,
          input_token_details: { text_tokens: 0, audio_tokens: 4, image_tokens: 0, cached_tokens: 0 },
          output_token_details: { text_tokens: 6, audio_tokens: 12 },
        },
      },
    },
  ]);
});

test('sends each chunk when it is due, and all of the voice', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  const spoken = joined(tone(1_000), silence(500));
  client.append(spoken);
  const events = await client.settled();
  expect(joinedAudio(events).length).toBe(400 * 48);
  upstream.clock.advance(100);
  events.push(...(await client.settled()));
  expect(joinedAudio(events).length).toBe(500 * 48);
  upstream.clock.advance(1_000);
  events.push(...(await client.settled()));
  expect(Buffer.compare(joinedAudio(events), spoken.subarray(0, 1_100 * 48))).toBe(0);
  expect(events.at(-1)).toMatchObject({ type: 'response.done', response: { status: 'completed' } });
});

test('answers in text when the session asks for it', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  await updateV2(client, { output_modalities: ['text'] });
  client.append(joined(tone(400), silence(500)));
  const events = (await client.settled()).slice(5);
  const place = { response_id: 'resp_1', item_id: 'item_2', output_index: 0, content_index: 0 };
  expect(typesOf(events)).toEqual([
    'response.created',
    'response.output_item.added',
    'conversation.item.added',
    'response.content_part.added',
    ...Array.from({ length: 6 }, () => 'response.output_text.delta'),
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done',
    'response.done',
  ]);
  expect(joinedDeltas(events, 'response.output_text.delta')).toBe(ECHO);
  expect(events[10]).toEqual({ type: 'response.output_text.done', ...place, text: ECHO });
});

test('does not transcribe unless it is asked to', async () => {
  const client = await openV2(await startUpstream());
  client.append(joined(tone(400), silence(500)));
  const types = typesOf(await client.settled());
  expect(types.filter((type) => type.includes('transcription'))).toEqual([]);
});

test('answers a caller whose audio stops arriving in mid-speech', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  client.append(tone(500));
  expect(typesOf(await client.settled())).toEqual(['input_audio_buffer.speech_started']);
  upstream.clock.advance(900);
  expect(typesOf(await client.settled()).slice(0, 2)).toEqual([
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
  ]);
});

test('leaves an utterance unanswered when no response is to be made, until one is asked for', async () => {
  const client = await openV2(await startUpstream());
  await updateV2(client, {
    output_modalities: ['text'],
    audio: { input: { turn_detection: { type: 'server_vad', create_response: false } } },
  });
  client.append(joined(tone(400), silence(500)));
  expect((await client.settled()).at(-1)?.type).toBe('conversation.item.done');
  client.send({ type: 'response.create' });
  expect(joinedDeltas(await client.settled(), 'response.output_text.delta')).toBe(ECHO);
});

test('without turn detection makes an item of each commit and a response on demand', async () => {
  const client = await openV2(await startUpstream());
  await updateV2(client, {
    output_modalities: ['text'],
    audio: { input: { turn_detection: null, transcription: {} } },
  });
  client.append(joined(tone(400), silence(600)));
  expect(await client.settled()).toEqual([]);
  client.send({ type: 'input_audio_buffer.commit' });
  const committed = await client.settled();
  expect(typesOf(committed).slice(0, 3)).toEqual([
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
  ]);
  expect(committed.at(-1)).toMatchObject({
    transcript: '1.0 seconds of audio at -13 dB on average, -6 dB at most.',
  });
  client.send({ type: 'response.create' });
  expect(joinedDeltas(await client.settled(), 'response.output_text.delta')).toBe(
    'Echo of 1.0 seconds of audio.',
  );
});

test('forgets the input buffer when it is cleared', async () => {
  const client = await openV2(await startUpstream());
  await updateV2(client, { audio: { input: { turn_detection: null } } });
  client.append(tone(400));
  client.send({ type: 'input_audio_buffer.clear' });
  client.send({ type: 'input_audio_buffer.commit' });
  expect(await client.settled()).toEqual([
    { type: 'input_audio_buffer.cleared' },
    {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code: 'input_audio_buffer_commit_empty',
        message: 'At least 100 ms of audio are needed for a commit.',
        param: null,
        event_id: null,
      },
    },
  ]);
});

test('puts an utterance that is committed in mid-speech under the id that was announced', async () => {
  const client = await openV2(await startUpstream());
  client.append(tone(400));
  client.send({ type: 'input_audio_buffer.commit' });
  const [started, committed] = await client.settled();
  expect(started).toMatchObject({ type: 'input_audio_buffer.speech_started', item_id: 'item_1' });
  expect(committed).toMatchObject({ type: 'input_audio_buffer.committed', item_id: 'item_1' });
});

test('takes silence between utterances for no answer at all', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  client.append(silence(10_000));
  upstream.clock.advance(10_000);
  expect(await client.settled()).toEqual([]);
});

test('prompts a caller who stays silent for as long as the idle timeout', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  await updateV2(client, {
    output_modalities: ['text'],
    audio: { input: { turn_detection: { type: 'server_vad', idle_timeout_ms: 5_000 } } },
  });
  client.append(joined(tone(400), silence(600)));
  await client.until('response.done');
  client.append(silence(2_000));
  await client.settled();
  upstream.clock.advance(5_000);
  const events = await client.settled();
  expect(events[0]).toEqual({
    type: 'input_audio_buffer.timeout_triggered',
    item_id: 'item_3',
    audio_start_ms: 1_000,
    audio_end_ms: 3_000,
  });
  expect(typesOf(events).slice(1, 5)).toEqual([
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'response.created',
  ]);
  client.append(tone(200));
  await client.settled();
  upstream.clock.advance(800);
  expect(await client.settled()).toEqual([]);
});

test('gives every event an id of its own', async () => {
  const upstream = await startUpstream();
  const client = await EventClient.connect(upstream.loopback.url, '/realtime');
  const ids: unknown[] = [];
  client.socket.on('message', (data) => {
    ids.push((JSON.parse((data as Buffer).toString('utf8')) as { event_id?: unknown }).event_id);
  });
  client.append(joined(tone(1_000), silence(600)));
  await client.settled();
  upstream.clock.advance(5_000);
  await client.settled();
  expect(ids.length).toBeGreaterThan(20);
  expect(ids.every((id) => typeof id === 'string')).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});
