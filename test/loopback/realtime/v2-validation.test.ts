import { expect, test } from 'vitest';
import { base64, silence } from '../support/audio.ts';
import { openV2, startUpstream } from '../support/upstream.ts';

interface Case {
  readonly name: string;
  readonly event: object | string;
  readonly code: string;
  readonly param: string | null;
}

function session(fields: object): object {
  return { type: 'session.update', session: { type: 'realtime', ...fields } };
}

function detection(fields: object): object {
  return session({ audio: { input: { turn_detection: { type: 'server_vad', ...fields } } } });
}

function item(fields: object): object {
  return { type: 'conversation.item.create', item: fields };
}

const TRUNCATE = { type: 'conversation.item.truncate', item_id: 'item_1', content_index: 0, audio_end_ms: 0 };
const DETECTION = 'session.audio.input.turn_detection';

const CASES: Case[] = [
  { name: 'no JSON', event: '{"type":', code: 'invalid_event', param: null },
  { name: 'an empty frame', event: '', code: 'invalid_event', param: null },
  { name: 'an array', event: '[]', code: 'invalid_event', param: null },
  { name: 'null', event: 'null', code: 'invalid_event', param: null },
  { name: 'a number', event: '1', code: 'invalid_event', param: null },
  { name: 'no type', event: {}, code: 'missing_required_parameter', param: 'type' },
  { name: 'a type of another kind', event: { type: 1 }, code: 'invalid_type', param: 'type' },
  { name: 'an unknown type', event: { type: 'session.delete' }, code: 'invalid_value', param: 'type' },
  {
    name: 'a type that every object has',
    event: { type: 'constructor' },
    code: 'invalid_value',
    param: 'type',
  },
  {
    name: 'an event id of another kind',
    event: { type: 'input_audio_buffer.clear', event_id: 1 },
    code: 'invalid_type',
    param: 'event_id',
  },
  {
    name: 'an unknown field',
    event: { type: 'input_audio_buffer.clear', all: true },
    code: 'unknown_parameter',
    param: 'all',
  },
  {
    name: 'deep nesting',
    event: `{"type":"session.update","session":${'['.repeat(100)}${']'.repeat(100)}}`,
    code: 'invalid_event',
    param: null,
  },
  {
    name: 'no session',
    event: { type: 'session.update' },
    code: 'missing_required_parameter',
    param: 'session',
  },
  {
    name: 'a session without type',
    event: { type: 'session.update', session: {} },
    code: 'missing_required_parameter',
    param: 'session.type',
  },
  {
    name: 'a session of version 1',
    event: session({ type: 'quicksilver' }),
    code: 'invalid_value',
    param: 'session.type',
  },
  {
    name: 'an unknown setting',
    event: session({ temper: 1 }),
    code: 'unknown_parameter',
    param: 'session.temper',
  },
  {
    name: 'instructions of another kind',
    event: session({ instructions: 1 }),
    code: 'invalid_type',
    param: 'session.instructions',
  },
  {
    name: 'both modalities',
    event: session({ output_modalities: ['text', 'audio'] }),
    code: 'invalid_value',
    param: 'session.output_modalities',
  },
  {
    name: 'no modality',
    event: session({ output_modalities: [] }),
    code: 'invalid_value',
    param: 'session.output_modalities',
  },
  {
    name: 'an unknown modality',
    event: session({ output_modalities: ['smell'] }),
    code: 'invalid_value',
    param: 'session.output_modalities[0]',
  },
  {
    name: 'a voice of version 1',
    event: session({ audio: { output: { voice: 'cove' } } }),
    code: 'invalid_value',
    param: 'session.audio.output.voice',
  },
  {
    name: 'another speed',
    event: session({ audio: { output: { speed: 1.5 } } }),
    code: 'invalid_value',
    param: 'session.audio.output.speed',
  },
  {
    name: 'a telephone format',
    event: session({ audio: { input: { format: { type: 'audio/pcmu' } } } }),
    code: 'invalid_value',
    param: 'session.audio.input.format.type',
  },
  {
    name: 'another rate',
    event: session({ audio: { input: { format: { type: 'audio/pcm', rate: 16_000 } } } }),
    code: 'invalid_value',
    param: 'session.audio.input.format.rate',
  },
  {
    name: 'a threshold above 1',
    event: detection({ threshold: 1.1 }),
    code: 'invalid_value',
    param: `${DETECTION}.threshold`,
  },
  {
    name: 'a negative silence',
    event: detection({ silence_duration_ms: -1 }),
    code: 'invalid_value',
    param: `${DETECTION}.silence_duration_ms`,
  },
  {
    name: 'a fraction of padding',
    event: detection({ prefix_padding_ms: 1.5 }),
    code: 'invalid_type',
    param: `${DETECTION}.prefix_padding_ms`,
  },
  {
    name: 'a short idle timeout',
    event: detection({ idle_timeout_ms: 1_000 }),
    code: 'invalid_value',
    param: `${DETECTION}.idle_timeout_ms`,
  },
  {
    name: 'an unknown detection',
    event: detection({ type: 'telepathy' }),
    code: 'invalid_value',
    param: `${DETECTION}.type`,
  },
  {
    name: 'an idle timeout of semantic detection',
    event: detection({ type: 'semantic_vad', idle_timeout_ms: 5_000 }),
    code: 'unknown_parameter',
    param: `${DETECTION}.idle_timeout_ms`,
  },
  {
    name: 'tools that are no array',
    event: session({ tools: {} }),
    code: 'invalid_type',
    param: 'session.tools',
  },
  {
    name: 'a tool without name',
    event: session({ tools: [{ type: 'function' }] }),
    code: 'missing_required_parameter',
    param: 'session.tools[0].name',
  },
  {
    name: 'a tool of a remote server',
    event: session({ tools: [{ type: 'mcp', server_label: 'x' }] }),
    code: 'invalid_value',
    param: 'session.tools[0].type',
  },
  {
    name: 'an unknown tool choice',
    event: session({ tool_choice: 'perhaps' }),
    code: 'invalid_value',
    param: 'session.tool_choice',
  },
  {
    name: 'another model',
    event: session({ model: 'other' }),
    code: 'invalid_value',
    param: 'session.model',
  },
  {
    name: 'no audio',
    event: { type: 'input_audio_buffer.append' },
    code: 'missing_required_parameter',
    param: 'audio',
  },
  {
    name: 'audio of another kind',
    event: { type: 'input_audio_buffer.append', audio: [1] },
    code: 'invalid_type',
    param: 'audio',
  },
  {
    name: 'audio that is no base64',
    event: { type: 'input_audio_buffer.append', audio: 'AA!A' },
    code: 'invalid_value',
    param: 'audio',
  },
  {
    name: 'half a sample',
    event: { type: 'input_audio_buffer.append', audio: 'AAAA' },
    code: 'invalid_value',
    param: 'audio',
  },
  {
    name: 'too much audio',
    event: { type: 'input_audio_buffer.append', audio: base64(new Uint8Array(15 * 1024 * 1024 + 2)) },
    code: 'invalid_value',
    param: 'audio',
  },
  {
    name: 'a commit of nothing',
    event: { type: 'input_audio_buffer.commit' },
    code: 'input_audio_buffer_commit_empty',
    param: null,
  },
  {
    name: 'an output buffer on a WebSocket',
    event: { type: 'output_audio_buffer.clear' },
    code: 'invalid_value',
    param: 'type',
  },
  {
    name: 'no item',
    event: { type: 'conversation.item.create' },
    code: 'missing_required_parameter',
    param: 'item',
  },
  { name: 'an unknown item', event: item({ type: 'poem' }), code: 'invalid_value', param: 'item.type' },
  {
    name: 'an unknown role',
    event: item({ type: 'message', role: 'king', content: [] }),
    code: 'invalid_value',
    param: 'item.role',
  },
  {
    name: 'no content',
    event: item({ type: 'message', role: 'user', content: [] }),
    code: 'invalid_value',
    param: 'item.content',
  },
  {
    name: 'content of version 1',
    event: item({ type: 'message', role: 'user', content: [{ type: 'text', text: 'a' }] }),
    code: 'invalid_value',
    param: 'item.content[0].type',
  },
  {
    name: 'item audio that is no base64',
    event: item({ type: 'message', role: 'user', content: [{ type: 'input_audio', audio: '?' }] }),
    code: 'invalid_value',
    param: 'item.content',
  },
  {
    name: 'an output without call',
    event: item({ type: 'function_call_output', call_id: 'call_9', output: '' }),
    code: 'invalid_tool_call_id',
    param: 'item.call_id',
  },
  {
    name: 'an output that is no text',
    event: item({ type: 'function_call_output', call_id: 'call_9', output: {} }),
    code: 'invalid_type',
    param: 'item.output',
  },
  {
    name: 'an unknown place',
    event: {
      ...item({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'a' }] }),
      previous_item_id: 'item_9',
    },
    code: 'item_not_found',
    param: 'previous_item_id',
  },
  {
    name: 'retrieving nothing',
    event: { type: 'conversation.item.retrieve', item_id: 'item_9' },
    code: 'item_not_found',
    param: 'item_id',
  },
  {
    name: 'deleting nothing',
    event: { type: 'conversation.item.delete', item_id: 'item_9' },
    code: 'item_not_found',
    param: 'item_id',
  },
  { name: 'truncating nothing', event: TRUNCATE, code: 'item_not_found', param: 'item_id' },
  {
    name: 'truncating without time',
    event: { ...TRUNCATE, audio_end_ms: undefined },
    code: 'missing_required_parameter',
    param: 'audio_end_ms',
  },
  {
    name: 'truncating at a negative time',
    event: { ...TRUNCATE, audio_end_ms: -1 },
    code: 'invalid_value',
    param: 'audio_end_ms',
  },
  {
    name: 'truncating another content',
    event: { ...TRUNCATE, content_index: 1 },
    code: 'invalid_value',
    param: 'content_index',
  },
  {
    name: 'cancelling nothing',
    event: { type: 'response.cancel' },
    code: 'response_cancel_not_active',
    param: null,
  },
  {
    name: 'an unknown response setting',
    event: { type: 'response.create', response: { temper: 1 } },
    code: 'unknown_parameter',
    param: 'response.temper',
  },
  {
    name: 'an input that refers to nothing',
    event: { type: 'response.create', response: { input: [{ type: 'item_reference', id: 'item_9' }] } },
    code: 'item_not_found',
    param: 'response.input',
  },
];

