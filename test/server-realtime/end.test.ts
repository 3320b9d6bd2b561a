import { describe, expect, test } from 'vitest';
import { audio, audioFrame, Call, connectionOf, textFrame } from './call.ts';

/** The bytes of an unmasked close frame with the code 1000. */
const CLOSE_FRAME = Buffer.from([0x88, 0x02, 0x03, 0xe8]);

const ITEM = { type: 'conversation.item.added', item: { id: 'item_1' } };

/** The bytes of an unmasked text frame of at most 125 bytes. */
function textFrameBytes(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, Buffer.byteLength(text)]), Buffer.from(text)]);
}

describe('errors that the session survives', () => {
  test.each([
    { type: 'invalid_request_error', code: 'some_code', message: 'bad event', param: 'x', event_id: null },
    { type: 'invalid_request_error', message: 'bad event' },
    { code: 'item_truncate_invalid_item_id', message: 'bad event' },
    { code: 'input_audio_buffer_commit_empty', message: 'bad event' },
  ])('%j is told, and the call goes on', async (error) => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send({ type: 'error', event_id: 'event_1', error });
    await call.until('error');
    await call.appendAudio('AAAA');
    socket.send({ type: 'response.output_text.delta', delta: 'still here' });
    await call.fence(socket);
    await call.sendingFence(socket);
    await call.stop();
    await call.until('closed');
    expect(call.heard).toEqual([
      call.started(),
      call.note('error', { message: 'bad event' }),
      call.note('transcript/delta', { role: 'assistant', delta: 'still here' }),
      call.note('closed', { reason: 'requested' }),
    ]);
    expect(socket.received[1]).toEqual(audioFrame('AAAA'));
  });

  test('a response that has to wait for another is not even told', async () => {
    const call = await Call.open();
    const socket = await call.start();
    const code = 'conversation_already_has_active_response';
    socket.send({ type: 'error', error: { type: 'invalid_request_error', code, message: 'busy' } });
    await call.fence(socket);
    await call.sendingFence(socket);
    expect(call.heard).toEqual([call.started()]);
    expect(socket.received).toHaveLength(2);
  });
});

describe('errors that end the session', () => {
  test.each<[event: object, message: string]>([
    [{ message: 'upstream boom' }, 'upstream boom'],
    [{ error: { message: 'upstream boom' } }, 'upstream boom'],
    [{ error: { type: 'server_error', code: 'x', message: 'upstream boom' } }, 'upstream boom'],
    [{ error: { type: 'invalid_request_error', code: 'session_expired', message: 'too long' } }, 'too long'],
    [{ error: { code: 'unheard_of' } }, '{"code":"unheard_of"}'],
  ])('%j: one error, one closed, and nothing after them', async (event, message) => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send({ type: 'error', ...event }, ITEM, { type: 'error', message: 'again' }, ITEM);
    await call.until('closed');
    await call.upstream.until('the socket to close', () => socket.closed ?? undefined);
    await call.appendText('is anybody there');
    await call.appendAudio('AAAA');
    expect(call.heard).toEqual([
      call.started(),
      call.note('error', { message }),
      call.note('closed', { reason: 'error' }),
      call.notRunning,
      call.notRunning,
    ]);
    expect(socket.received).toHaveLength(1);
    expect(socket.closed).toEqual({ code: 1005 });
  });

  test('a client that answers the error by stopping hears of a second end', async () => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send({ type: 'error', message: 'upstream boom' });
    await call.until('error');
    await call.stop();
    await call.until('closed', 2);
    expect(call.heard).toEqual([
      call.started(),
      call.note('error', { message: 'upstream boom' }),
      call.note('closed', { reason: 'error' }),
      call.note('closed', { reason: 'requested' }),
    ]);
  });

  test('the thread can talk again', async () => {
    const call = await Call.open();
    const first = await call.start();
    first.send({ type: 'error', message: 'upstream boom' });
    await call.until('closed');
    const second = await call.start();
    await call.appendText('again');
    await call.sendingFence(second);
    expect(second.received[1]).toEqual(textFrame('[USER] again'));
    expect(call.heard).toEqual([
      call.started(),
      call.note('error', { message: 'upstream boom' }),
      call.note('closed', { reason: 'error' }),
      call.started(),
    ]);
  });
});

