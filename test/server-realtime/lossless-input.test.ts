import { expect, test } from 'vitest';
import type { WireMessage } from '../support/daemon.ts';
import type { UpstreamSocket } from '../support/realtime-upstream.ts';
import { audio, audioFrame, Call, connectionOf, textFrame } from './call.ts';

/** Base64 of this length whose first characters number it. */
function chunk(index: number, length: number): string {
  return String(index).padStart(8, '0').padEnd(length, 'A');
}

/** Writes so many chunks without waiting for an answer. */
function pipeline(call: Call, count: number, length: number, first = 0): void {
  for (let index = first; index < first + count; index += 1) {
    const params = { threadId: call.threadId, audio: audio(chunk(index, length)) };
    call.daemon.write({ id: `chunk ${index}`, method: 'thread/realtime/appendAudio', params });
  }
}

/** The answers to the chunks that came so far, in order. */
function answers(call: Call): WireMessage[] {
  return call.daemon.messages.filter(({ id }) => String(id).startsWith('chunk '));
}

async function allAnswers(call: Call, count: number): Promise<WireMessage[]> {
  return call.daemon.until(`${count} answers`, () => {
    const found = answers(call);
    return found.length === count ? found : undefined;
  });
}

/** The numbers and lengths of the chunks that the upstream received. */
function arrived({ received }: UpstreamSocket): string[] {
  return received
    .map((frame) => frame['audio'])
    .filter((data) => typeof data === 'string')
    .map((data) => `${Number(data.slice(0, 8))} of ${data.length}`);
}

function numbered(count: number, length: number): string[] {
  return Array.from({ length: count }, (_, index) => `${index} of ${length}`);
}

test('an upstream that reads gets every frame of a burst, and every request is answered', async () => {
  const call = await Call.open();
  const socket = await call.start();
  pipeline(call, 3000, 640);
  await allAnswers(call, 3000);
  await call.sendingFence(socket);
  expect(arrived(socket)).toEqual(numbered(3000, 640));
  expect(answers(call)).toEqual(
    Array.from({ length: 3000 }, (_, index) => ({ id: `chunk ${index}`, result: {} })),
  );
});

test('an upstream that stops reading holds up the answers, and nothing else; nothing is lost', async () => {
  const call = await Call.open();
  const socket = await call.start();
  connectionOf(socket).pause();
  pipeline(call, 3000, 6400);
  // Answers the requests before it have had by now are all they get while the upstream is stuck.
  const { daemon, threadId } = call;
  await daemon.request('thread/unsubscribe', { threadId });
  expect(answers(call).length).toBeLessThan(3000);

  const other = await call.another();
  const otherSocket = await other.start();
  await other.appendAudio('AAAA');
  await other.sendingFence(otherSocket);
  expect(otherSocket.received[1]).toEqual(audioFrame('AAAA'));
  const text = call.appendText('after the burst');
  // The request before this one has subscribed again, though it has no answer yet.
  await daemon.request('thread/loaded/list', {});
  socket.send({ type: 'response.output_text.delta', delta: 'heard' });
  await call.until('transcript/delta');
  expect(answers(call).length).toBeLessThan(3000);

  connectionOf(socket).resume();
  await text;
  await call.sendingFence(socket);
  expect(arrived(socket)).toEqual(numbered(3000, 6400));
  expect(answers(call)).toEqual(
    Array.from({ length: 3000 }, (_, index) => ({ id: `chunk ${index}`, result: {} })),
  );
  expect(socket.received.at(-2)).toEqual(textFrame('[USER] after the burst'));
  expect(call.heard.slice(-1)).toEqual([
    call.note('transcript/delta', { role: 'assistant', delta: 'heard' }),
  ]);
});

test('a client that goes on regardless is refused beyond a bound; exactly what was accepted arrives', async () => {
  const call = await Call.open();
  const socket = await call.start();
  connectionOf(socket).pause();
  const count = 1200;
  const length = 64 * 1024;
  pipeline(call, count, length);
  await call.daemon.request('thread/loaded/list', {});
  const refused = answers(call).filter(({ error }) => error !== undefined);
  expect(refused.length).toBeGreaterThan(0);
  const text = await call.call('appendText', { text: 'x'.repeat(length) });
  for (const { error } of [...refused, text]) {
    expect(error).toEqual({
      code: -32001,
      message: expect.stringContaining('33554432 bytes'),
      data: { reason: 'server_overloaded' },
    });
  }
  connectionOf(socket).resume();
  const settled = await allAnswers(call, count);
  await call.sendingFence(socket);
  const accepted = settled
    .filter(({ error }) => error === undefined)
    .map(({ id }) => Number(String(id).slice('chunk '.length)));
  expect(accepted.length).toBeGreaterThanOrEqual((32 * 1024 * 1024) / length);
  expect(arrived(socket)).toEqual(accepted.map((index) => `${index} of ${length}`));

  // What has been handed over no longer counts: there is room for as much again.
  connectionOf(socket).pause();
  pipeline(call, 500, length, count);
  await call.daemon.request('thread/loaded/list', {});
  connectionOf(socket).resume();
  const later = (await allAnswers(call, count + 500)).slice(count);
  expect(later.filter(({ error }) => error !== undefined)).toEqual([]);
  expect(call.heard).toEqual([call.started()]);
});

test('stopping does not wait for an upstream that is stuck, and gives up what was waiting', async () => {
  const call = await Call.open();
  const socket = await call.start();
  connectionOf(socket).pause();
  pipeline(call, 400, 64 * 1024);
  await call.stop();
  const settled = await allAnswers(call, 400);
  expect(settled.filter(({ error }) => error !== undefined)).toEqual([]);
  await call.until('closed');
  expect(call.heard).toEqual([call.started(), call.note('closed', { reason: 'requested' })]);
  const next = await call.start();
  await call.appendText('again');
  await call.sendingFence(next);
  expect(next.received[1]).toEqual(textFrame('[USER] again'));
});

test('a client that ends its side does not wait for an upstream that is stuck either', async () => {
  const call = await Call.open();
  const socket = await call.start();
  connectionOf(socket).pause();
  pipeline(call, 400, 64 * 1024);
  await call.daemon.request('thread/loaded/list', {});
  call.daemon.process.stdin.end();
  expect(await call.daemon.exited).toEqual({ code: 0, signal: null });
});