test.each(CASES)('answers $name with an error, and goes on', async ({ event, code, param }) => {
  const client = await openV2(await startUpstream());
  const withId = typeof event === 'string' ? event : JSON.stringify({ event_id: 'event_of_mine', ...event });
  client.sendText(withId);
  client.send({ type: 'input_audio_buffer.clear' });
  const [error, ...rest] = await client.settled();
  const sentId = /"event_id":"(.*?)"/.exec(withId)?.[1] ?? null;
  expect(error).toEqual({
    type: 'error',
    error: {
      type: 'invalid_request_error',
      code,
      message: expect.stringMatching(/^\S.{10,1000}\.$/) as unknown,
      param,
      event_id: sentId,
    },
  });
  expect(rest).toEqual([{ type: 'input_audio_buffer.cleared' }]);
});

test('answers a binary frame with an error, and goes on', async () => {
  const client = await openV2(await startUpstream());
  client.socket.send(Buffer.from('{"type":"input_audio_buffer.clear"}'));
  client.send({ type: 'input_audio_buffer.clear' });
  expect(await client.settled()).toMatchObject([
    { type: 'error', error: { code: 'invalid_event' } },
    { type: 'input_audio_buffer.cleared' },
  ]);
});

test('takes as much audio in one append as the API does', async () => {
  const client = await openV2(await startUpstream());
  client.append(new Uint8Array(15 * 1024 * 1024));
  expect(await client.settled()).toEqual([]);
});

