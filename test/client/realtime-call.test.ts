import { describe, expect, it } from 'vitest';
import { RealtimeCallError, RpcError, startRealtimeCall } from '../../src/client/index.ts';
import type { Client, RealtimeCall, RealtimeCallEvents } from '../../src/client/index.ts';
import { connectScripted } from './scripted-daemon.ts';

const threadId = 't1';
const STARTED = {
  notify: 'thread/realtime/started',
  params: { threadId: '$params.threadId', realtimeSessionId: '$params.threadId', version: 'v2' },
};
const CLOSED = {
  notify: 'thread/realtime/closed',
  params: { threadId: '$params.threadId', reason: 'requested' },
};
/** A daemon tells the end of whatever a stop ended. */
const STOPPED = [
  { result: {} },
  { notify: 'thread/realtime/closed', params: { threadId: 't1', reason: 'requested' } },
];
const LIVE = {
  'thread/realtime/start': [{ result: {} }, STARTED],
  'thread/realtime/stop': [{ result: {} }, CLOSED],
};
const FRAME = { pcm: new Uint8Array([1, 0, 2, 0]), sampleRate: 24_000, numChannels: 1 };

function start(client: Client, events: RealtimeCallEvents = {}): Promise<RealtimeCall> {
  return startRealtimeCall(client, { start: { threadId, outputModality: 'audio' }, events });
}

async function seen(client: Client, method: string): Promise<unknown[]> {
  const all = (await client.requestUntyped('test/seen', null)) as { method: string; params: unknown }[];
  return all.filter((message) => message.method === method).map((message) => message.params);
}

async function failureOf(promise: Promise<unknown>): Promise<{ reason: string; message: string }> {
  const error: unknown = await promise.then(
    () => null,
    (rejection: unknown) => rejection,
  );
  if (!(error instanceof RealtimeCallError))
    throw new Error(`expected a RealtimeCallError, got ${String(error)}`);
  return { reason: error.reason, message: error.message };
}

describe('starting a call', () => {
  it('resolves when the session is up', async () => {
    const client = await connectScripted({ on: LIVE });
    const call = await startRealtimeCall(client, {
      start: { threadId, outputModality: 'text', voice: 'marin', version: 'v2' },
    });
    expect(call.version).toBe('v2');
    expect(await seen(client, 'thread/realtime/start')).toEqual([
      { threadId, outputModality: 'text', voice: 'marin', version: 'v2' },
    ]);
  });

  it('rejects with the error the daemon reports', async () => {
    const error = { notify: 'thread/realtime/error', params: { threadId, message: 'no key' } };
    const client = await connectScripted({
      on: { 'thread/realtime/start': [{ result: {} }, error], 'thread/realtime/stop': STOPPED },
    });
    expect(await failureOf(start(client))).toEqual({ reason: 'failed', message: 'no key' });
  });

  it('does not take the error of another thread for its own', async () => {
    const error = { notify: 'thread/realtime/error', params: { threadId: 't2', message: 'no key' } };
    const client = await connectScripted({
      on: { ...LIVE, 'thread/realtime/start': [error, { result: {} }, STARTED] },
    });
    expect((await start(client)).threadId).toBe('t1');
  });

  it('rejects as the request does', async () => {
    const error = { code: -32600, message: 'no such thread' };
    const client = await connectScripted({
      on: { 'thread/realtime/start': [{ error }], 'thread/realtime/stop': [{ error }] },
    });
    await expect(start(client)).rejects.toEqual(new RpcError(-32600, 'no such thread'));
  });

  it('rejects when the daemon ends', async () => {
    const client = await connectScripted({ on: { 'thread/realtime/start': [{ result: {} }, { exit: 1 }] } });
    expect(await failureOf(start(client))).toEqual({
      reason: 'failed',
      message: 'the daemon exited with code 1 before the call was up',
    });
  });

  it('stops what it started when the time is over', async () => {
    const client = await connectScripted({
      on: { 'thread/realtime/start': [{ result: {} }], 'thread/realtime/stop': STOPPED },
    });
    const starting = startRealtimeCall(client, {
      start: { threadId, outputModality: 'audio' },
      startTimeoutMs: 20,
    });
    expect(await failureOf(starting)).toEqual({
      reason: 'failed',
      message: 'the call was not up after 20 ms',
    });
    expect(await seen(client, 'thread/realtime/stop')).toEqual([{ threadId }]);
  });

  it('stops what it started when it is told to give up', async () => {
    const asked = { notify: 'warning', params: { message: 'asked', threadId: null } };
    const client = await connectScripted({
      on: { 'thread/realtime/start': [{ result: {} }, asked], 'thread/realtime/stop': STOPPED },
    });
    const abort = new AbortController();
    client.on('warning', () => abort.abort());
    const startParams = { threadId, outputModality: 'audio' } as const;
    const starting = startRealtimeCall(client, { start: startParams, signal: abort.signal });
    expect((await failureOf(starting)).reason).toBe('aborted');
    expect(await seen(client, 'thread/realtime/stop')).toEqual([{ threadId }]);
  });
});

