import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tone } from './support/audio.ts';
import type { WireEvent } from './support/event-client.ts';
import { EventClient } from './support/event-client.ts';
import { startUpstream } from './support/upstream.ts';

/** Anything a client could send: frames that are no event, and events that are nearly right. */
const someText = fc.oneof(
  fc.string(),
  fc.constantFrom('agent: x', '[USER] silent:', '[BACKEND] x', 'item_1', 'root'),
);
const content = fc.array(
  fc.record(
    { type: fc.constantFrom('input_text', 'text', 'input_audio'), text: someText },
    { requiredKeys: [] },
  ),
  { maxLength: 3 },
);
const item = fc.record(
  {
    type: fc.constantFrom('message', 'function_call', 'function_call_output'),
    role: fc.constantFrom('user', 'assistant', 'system'),
    content,
    id: someText,
    call_id: someText,
    name: someText,
    arguments: someText,
    output: someText,
  },
  { requiredKeys: ['type'] },
);
const sessionFields = fc.record(
  {
    type: fc.constantFrom('realtime', 'transcription', 'quicksilver'),
    instructions: someText,
    output_modalities: fc.array(fc.constantFrom('text', 'audio'), { maxLength: 2 }),
    tools: fc.array(fc.record({ type: fc.constant('function'), name: someText }), { maxLength: 2 }),
    audio: fc.record({
      input: fc.record({ turn_detection: fc.constantFrom(null, { type: 'server_vad' }, {}) }),
    }),
  },
  { requiredKeys: ['type'] },
);
const audio = fc.oneof(
  fc.constant(Buffer.from(tone(200)).toString('base64')),
  fc.constant(Buffer.alloc(48 * 700).toString('base64')),
  fc.base64String(),
  fc.string(),
);
const event = fc.record(
  {
    type: fc.constantFrom(
      'session.update',
      'input_audio_buffer.append',
      'input_audio_buffer.commit',
      'input_audio_buffer.clear',
      'conversation.item.create',
      'conversation.item.retrieve',
      'conversation.item.delete',
      'conversation.item.truncate',
      'conversation.handoff.append',
      'response.create',
      'response.cancel',
    ),
    event_id: fc.oneof(someText, fc.jsonValue()),
    session: fc.oneof(sessionFields, fc.jsonValue()),
    audio,
    item: fc.oneof(item, fc.jsonValue()),
    item_id: someText,
    content_index: fc.constantFrom(0, 1),
    audio_end_ms: fc.integer(),
    response: fc.jsonValue(),
    handoff_id: someText,
    output_text: someText,
  },
  { requiredKeys: ['type'] },
);
/** Events with only the fields of one type, so that many of them are accepted. */
const likelyEvent = fc.oneof(
  fc.record({ type: fc.constant('input_audio_buffer.append'), audio }),
  fc.record({ type: fc.constant('conversation.item.create'), item }),
  fc.record({ type: fc.constant('session.update'), session: sessionFields }),
  fc.record({ type: fc.constantFrom('response.create', 'response.cancel', 'input_audio_buffer.commit') }),
);
const frame = fc.oneof(
  fc.string(),
  fc.json(),
  event.map((value) => JSON.stringify(value)),
  likelyEvent.map((value) => JSON.stringify(value)),
  fc.uint8Array({ maxLength: 200 }),
);

test.each(['/realtime', '/realtime?intent=quicksilver', '/responses'])(
  'stays alive and answers on %s, whatever it is sent',
  async (path) => {
    const upstream = await startUpstream();
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { minLength: 1, maxLength: 12 }),
        fc.nat(2_000),
        async (frames, milliseconds) => {
          const client = await EventClient.connect(upstream.loopback.url, path);
          for (const data of frames) client.socket.send(typeof data === 'string' ? data : Buffer.from(data));
          await client.settled();
          upstream.clock.advance(milliseconds);
          const afterwards = await probe(client, path);
          expect(afterwards.some(({ type }) => type === 'error')).toBe(true);
          expect(client.socket.readyState).toBe(client.socket.OPEN);
          client.socket.terminate();
        },
      ),
      { numRuns: 120 },
    );
    expect(upstream.log.filter(({ name }) => name === 'internal_error')).toEqual([]);
  },
);

/** Sends what has to be refused. */
async function probe(client: EventClient, path: string): Promise<WireEvent[]> {
  await client.settled();
  client.send({ type: path });
  return client.settled();
}

test.each(['/realtime', '/realtime?intent=quicksilver', '/responses'])(
  'answers each frame on %s that is no event with one error',
  async (path) => {
    const upstream = await startUpstream();
    const client = await EventClient.connect(upstream.loopback.url, path);
    await client.settled();
    const noEvent = fc.oneof(
      fc.string().filter((text) => !text.startsWith('{')),
      fc.array(fc.jsonValue()).map((value) => JSON.stringify(value)),
      fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(noEvent, async (text) => {
        client.sendText(text);
        const events = await client.settled();
        expect(events).toMatchObject([{ type: 'error', error: { type: 'invalid_request_error' } }]);
      }),
      { numRuns: 200 },
    );
  },
);

test('answers any body of a request with JSON and a status', async () => {
  const { loopback } = await startUpstream();
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ model: someText, input: fc.oneof(someText, fc.array(item), fc.jsonValue()) })
      .map((value) => JSON.stringify(value)),
  );
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const response = await fetch(`${loopback.url}/responses`, { method: 'POST', body: text });
      const answer = (await response.json()) as object;
      expect([200, 400, 429]).toContain(response.status);
      expect(answer).toHaveProperty(response.status === 200 ? 'output' : 'error');
    }),
    { numRuns: 150 },
  );
});
