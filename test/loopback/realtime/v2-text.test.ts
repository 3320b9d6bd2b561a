import { expect, test } from 'vitest';
import { joined, silence, tone } from '../support/audio.ts';
import type { EventClient, WireEvent } from '../support/event-client.ts';
import { joinedAudio, joinedDeltas, typesOf } from '../support/event-client.ts';
import { openV2, startUpstream, updateV2 } from '../support/upstream.ts';
import type { Upstream } from '../support/upstream.ts';

const TOOLS = [
  { type: 'function', name: 'background_agent', description: 'Works.', parameters: { type: 'object' } },
  { type: 'function', name: 'remain_silent' },
];

function sendText(client: EventClient, text: string): void {
  const content = [{ type: 'input_text', text }];
  client.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
}

async function openText(session: object = {}): Promise<{ upstream: Upstream; client: EventClient }> {
  const upstream = await startUpstream();
  const client = await openV2(upstream);
  await updateV2(client, { output_modalities: ['text'], tools: TOOLS, ...session });
  return { upstream, client };
}

/** Waits for what was sent to arrive, and long enough for an answer nobody asked for. */
async function answered({
  upstream,
  client,
}: {
  upstream: Upstream;
  client: EventClient;
}): Promise<WireEvent[]> {
  const events = await client.settled();
  upstream.clock.advance(200);
  return [...events, ...(await client.settled())];
}

function said(events: readonly WireEvent[]): string[] {
  return events
    .filter(({ type }) => type === 'response.output_text.done')
    .map((event) => String(event['text']));
}

test('answers a text by itself, without a response.create', async () => {
  const session = await openText();
  sendText(session.client, '[USER] hello there');
  const events = await answered(session);
  const item = {
    id: 'item_1',
    object: 'realtime.item',
    type: 'message',
    status: 'completed',
    role: 'user',
    content: [{ type: 'input_text', text: '[USER] hello there' }],
  };
  expect(events.slice(0, 3)).toEqual([
    { type: 'conversation.item.added', previous_item_id: null, item },
    { type: 'conversation.item.done', previous_item_id: null, item },
    expect.objectContaining({ type: 'response.created' }) as unknown,
  ]);
  expect(said(events)).toEqual(['You typed: "hello there".']);
});

test('answers a text once when the client does send a response.create', async () => {
  const session = await openText();
  sendText(session.client, 'hello');
  session.client.send({ type: 'response.create' });
  expect(said(await answered(session))).toEqual(['You typed: "hello".']);
});

test('answers in audio with tones, a word each', async () => {
  const session = await openText({ output_modalities: ['audio'] });
  sendText(session.client, 'hello');
  const events = await answered(session);
  session.upstream.clock.advance(5_000);
  events.push(...(await session.client.settled()));
  expect(joinedDeltas(events, 'response.output_audio_transcript.delta')).toBe('You typed: "hello".');
  expect(joinedAudio(events).length).toBe(3 * 200 * 48);
  expect(events.at(-1)).toMatchObject({ type: 'response.done', response: { status: 'completed' } });
});

test('answers texts one after the other', async () => {
  const session = await openText({ output_modalities: ['audio'] });
  sendText(session.client, 'one');
  sendText(session.client, 'two');
  const events = await answered(session);
  session.upstream.clock.advance(10_000);
  events.push(...(await session.client.settled()));
  const order = events.flatMap(({ type, ...event }) =>
    type === 'response.created' || type === 'response.done'
      ? [`${type} ${(event['response'] as { id: string }).id}`]
      : [],
  );
  expect(order).toEqual([
    'response.created resp_1',
    'response.done resp_1',
    'response.created resp_2',
    'response.done resp_2',
  ]);
});

test('refuses texts when too many wait', async () => {
  const session = await openText({ output_modalities: ['audio'] });
  for (let count = 0; count < 40; count += 1) sendText(session.client, 'more');
  const types = typesOf(await session.client.settled());
  expect(types.filter((type) => type === 'conversation.item.added')).toHaveLength(32);
  expect(types.filter((type) => type === 'error')).toHaveLength(8);
});

test('calls the background agent for a text that begins with its name', async () => {
  const session = await openText();
  sendText(session.client, '[USER] agent: list the files');
  const events = (await answered(session)).slice(2);
  const call = {
    id: 'item_2',
    object: 'realtime.item',
    type: 'function_call',
    call_id: 'call_1',
    name: 'background_agent',
  };
  const begun = { ...call, status: 'in_progress', arguments: '' };
  const done = { ...call, status: 'completed', arguments: '{"prompt":"list the files"}' };
  const place = { response_id: 'resp_1', output_index: 0 };
  const callPlace = { ...place, item_id: 'item_2', call_id: 'call_1' };
  expect(events).toEqual([
    expect.objectContaining({ type: 'response.created' }) as unknown,
    { type: 'response.output_item.added', ...place, item: begun },
    { type: 'conversation.item.added', previous_item_id: 'item_1', item: begun },
    { type: 'response.function_call_arguments.delta', ...callPlace, delta: done.arguments },
    {
      type: 'response.function_call_arguments.done',
      ...callPlace,
      name: 'background_agent',
      arguments: done.arguments,
    },
    { type: 'response.output_item.done', ...place, item: done },
    { type: 'conversation.item.done', previous_item_id: 'item_1', item: done },
    {
      type: 'response.done',
      response: expect.objectContaining({ status: 'completed', output: [done] }) as unknown,
    },
  ]);
});