test('gives one response at a time', async () => {
  const client = await openV2(await startUpstream());
  client.send({ type: 'response.create' });
  await client.settled();
  client.send({ type: 'response.create', event_id: 'second' });
  client.send({ type: 'response.cancel', response_id: 'resp_9' });
  expect(await client.settled()).toMatchObject([
    { type: 'error', error: { code: 'conversation_already_has_active_response', event_id: 'second' } },
    { type: 'error', error: { code: 'response_cancel_not_active', param: 'response_id' } },
  ]);
});

test('truncates nothing but audio of the assistant', async () => {
  const client = await openV2(await startUpstream());
  const content = [{ type: 'input_text', text: 'hello' }];
  client.send(item({ type: 'message', role: 'user', id: 'item_1', content }));
  client.send({ ...TRUNCATE, item_id: 'item_1' });
  expect((await client.settled()).at(-1)).toMatchObject({ type: 'error', error: { param: 'item_id' } });
});

test('takes an item id once', async () => {
  const client = await openV2(await startUpstream());
  const message = {
    type: 'message',
    role: 'system',
    id: 'mine',
    content: [{ type: 'input_text', text: 'a' }],
  };
  client.send(item(message));
  client.send(item(message));
  expect((await client.settled()).at(-1)).toMatchObject({ type: 'error', error: { param: 'item.id' } });
});

test('fills the manual buffer no further than it can be held', async () => {
  const client = await openV2(await startUpstream());
  client.send(session({ audio: { input: { turn_detection: null } } }));
  for (let count = 0; count < 3; count += 1) client.append(silence(290_000));
  expect((await client.settled()).at(-1)).toMatchObject({
    type: 'error',
    error: { code: 'input_audio_buffer_full', param: 'audio' },
  });
});