describe('a live call', () => {
  it('tells what happens, until it ends and no longer', async () => {
    const audio = { data: 'AQI=', sampleRate: 24_000, numChannels: 1, samplesPerChannel: 1, itemId: 'i' };
    const item = { type: 'input_audio_buffer.speech_started', item_id: 'i2' };
    const delta = {
      notify: 'thread/realtime/transcript/delta',
      params: { threadId, role: 'user', delta: 'he' },
    };
    const happens = [
      STARTED,
      { notify: 'thread/realtime/outputAudio/delta', params: { threadId, audio } },
      { notify: 'thread/realtime/outputAudio/delta', params: { threadId: 't2', audio } },
      delta,
      { notify: 'thread/realtime/transcript/done', params: { threadId, role: 'user', text: 'hey' } },
      { notify: 'thread/realtime/itemAdded', params: { threadId, item } },
      { notify: 'thread/realtime/error', params: { threadId, message: 'boom' } },
      { notify: 'thread/realtime/closed', params: { threadId, reason: 'error' } },
      delta,
    ];
    const client = await connectScripted({ on: { 'thread/realtime/start': [{ result: {} }, ...happens] } });
    const heard: unknown[] = [];
    const call = await start(client, {
      onAudio: (chunk) => heard.push(['audio', chunk]),
      onTranscriptDelta: (role, text) => heard.push(['delta', role, text]),
      onTranscriptDone: (role, text) => heard.push(['done', role, text]),
      onItem: (added) => heard.push(['item', added]),
      onError: (message) => heard.push(['error', message]),
    });
    expect(await call.closed).toEqual({ kind: 'closed', reason: 'error', errorMessage: 'boom' });
    await client.requestUntyped('test/seen', null);
    expect(heard).toEqual([
      ['audio', audio],
      ['delta', 'user', 'he'],
      ['done', 'user', 'hey'],
      ['item', item],
      ['error', 'boom'],
    ]);
    expect(await failureOf(call.appendAudio(FRAME))).toEqual({
      reason: 'ended',
      message: 'the call is over',
    });
    expect((await failureOf(call.appendText('late'))).reason).toBe('ended');
    expect(await call.stop()).toEqual({ kind: 'closed', reason: 'error', errorMessage: 'boom' });
    expect(await seen(client, 'thread/realtime/stop')).toEqual([]);
  });

  it('sends audio and text', async () => {
    const client = await connectScripted({ on: LIVE });
    const call = await start(client);
    await call.appendAudio(FRAME);
    await call.appendText('hello');
    await call.audioTaken();
    expect(await seen(client, 'thread/realtime/appendAudio')).toEqual([
      { threadId, audio: { data: 'AQACAA==', sampleRate: 24_000, numChannels: 1, samplesPerChannel: 2 } },
    ]);
    expect(await seen(client, 'thread/realtime/appendText')).toEqual([{ threadId, text: 'hello' }]);
  });

  it('keeps the frames in order, with a bounded number of them unanswered', async () => {
    const held = [{ later: 'answer', steps: [{ result: {} }] }];
    const client = await connectScripted({ on: { ...LIVE, 'thread/realtime/appendAudio': held } });
    const call = await start(client);
    const sent: number[] = [];
    const frames = Array.from({ length: 12 }, (_, index) => {
      const pcm = new Uint8Array([index, 0]);
      return call.appendAudio({ ...FRAME, pcm }).then(() => sent.push(index));
    });
    const settled = Promise.allSettled(frames);
    const arrived = async (): Promise<number> => (await seen(client, 'thread/realtime/appendAudio')).length;
    expect(await arrived()).toBe(8);
    expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    // The script keeps the steps of the newest frame only.
    await client.requestUntyped('test/run', { name: 'answer' });
    expect(await arrived()).toBe(9);
    await client.requestUntyped('test/run', { name: 'answer' });
    expect(await arrived()).toBe(10);
    await call.stop();
    await settled;
    expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('reports a refused frame to the next one', async () => {
    const error = { code: -32602, message: 'too much audio' };
    const client = await connectScripted({ on: { ...LIVE, 'thread/realtime/appendAudio': [{ error }] } });
    const call = await start(client);
    await call.appendAudio(FRAME);
    await expect(call.audioTaken()).rejects.toEqual(new RpcError(-32602, 'too much audio'));
    await call.appendAudio(FRAME);
    await client.requestUntyped('test/seen', null);
    await expect(call.appendAudio(FRAME)).rejects.toEqual(new RpcError(-32602, 'too much audio'));
  });

  it('refuses a caller who does not wait', async () => {
    const client = await connectScripted({ on: { ...LIVE, 'thread/realtime/appendAudio': [] } });
    const call = await start(client);
    const frames = Array.from({ length: 8 + 256 }, () => call.appendAudio(FRAME));
    const settled = Promise.allSettled(frames);
    expect(await failureOf(call.appendAudio(FRAME))).toEqual({
      reason: 'overrun',
      message: 'audio is appended faster than it is taken',
    });
    await client.close();
    await settled;
  });

  it('stops once, and says how it ended', async () => {
    const client = await connectScripted({ on: LIVE });
    const call = await start(client);
    const stopping = call.stop();
    expect(call.stop()).toBe(stopping);
    expect(await stopping).toEqual({ kind: 'closed', reason: 'requested', errorMessage: null });
    expect(await seen(client, 'thread/realtime/stop')).toEqual([{ threadId }]);
  });

  it('ends with the daemon', async () => {
    const client = await connectScripted({ on: { ...LIVE, 'thread/realtime/appendText': [{ exit: 9 }] } });
    const call = await start(client);
    await expect(call.appendText('die')).rejects.toThrow('the daemon exited with code 9');
    expect(await call.closed).toEqual({ kind: 'disconnected', exit: { code: 9, signal: null } });
  });
});
