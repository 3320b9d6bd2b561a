import { expect, test } from 'vitest';
import { EventClient, joinedDeltas, typesOf } from '../support/event-client.ts';
import { startUpstream } from '../support/upstream.ts';
import type { Upstream } from '../support/upstream.ts';

async function open(): Promise<{ upstream: Upstream; client: EventClient }> {
  const upstream = await startUpstream();
  return { upstream, client: await EventClient.connect(upstream.loopback.url, '/responses') };
}

function ask(client: EventClient, body: object): void {
  client.send({ type: 'response.create', model: 'any', stream: true, store: false, ...body });
}

test('answers a request with the events of the API', async () => {
  const { client } = await open();
  ask(client, { input: 'hello' });
  const events = await client.settled();
  expect(typesOf(events)).toEqual([
    'response.created',
    'response.in_progress',
    'response.output_item.added',
    'response.content_part.added',
    ...Array.from({ length: 6 }, () => 'response.output_text.delta'),
    'response.output_text.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_, index) => index));
});

test('remembers a request that is not to be answered, and continues it', async () => {
  const { client } = await open();
  ask(client, { input: [{ role: 'user', content: 'hello' }], generate: false });
  const events = await client.settled();
  expect(typesOf(events)).toEqual(['response.created', 'response.in_progress', 'response.completed']);
  expect(events.at(-1)).toMatchObject({ response: { id: 'resp_1', status: 'completed', output: [] } });
  ask(client, { input: [], previous_response_id: 'resp_1' });
  expect(joinedDeltas(await client.settled(), 'response.output_text.delta')).toBe(
    'The loopback server was asked: "hello"',
  );
});

test('does not continue what another connection kept to itself', async () => {
  const { upstream, client } = await open();
  ask(client, { input: 'hello' });
  await client.settled();
  const other = await EventClient.connect(upstream.loopback.url, '/responses');
  ask(other, { input: [], previous_response_id: 'resp_1' });
  expect(await other.settled()).toEqual([
    {
      type: 'error',
      status: 400,
      error: {
        type: 'invalid_request_error',
        code: 'previous_response_not_found',
        message: 'The response to continue is not, or no longer, known here.',
        param: 'previous_response_id',
      },
    },
  ]);
});

test('answers requests one after the other, and refuses too many', async () => {
  const { upstream, client } = await open();
  ask(client, { input: 'slow 1: first' });
  for (let count = 0; count < 17; count += 1) ask(client, { input: 'next' });
  const before = await client.settled();
  expect(before.filter(({ type }) => type === 'response.created')).toHaveLength(1);
  expect(before.filter(({ type }) => type === 'error')).toMatchObject([
    { status: 429, error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } },
  ]);
  upstream.clock.advance(1_000);
  const after = await client.settled();
  expect(after.filter(({ type }) => type === 'response.completed')).toHaveLength(17);
});

test('refuses a request with a status, and goes on', async () => {
  const { client } = await open();
  ask(client, { input: 'fail 503' });
  ask(client, { input: 'fail' });
  ask(client, { input: 'hello' });
  const events = await client.settled();
  expect(events[0]).toMatchObject({ type: 'error', status: 503, error: { type: 'server_error' } });
  expect(typesOf(events).slice(1, 4)).toEqual([
    'response.created',
    'response.in_progress',
    'response.failed',
  ]);
  expect(events.at(-1)?.type).toBe('response.completed');
});

test.each([
  ['no JSON', '{', 'invalid_event'],
  ['an unknown type', '{"type":"response.cancel"}', 'invalid_value'],
  ['no input', '{"type":"response.create","model":"any"}', 'missing_required_parameter'],
])('answers %s with an error, and goes on', async (_name, frame, code) => {
  const { client } = await open();
  client.sendText(frame);
  client.socket.send(Buffer.from(frame));
  ask(client, { input: 'hello' });
  const events = await client.settled();
  expect(events.slice(0, 2)).toMatchObject([
    { type: 'error', status: 400, error: { code } },
    { type: 'error', status: 400 },
  ]);
  expect(events.at(-1)?.type).toBe('response.completed');
});

test('stops when the client goes away', async () => {
  const { upstream, client } = await open();
  ask(client, { input: 'slow 60: hello' });
  await client.settled();
  expect(upstream.clock.timerCount).toBe(2);
  client.socket.terminate();
  await expect.poll(() => upstream.clock.timerCount, { timeout: 10_000 }).toBe(0);
});

test('ends after 60 minutes', async () => {
  const { upstream, client } = await open();
  await client.settled();
  upstream.clock.advance(60 * 60 * 1000);
  expect(await client.until('error')).toMatchObject([
    { status: 400, error: { code: 'websocket_connection_limit_reached' } },
  ]);
  expect(await client.closed).toMatchObject({ code: 1001 });
});
