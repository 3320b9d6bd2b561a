import { describe, expect, test } from 'vitest';
import type { UpstreamSocket } from '../support/realtime-upstream.ts';
import { Call, textFrame } from './call.ts';

/** Enough audio that it is still being played whenever the next event is handled. */
const MINUTE = { samples_per_channel: 60 * 24_000 };

function audioDelta(itemId: string | null, fields: object = MINUTE): object {
  return { type: 'response.output_audio.delta', delta: 'AQID', item_id: itemId, ...fields };
}

function speech(itemId?: string): object {
  return { type: 'input_audio_buffer.speech_started', item_id: itemId };
}

function truncate(itemId: string): object {
  return {
    type: 'conversation.item.truncate',
    item_id: itemId,
    content_index: 0,
    audio_end_ms: expect.any(Number),
  };
}

/** Everything the daemon sent after the first frame, up to now. */
async function sent(call: Call, socket: UpstreamSocket): Promise<object[]> {
  await call.fence(socket);
  await call.sendingFence(socket);
  return socket.received.slice(1, -1);
}

describe('speech over the assistant cuts off the item that is playing', () => {
  test.each([['item_user'], ['item_audio'], [undefined]])('whatever item it names: %s', async (named) => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send(audioDelta('item_audio'), speech(named));
    const frames = await sent(call, socket);
    expect(frames).toEqual([truncate('item_audio')]);
    const [{ audio_end_ms: audioEndMs }] = frames as [{ audio_end_ms: number }];
    expect(Number.isInteger(audioEndMs)).toBe(true);
    expect(audioEndMs).toBeGreaterThanOrEqual(0);
    expect(audioEndMs).toBeLessThanOrEqual(60_000);
    expect(call.heard.at(-1)).toEqual(
      call.note('itemAdded', {
        item: { type: 'input_audio_buffer.speech_started', item_id: named ?? null },
      }),
    );
  });

  test('the length of the audio is measured where it is not stated', async () => {
    const call = await Call.open();
    const socket = await call.start();
    const halfMinute = Buffer.alloc(30 * 24_000 * 2).toString('base64');
    socket.send(audioDelta('item_audio', { delta: halfMinute }), speech());
    expect(await sent(call, socket)).toEqual([truncate('item_audio')]);
  });

  test('once, and of several items the first', async () => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send(audioDelta('item_1'), audioDelta('item_1'), audioDelta('item_2'), speech(), speech());
    expect(await sent(call, socket)).toEqual([truncate('item_1')]);
  });

  test('again when more is played', async () => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send(audioDelta('item_1'), speech(), audioDelta('item_2'), speech());
    expect(await sent(call, socket)).toEqual([truncate('item_1'), truncate('item_2')]);
  });

  test('even when the response is over, for it is still being played', async () => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send(audioDelta('item_1'), { type: 'response.done', response: { id: 'resp_1' } }, speech());
    expect(await sent(call, socket)).toEqual([truncate('item_1')]);
  });

  test('and that is on the wire before the client hears of the speech', async () => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send(audioDelta('item_1'), speech());
    await call.until('itemAdded');
    await call.upstream.until('a frame', () => socket.received[1]);
    expect(socket.received[1]).toEqual(truncate('item_1'));
  });
});

describe('nothing is cut off', () => {
  test.each<[name: string, events: object[]]>([
    ['when nothing was said', []],
    ['when the audio belongs to no item', [audioDelta(null)]],
    ['when the audio has no length', [audioDelta('item_1', { samples_per_channel: 0 })]],
    ['when the audio is no base64', [audioDelta('item_1', {})].map((event) => ({ ...event, delta: 'A' }))],
    ['when the response was cancelled', [audioDelta('item_1'), { type: 'response.cancelled' }]],
  ])('%s', async (_name, events) => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send(...events, speech('item_user'));
    expect(await sent(call, socket)).toEqual([]);
  });

  test('in version 1', async () => {
    const call = await Call.open();
    const socket = await call.start({ version: 'v1' });
    socket.send(
      { type: 'conversation.output_audio.delta', delta: 'AQID', sample_rate: 24_000, channels: 1, ...MINUTE },
      speech(),
    );
    expect(await sent(call, socket)).toEqual([]);
  });

  test('of a session that was replaced', async () => {
    const call = await Call.open();
    const first = await call.start();
    first.send(audioDelta('item_1'));
    await call.fence(first);
    const second = await call.start();
    second.send(speech());
    expect(await sent(call, second)).toEqual([]);
  });
});

describe('a call of silence', () => {
  const SILENCE = {
    type: 'conversation.item.done',
    item: { id: 'item_1', type: 'function_call', name: 'remain_silent', call_id: 'call_1', arguments: '{}' },
  };

  test('is answered with nothing, no response is asked for, and the client does not hear of it', async () => {
    const call = await Call.open();
    const socket = await call.start();
    socket.send({ type: 'response.created' }, SILENCE, { type: 'response.done' });
    expect(await sent(call, socket)).toEqual([
      {
        type: 'conversation.item.create',
        item: { type: 'function_call_output', call_id: 'call_1', output: '' },
      },
    ]);
    await call.appendText('more');
    await call.sendingFence(socket);
    expect(socket.received.slice(-2, -1)).toEqual([textFrame('[USER] more')]);
    expect(call.heard).toEqual([call.started()]);
  });

  test('is an item like any other in version 1', async () => {
    const call = await Call.open();
    const socket = await call.start({ version: 'v1' });
    socket.send(SILENCE);
    expect(await sent(call, socket)).toEqual([]);
  });
});