test.each([
  ['agent:', 'background_agent', '{}'],
  ['silent: hush', 'remain_silent', '{}'],
])('calls for %j', async (text, name, callArguments) => {
  const session = await openText();
  sendText(session.client, text);
  const call = (await answered(session)).find(({ type }) => type === 'response.function_call_arguments.done');
  expect(call).toMatchObject({ name, arguments: callArguments });
});

test.each([{ tools: [] }, { tool_choice: 'none' }])(
  'says so when the tool is not to be called: %j',
  async (settings) => {
    const session = await openText(settings);
    sendText(session.client, 'agent: list the files');
    expect(said(await answered(session))).toEqual([
      'This session offers no tool named background_agent, so nothing was called.',
    ]);
  },
);

test('repeats what the background agent reported since the call', async () => {
  const session = await openText();
  const { client } = session;
  sendText(client, '[BACKEND] from an earlier call');
  sendText(client, 'agent: list the files');
  await answered(session);
  sendText(client, '[BACKEND] There are three files.');
  expect(typesOf(await answered(session))).toEqual(['conversation.item.added', 'conversation.item.done']);
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'Finished.' };
  client.send({ type: 'conversation.item.create', item: output });
  client.send({ type: 'response.create' });
  expect(said(await answered(session))).toEqual(['The background agent reports: There are three files.']);
});

test('tells the output of a call for which there were no reports', async () => {
  const session = await openText();
  const { client } = session;
  sendText(client, 'agent: list the files');
  await answered(session);
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'It was passed on.' };
  client.send({ type: 'conversation.item.create', item: output });
  expect(typesOf(await answered(session))).toEqual(['conversation.item.added', 'conversation.item.done']);
  client.send({ type: 'response.create' });
  expect(said(await answered(session))).toEqual(['The call came back with: It was passed on.']);
});

test('answers the output of a call before a text that is still to be answered by itself', async () => {
  const session = await openText();
  const { client } = session;
  sendText(client, 'agent: list the files');
  await answered(session);
  sendText(client, 'hello');
  const output = { type: 'function_call_output', call_id: 'call_1', output: 'It was passed on.' };
  client.send({ type: 'conversation.item.create', item: output });
  client.send({ type: 'response.create' });
  expect(said(await answered(session))).toEqual([
    'The call came back with: It was passed on.',
    'You typed: "hello".',
  ]);
});

test('says what it is when there is nothing to answer', async () => {
  const session = await openText();
  session.client.send({ type: 'response.create' });
  expect(said(await answered(session))).toEqual([
    'This is the loopback server, not a model. It plays your own speech back and answers text with short tones.',
  ]);
});

test('keeps a response out of the conversation when it is asked to, and says its metadata back', async () => {
  const session = await openText({ output_modalities: ['audio'] });
  const content = [{ type: 'input_text', text: 'aside' }];
  session.client.send({
    type: 'response.create',
    response: {
      conversation: 'none',
      output_modalities: ['text'],
      metadata: { topic: 'aside' },
      input: [{ type: 'message', role: 'user', content }],
    },
  });
  const events = await answered(session);
  expect(typesOf(events).filter((type) => type.startsWith('conversation.'))).toEqual([]);
  expect(said(events)).toEqual(['You typed: "aside".']);
  const done = events.at(-1)?.['response'];
  expect(done).toMatchObject({
    status: 'completed',
    metadata: { topic: 'aside' },
    output_modalities: ['text'],
  });
  expect(done).not.toHaveProperty('conversation_id');
});

test('keeps waiting answers back while somebody speaks', async () => {
  const session = await openText();
  session.client.append(tone(200));
  sendText(session.client, 'hello');
  expect(said(await answered(session))).toEqual([]);
  session.client.append(joined(tone(200), silence(600)));
  const spoken = await answered(session);
  expect(said(spoken)).toEqual(['You typed: "hello".', 'Echo of 0.4 seconds of speech.']);
});

test('puts items where they belong, and gives them back with their audio', async () => {
  const session = await openText();
  const { client } = session;
  const audio = Buffer.from(tone(200)).toString('base64');
  const spoken = { type: 'message', role: 'user', id: 'spoken', content: [{ type: 'input_audio', audio }] };
  const system = {
    type: 'message',
    role: 'system',
    id: 'system',
    content: [{ type: 'input_text', text: 'Be kind.' }],
  };
  client.send({ type: 'conversation.item.create', item: spoken });
  client.send({ type: 'conversation.item.create', previous_item_id: 'root', item: system });
  client.send({ type: 'conversation.item.retrieve', item_id: 'spoken' });
  client.send({ type: 'conversation.item.delete', item_id: 'spoken' });
  client.send({ type: 'conversation.item.retrieve', item_id: 'spoken' });
  const common = { object: 'realtime.item', status: 'completed' };
  const quiet = { ...spoken, ...common, content: [{ type: 'input_audio' }] };
  expect(await answered(session)).toEqual([
    { type: 'conversation.item.added', previous_item_id: null, item: quiet },
    { type: 'conversation.item.done', previous_item_id: null, item: quiet },
    { type: 'conversation.item.added', previous_item_id: null, item: { ...system, ...common } },
    { type: 'conversation.item.done', previous_item_id: null, item: { ...system, ...common } },
    { type: 'conversation.item.retrieved', item: { ...spoken, ...common } },
    { type: 'conversation.item.deleted', item_id: 'spoken' },
    expect.objectContaining({ type: 'error' }) as unknown,
  ]);
});
