import { expect, test } from 'vitest';
import { joined, silence, tone } from '../support/audio.ts';
import type { EventClient } from '../support/event-client.ts';
import { joinedAudio, typesOf } from '../support/event-client.ts';
import { openV2, startUpstream, updateV2 } from '../support/upstream.ts';

const UTTERANCE = joined(tone(2_000), silence(500));

/** Lets a response begin and play for 500 ms; it has sent 900 ms then. */
async function playing(client: EventClient, clock: { advance(milliseconds: number): void }): Promise<void> {
  client.append(UTTERANCE);
  const events = await client.settled();
  clock.advance(500);
  events.push(...(await client.settled()));
  expect(joinedAudio(events).length).toBe(900 * 48);
}

test('stops at once when somebody speaks', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  await playing(client, upstream.clock);
  client.append(tone(100));
  const events = await client.settled();
  const place = { response_id: 'resp_1', item_id: 'item_2', output_index: 0, content_index: 0 };
  const item = {
    id: 'item_2',
    object: 'realtime.item',
    type: 'message',
    status: 'incomplete',
    role: 'assistant',
    content: [{ type: 'output_audio', transcript: 'Echo of 2.0' }],
  };
  expect(events).toEqual([
    { type: 'input_audio_buffer.speech_started', item_id: 'item_3', audio_start_ms: 2_500 },
    { type: 'response.output_audio.done', ...place },
    { type: 'response.output_audio_transcript.done', ...place, transcript: 'Echo of 2.0' },
    { type: 'response.content_part.done', ...place, part: { type: 'audio', transcript: 'Echo of 2.0' } },
    { type: 'response.output_item.done', response_id: 'resp_1', output_index: 0, item },
    { type: 'conversation.item.done', previous_item_id: 'item_1', item },
    {
      type: 'response.done',
      response: expect.objectContaining({
        id: 'resp_1',
        status: 'cancelled',
        status_details: { type: 'cancelled', reason: 'turn_detected' },
        output: [item],
      }) as unknown,
    },
  ]);
  client.append(joined(tone(400), silence(500)));
  const next = await client.settled();
  upstream.clock.advance(10_000);
  next.push(...(await client.settled()));
  const audioOf = next.filter(({ type }) => type === 'response.output_audio.delta');
  expect(new Set(audioOf.map((event) => event['response_id']))).toEqual(new Set(['resp_2']));
  expect(next.at(-1)).toMatchObject({
    type: 'response.done',
    response: { id: 'resp_2', status: 'completed' },
  });
});

test('goes on when it may not be interrupted, and answers the other utterance afterwards', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  await updateV2(client, {
    audio: { input: { turn_detection: { type: 'server_vad', interrupt_response: false } } },
  });
  await playing(client, upstream.clock);
  client.append(joined(tone(400), silence(500)));
  expect(typesOf(await client.settled())).toEqual([
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
  ]);
  upstream.clock.advance(10_000);
  const events = await client.settled();
  const done = events.filter(({ type }) => type === 'response.done');
  expect(done).toMatchObject([
    { response: { id: 'resp_1', status: 'completed' } },
    { response: { id: 'resp_2', status: 'completed' } },
  ]);
});

test('stops when the client cancels', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  await playing(client, upstream.clock);
  client.send({ type: 'response.cancel', response_id: 'resp_1' });
  const events = await client.settled();
  expect(events.at(-1)).toMatchObject({
    type: 'response.done',
    response: { status: 'cancelled', status_details: { type: 'cancelled', reason: 'client_cancelled' } },
  });
  upstream.clock.advance(10_000);
  expect(await client.settled()).toEqual([]);
});

test('truncates what was sent, and takes its transcript away', async () => {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  await playing(client, upstream.clock);
  client.send({ type: 'response.cancel' });
  await client.settled();
  const truncate = { type: 'conversation.item.truncate', item_id: 'item_2', content_index: 0 };
  client.send({ ...truncate, audio_end_ms: 901 });
  client.send({ ...truncate, audio_end_ms: 900 });
  client.send({ ...truncate, audio_end_ms: 320 });
  client.send({ ...truncate, audio_end_ms: 321 });
  client.send({ type: 'conversation.item.retrieve', item_id: 'item_2' });
  const refusal = (message: string): object => ({
    type: 'error',
    error: {
      type: 'invalid_request_error',
      code: 'invalid_value',
      message,
      param: 'audio_end_ms',
      event_id: null,
    },
  });
  expect(await client.settled()).toEqual([
    refusal('The audio of this item is 900 ms long, shorter than 901 ms.'),
    { type: 'conversation.item.truncated', item_id: 'item_2', content_index: 0, audio_end_ms: 900 },
    { type: 'conversation.item.truncated', item_id: 'item_2', content_index: 0, audio_end_ms: 320 },
    refusal('The audio of this item is 320 ms long, shorter than 321 ms.'),
    {
      type: 'conversation.item.retrieved',
      item: {
        id: 'item_2',
        object: 'realtime.item',
        type: 'message',
        status: 'incomplete',
        role: 'assistant',
        content: [{ type: 'output_audio' }],
      },
    },
  ]);
});