describe('the upstream closes', () => {
  test.each([[1000], [1001], [1011], [4000], [undefined]])('with the code %s', async (code) => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send(ITEM);
    socket.socket.close(code, code === undefined ? undefined : 'a reason that nobody is told');
    await call.until('closed');
    await call.appendText('is anybody there');
    expect(call.heard).toEqual([
      call.started(),
      call.note('itemAdded', { item: ITEM.item }),
      call.note('closed', { reason: 'transport_closed' }),
      call.notRunning,
    ]);
  });

  test('and says nothing more, though it keeps the connection', async () => {
    const call = await Call.open();
    const socket = await call.start();
    const connection = connectionOf(socket);
    // From here on the test speaks for the upstream, which never ends the connection.
    connection
      .removeAllListeners('data')
      .removeAllListeners('end')
      .on('data', () => {});
    socket.send(ITEM);
    connection.write(CLOSE_FRAME);
    await call.until('itemAdded');
    await call.appendText('written when the close is known');
    await call.until('closed');
    expect(call.heard).toEqual([
      call.started(),
      call.note('itemAdded', { item: ITEM.item }),
      call.note('closed', { reason: 'transport_closed' }),
    ]);
  });

  test('and drops what was still being written', async () => {
    const call = await Call.open();
    const socket = await call.start();
    const connection = connectionOf(socket);
    connection.pause();
    const frames = 400;
    const data = 'A'.repeat(65_536);
    for (let id = 0; id < frames; id += 1) {
      const params = { threadId: call.threadId, audio: audio(data) };
      call.daemon.write({ id: `frame ${id}`, method: 'thread/realtime/appendAudio', params });
    }
    await call.daemon.request('thread/loaded/list', {});
    connection.write(Buffer.concat([textFrameBytes(JSON.stringify(ITEM)), CLOSE_FRAME]));
    await call.until('itemAdded');
    connection.resetAndDestroy();
    await call.until('closed');
    const answers = await call.daemon.until('all answers', () => {
      const found = call.daemon.messages.filter(({ id }) => String(id).startsWith('frame '));
      return found.length === frames ? found : undefined;
    });
    expect(answers.filter(({ error }) => error !== undefined)).toEqual([]);
    const [start, item, closed, ...rest] = call.heard;
    expect([start, item, closed]).toEqual([
      call.started(),
      call.note('itemAdded', { item: ITEM.item }),
      call.note('closed', { reason: 'transport_closed' }),
    ]);
    // What was waiting when the session ended is told to be late, unless the end was not known yet.
    expect(rest).toEqual(rest.map(() => call.notRunning));
  });
});

describe('the connection breaks: one error and one closed', () => {
  test.each<[name: string, breakIt: (connection: ReturnType<typeof connectionOf>) => void, message: string]>([
    [
      'it ends without a close frame',
      (connection) => connection.end(),
      'the connection to the realtime service was lost',
    ],
    [
      'it is reset',
      (connection) => connection.resetAndDestroy(),
      'the connection to the realtime service was lost',
    ],
    [
      'a binary frame',
      (connection) => connection.write(Buffer.from([0x82, 0x01, 0x07])),
      'the realtime service sent an unexpected binary frame',
    ],
    [
      'an empty binary frame',
      (connection) => connection.write(Buffer.from([0x82, 0x00])),
      'the realtime service sent an unexpected binary frame',
    ],
    [
      'text that is not UTF-8',
      (connection) => connection.write(Buffer.from([0x81, 0x01, 0xff])),
      expect.any(String) as string,
    ],
    [
      'bytes that are no frame',
      (connection) => connection.write(Buffer.from([0xff, 0x00])),
      expect.any(String) as string,
    ],
    [
      'a frame that is too long',
      (connection) => connection.write(Buffer.from([0x81, 0x7f, 0, 0, 0, 0, 0x04, 0, 0, 0x01])),
      expect.any(String) as string,
    ],
  ])('%s', async (_name, breakIt, message) => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send(ITEM);
    breakIt(connectionOf(socket));
    socket.send(ITEM);
    await call.until('closed');
    await call.upstream.until('the socket to close', () => socket.closed ?? undefined);
    await call.appendText('is anybody there');
    expect(call.heard).toEqual([
      call.started(),
      call.note('itemAdded', { item: ITEM.item }),
      call.note('error', { message }),
      call.note('closed', { reason: 'error' }),
      call.notRunning,
    ]);
  });
});
