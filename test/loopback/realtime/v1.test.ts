import { expect, test } from 'vitest';
import { base64, joined, silence, tone } from '../support/audio.ts';
import { EventClient, joinedAudio, joinedDeltas, typesOf } from '../support/event-client.ts';
import type { WireEvent } from '../support/event-client.ts';
import { startUpstream } from '../support/upstream.ts';
import type { Upstream } from '../support/upstream.ts';

const AUDIO = 'conversation.output_audio.delta';
const SAID = 'conversation.output_transcript.delta';

async function openV1(): Promise<{ upstream: Upstream; client: EventClient }> {
  const upstream = await startUpstream();
  const client = await EventClient.connect(upstream.loopback.url, '/realtime?intent=quicksilver&model=voice');
  return { upstream, client };
}

function sendText(client: EventClient, text: string, type = 'text'): void {
  const item = { type: 'message', role: 'user', content: [{ type, text }] };
  client.send({ type: 'conversation.item.create', item });
}

async function playedOut({
  upstream,
  client,
}: {
  upstream: Upstream;
  client: EventClient;
}): Promise<WireEvent[]> {
  const events = await client.settled();
  upstream.clock.advance(60_000);
  return [...events, ...(await client.settled())];
}

test('says nothing before its client does, and confirms an update', async () => {
  const { client } = await openV1();
  expect(await client.settled()).toEqual([]);
  client.send({
    type: 'session.update',
    session: {
      type: 'quicksilver',
      instructions: 'Be brief.',
      audio: { input: { format: { type: 'audio/pcm', rate: 24_000 } }, output: { voice: 'cove' } },
    },
  });
  expect(await client.settled()).toEqual([
    { type: 'session.updated', session: { id: 'sess_1', instructions: 'Be brief.' } },
  ]);
});

test('plays an utterance back', async () => {
  const session = await openV1();
  const spoken = joined(tone(400), silence(600));
  session.client.append(spoken);
  const events = await session.client.settled();
  const heard = events.filter(({ type }) => type === 'conversation.input_transcript.delta');
  expect(joinedDeltas(heard, 'conversation.input_transcript.delta')).toBe(
    '0.4 seconds of speech at -9 dB on average, -6 dB at most.',
  );
  const word = (delta: string): object => ({ type: SAID, delta });
  const chunk = (index: number): object => ({
    type: AUDIO,
    delta: base64(spoken.subarray(index * 4_800, (index + 1) * 4_800)),
    sample_rate: 24_000,
    channels: 1,
    samples_per_channel: 2_400,
  });
  expect(events.slice(heard.length)).toEqual([
    word('Echo'),
    word(' of'),
    chunk(0),
    word(' 0.4'),
    chunk(1),
    word(' seconds'),
    chunk(2),
    word(' of'),
    chunk(3),
  ]);
});

test('stops speaking when it is interrupted', async () => {
  const session = await openV1();
  session.client.append(joined(tone(2_000), silence(500)));
  expect(joinedAudio(await session.client.settled(), AUDIO).length).toBe(400 * 48);
  session.client.append(tone(100));
  expect(await session.client.settled()).toEqual([]);
  session.upstream.clock.advance(500);
  expect(await session.client.settled()).toEqual([]);
  session.client.append(joined(tone(300), silence(500)));
  const events = await playedOut(session);
  expect(joinedDeltas(events, SAID)).toBe('Echo of 0.4 seconds of speech.');
});

test.each(['text', 'input_text'])('answers a text of type %s', async (type) => {
  const session = await openV1();
  sendText(session.client, 'hello', type);
  const events = await playedOut(session);
  const item = {
    id: 'item_1',
    status: 'completed',
    type: 'message',
    role: 'user',
    content: [{ type, text: 'hello' }],
  };
  expect(events.slice(0, 2)).toEqual([
    { type: 'conversation.item.added', item },
    { type: 'conversation.item.done', item },
  ]);
  expect(joinedDeltas(events, SAID)).toBe('You typed: "hello".');
  expect(joinedAudio(events, AUDIO).length).toBe(3 * 200 * 48);
});

test('hands a request over and speaks what comes back', async () => {
  const session = await openV1();
  sendText(session.client, 'agent: list the files');
  expect((await playedOut(session)).slice(2)).toEqual([
    {
      type: 'conversation.handoff.requested',
      handoff_id: 'handoff_1',
      item_id: 'item_1',
      input_transcript: 'list the files',
    },
  ]);
  session.client.send({
    type: 'conversation.handoff.append',
    handoff_id: 'handoff_1',
    output_text: '"Agent Final Message":\n\nThere are three.',
  });
  const events = await playedOut(session);
  expect(joinedDeltas(events, SAID)).toBe('The background agent reports: There are three.');
  expect(joinedAudio(events, AUDIO).length).toBe(7 * 200 * 48);
});

test('hands over an empty request as it is', async () => {
  const session = await openV1();
  sendText(session.client, 'agent:');
  expect((await playedOut(session)).at(-1)).toMatchObject({ input_transcript: '' });
});

test.each([
  ['a type of version 2 only', { type: 'response.create' }, 'invalid_value', 'type'],
  [
    'a session of version 2',
    { type: 'session.update', session: { type: 'realtime' } },
    'invalid_value',
    'session.type',
  ],
  [
    'a voice of version 2',
    { type: 'session.update', session: { type: 'quicksilver', audio: { output: { voice: 'marin' } } } },
    'invalid_value',
    'session.audio.output.voice',
  ],
  ['audio that is no base64', { type: 'input_audio_buffer.append', audio: '?' }, 'invalid_value', 'audio'],
  [
    'an item that is no message of a user',
    { type: 'conversation.item.create', item: { type: 'message', role: 'assistant', content: [] } },
    'invalid_value',
    'item.role',
  ],
  [
    'a report to an unknown handoff',
    { type: 'conversation.handoff.append', handoff_id: 'handoff_9', output_text: 'x' },
    'item_not_found',
    'handoff_id',
  ],
])('answers %s with an error, and goes on', async (_name, event, code, param) => {
  const { client } = await openV1();
  client.send({ event_id: 'mine', ...event });
  client.send({ type: 'session.update', session: { type: 'quicksilver' } });
  expect(await client.settled()).toEqual([
    {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        code,
        message: expect.any(String) as unknown,
        param,
        event_id: 'mine',
      },
    },
    { type: 'session.updated', session: { id: 'sess_1', instructions: '' } },
  ]);
});

test('refuses texts when too many wait', async () => {
  const { client } = await openV1();
  for (let count = 0; count < 40; count += 1) sendText(client, 'more');
  const types = typesOf(await client.settled());
  expect(types.filter((type) => type === 'conversation.item.added')).toHaveLength(33);
  expect(types.filter((type) => type === 'error')).toHaveLength(7);
});

test('ends after 60 minutes', async () => {
  const { upstream, client } = await openV1();
  await client.settled();
  upstream.clock.advance(60 * 60 * 1000);
  expect(await client.until('error')).toMatchObject([{ error: { code: 'session_expired' } }]);
  expect(await client.closed).toMatchObject({ code: 1001 });
});
