import { expect, test } from 'vitest';
import { audio, audioFrame, Call, textFrame } from './call.ts';

test('audio and text arrive in the order in which they were sent, untouched', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const { daemon, threadId } = call;
  const expected: object[] = [];
  for (let index = 0; index < 200; index += 1) {
    const data = `no base64 "${index}" \\ ☃`;
    daemon.write({
      id: `audio ${index}`,
      method: 'thread/realtime/appendAudio',
      params: {
        threadId,
        audio: { data, sampleRate: 8000, numChannels: 2, samplesPerChannel: 7, itemId: 'item_1' },
      },
    });
    expected.push(audioFrame(data));
    if (index % 7 > 0) continue;
    daemon.write({
      id: `text ${index}`,
      method: 'thread/realtime/appendText',
      params: { threadId, text: `text ${index}\n` },
    });
    expected.push(textFrame(`[USER] text ${index}\n`));
  }
  await call.sendingFence(socket);
  expect(socket.received.slice(1, -1)).toEqual(expected);
  expect(call.heard).toEqual([call.started()]);
});

test('text of version 2 is marked once, empty text is not, and no response is asked for', async () => {
  const call = await Call.open();
  const socket = await call.start();
  for (const text of ['hello', '', '[USER] hello', '[BACKEND] hello']) await call.appendText(text);
  await call.sendingFence(socket);
  expect(socket.received.slice(1, -1)).toEqual(
    ['[USER] hello', '', '[USER] hello', '[USER] [BACKEND] hello'].map(textFrame),
  );
});

test('text of version 1 goes as it is', async () => {
  const call = await Call.open();
  const socket = await call.start({ version: 'v1' });
  await call.appendAudio('AAAA');
  await call.appendText('hello');
  await call.appendText('');
  await call.upstream.until('three frames', () => socket.received[3]);
  const text = (content: string): object => ({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'text', text: content }] },
  });
  expect(socket.received.slice(1)).toEqual([audioFrame('AAAA'), text('hello'), text('')]);
});

test('text while a response is active asks for no response either, even when it is over', async () => {
  const call = await Call.open();
  const socket = await call.start();
  socket.send({ type: 'response.created', response: { id: 'resp_1' } });
  await call.fence(socket);
  await call.appendText('one');
  socket.send({ type: 'response.cancelled', response: { id: 'resp_1' } });
  await call.fence(socket);
  await call.appendText('two');
  socket.send({ type: 'response.done', response: { id: 'resp_1' } });
  await call.fence(socket);
  await call.appendAudio('AAAA');
  await call.sendingFence(socket);
  expect(socket.received.slice(1, -1)).toEqual([
    textFrame('[USER] one'),
    textFrame('[USER] two'),
    audioFrame('AAAA'),
  ]);
});

test('a chunk of several megabytes goes through', async () => {
  const call = await Call.open();
  const socket = await call.start();
  const data = 'Ab/+'.repeat(1024 * 1024);
  await call.appendAudio(data);
  await call.sendingFence(socket);
  expect(socket.received[1]?.['audio'] === data).toBe(true);
});

test('input for which nothing runs is an error of no turn, and touches nothing else', async () => {
  const call = await Call.open();
  const { daemon, threadId } = call;
  daemon.write({
    id: 'audio',
    method: 'thread/realtime/appendAudio',
    params: { threadId, audio: audio('AAAA') },
  });
  daemon.write({ id: 'text', method: 'thread/realtime/appendText', params: { threadId, text: 'hello' } });
  await daemon.request('thread/realtime/listVoices', {});
  await daemon.until('both answers', () => daemon.messages.find(({ id }) => id === 'text'));
  const told = daemon.messages
    .filter(({ method, id }) => method === 'error' || id === 'audio' || id === 'text')
    .map((message) => message);
  expect(told).toEqual([
    { id: 'audio', result: {} },
    call.notRunning,
    { id: 'text', result: {} },
    call.notRunning,
  ]);
  const socket = await call.start();
  await call.sendingFence(socket);
  expect(daemon.notifications('thread/status')).toEqual([]);
  expect(socket.received).toHaveLength(2);
});
