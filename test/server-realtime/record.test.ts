import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { saidByAgent, saidByUser } from '../server/stored.ts';
import { endOf, startTurn, wholeTurn } from '../server/turns.ts';
import { TestDaemon } from '../support/daemon.ts';
import { connectionOf } from './call.ts';
import type { Call } from './call.ts';
import {
  ANY_ID,
  conversationOf,
  fileOf,
  hears,
  hold,
  kill,
  oldSpeech,
  openRecorded,
  said,
  speaks,
  speech,
  spokenTurn,
  turnsOf,
  voiceNotes,
} from './recorded-call.ts';

describe('what was said on a call', () => {
  const READ = [
    spokenTurn(saidByAgent(ANY_ID, 'Hello?')),
    spokenTurn(saidByUser(ANY_ID, 'Plant roses.'), saidByAgent(ANY_ID, 'Roses it is.')),
    spokenTurn(saidByUser(ANY_ID, 'Thank you.')),
  ];

  it('is read back with the thread, both sides in their order', async () => {
    const { call, typed } = await openRecorded();
    await hold(call, [
      ...speech('assistant', 'a1', 'Hello?'),
      ...speech('user', 'u1', 'Plant roses.'),
      ...speech('assistant', 'a2', 'Roses it is.'),
      ...speech('user', 'u2', 'Thank you.'),
    ]);
    expect(await turnsOf(typed)).toEqual(READ);
  });

  it('is read back where the upstream names no items', async () => {
    const { call, typed } = await openRecorded();
    await hold(
      call,
      [
        ...oldSpeech('assistant', 'Hel', 'lo?'),
        ...oldSpeech('user', 'Plant ', 'roses.'),
        ...oldSpeech('assistant', 'Roses', ' it is.'),
        ...oldSpeech('user', 'Thank you.'),
      ],
      { version: 'v1' },
    );
    expect(await turnsOf(typed)).toEqual(READ);
  });

  it('is read back in its order where the user is transcribed only after the answer', async () => {
    const { call, typed } = await openRecorded();
    await hold(call, [
      { type: 'input_audio_buffer.speech_started', item_id: 'u1' },
      { type: 'response.created', response: { id: 'r1' } },
      ...speech('assistant', 'a1', 'Roses it is.'),
      { type: 'response.done', response: { id: 'r1' } },
      said('user', 'u1', 'Plant roses.'),
    ]);
    expect(await conversationOf(typed)).toEqual(['user: Plant roses.', 'assistant: Roses it is.']);
  });

  it('is kept as events that any reader of such files shows, each behind a line that says that it was spoken', async () => {
    const { call, typed } = await openRecorded();
    await hold(call, [...speech('user', 'u1', 'Hi.'), ...speech('assistant', 'a1', 'Hello.')], {
      realtimeSessionId: 'call-1',
    });
    const lines = (await fileOf(typed)).trimEnd().split('\n').slice(1);
    const entries = lines.map((line) => JSON.parse(line) as { type: string; payload: object });
    expect(entries.map(({ payload, type }) => ({ type, payload }))).toEqual([
      { type: 'utterance', payload: { id: ANY_ID, role: 'user', realtime_session_id: 'call-1' } },
      {
        type: 'event_msg',
        payload: { type: 'user_message', message: 'Hi.', images: [], local_images: [], text_elements: [] },
      },
      { type: 'utterance', payload: { id: ANY_ID, role: 'assistant', realtime_session_id: 'call-1' } },
      {
        type: 'event_msg',
        payload: { type: 'agent_message', message: 'Hello.', phase: null, memory_citation: null },
      },
    ]);
  });

  it('keeps its ids from one reading to the next', async () => {
    const { call, typed } = await openRecorded();
    await hold(call, [...speech('user', 'u1', 'Hi.'), ...speech('assistant', 'a1', 'Hello.')]);
    const before = await turnsOf(typed);
    await typed.daemon.stop();
    const daemon = await TestDaemon.open({ home: typed.daemon.home });
    expect(await turnsOf({ ...typed, daemon })).toEqual(before);
  });

  it('is told to the client by nothing but the transcript', async () => {
    const { call } = await openRecorded();
    const before = call.daemon.messages.length;
    await hold(call, [...speech('user', 'u1', 'Hi.'), ...speech('assistant', 'a1', 'Hello.')]);
    await call.until('closed');
    const methods = call.daemon.messages.slice(before).flatMap(({ method }) => method ?? []);
    expect(new Set(methods)).toEqual(
      new Set([
        'thread/realtime/started',
        'thread/realtime/transcript/delta',
        'thread/realtime/transcript/done',
        'thread/realtime/itemAdded',
        'thread/realtime/closed',
      ]),
    );
  });

  it('does not bring audio into the file', async () => {
    const { call, typed } = await openRecorded();
    const audio = Buffer.alloc(4_800, 'sound').toString('base64');
    const socket = await call.start();
    await call.appendAudio(audio);
    socket.send({ type: 'response.output_audio.delta', delta: audio, item_id: 'a1' });
    await hears(call, socket, ...speech('assistant', 'a1', 'Hello.'));
    await call.stop();
    const text = await fileOf(typed);
    expect(text).toContain('Hello.');
    expect(text).not.toContain(audio.slice(0, 16));
  });

  it('is kept of typed text as well', async () => {
    const { call, typed } = await openRecorded();
    const socket = await call.start();
    await call.appendText('Plant roses.');
    await hears(call, socket, ...speech('assistant', 'a1', 'Roses it is.'));
    await call.stop();
    expect(await conversationOf(typed)).toEqual(['user: Plant roses.', 'assistant: Roses it is.']);
  });

  it('gives the thread its preview and puts it into the list', async () => {
    const { call, typed } = await openRecorded();
    await hold(call, [
      ...speech('assistant', 'a1', 'Hello?'),
      ...speech('user', 'u1', 'Plant roses.'),
      ...speech('user', 'u2', 'And tulips.'),
    ]);
    const listed = async (daemon: TestDaemon): Promise<unknown[]> => {
      const { data } = await daemon.request<{ data: { id: string; preview: string }[] }>('thread/list', {});
      return data.map(({ id, preview }) => ({ id, preview }));
    };
    const expected = [{ id: typed.threadId, preview: 'Plant roses.' }];
    const read = await typed.daemon.request<{ thread: object }>('thread/read', { threadId: typed.threadId });
    expect(read.thread).toMatchObject({ preview: 'Plant roses.', status: { type: 'idle' } });
    expect(await listed(typed.daemon)).toEqual(expected);
    await typed.daemon.stop();
    expect(await listed(await TestDaemon.open({ home: typed.daemon.home }))).toEqual(expected);
  });

  it('is not kept where nothing was said', async () => {
    const { call, typed } = await openRecorded();
    await hold(call, [...speaks('user', 'u1', ' '), said('user', 'u1', ' '), said('assistant', 'a1', '')]);
    await call.until('closed');
    expect(existsSync(join(typed.daemon.home, 'sessions'))).toBe(false);
  });
});

describe('an ephemeral thread', () => {
  it('keeps nothing of a call in a file, but its text model knows of it', async () => {
    const { call, typed } = await openRecorded();
    const { daemon } = typed;
    const threadId = await daemon.startThread({ ephemeral: true });
    await daemon.call('thread/realtime/start', { threadId, outputModality: 'audio' });
    const socket = await call.upstream.socket(0);
    socket.send(...speech('user', 'u1', 'Plant roses.'), ...speech('assistant', 'a1', 'Roses it is.'));
    await daemon.waitForNotification(
      'thread/realtime/transcript/done',
      ({ role, threadId: id }) => role === 'assistant' && id === threadId,
    );
    await daemon.call('thread/realtime/stop', { threadId });
    await wholeTurn({ ...typed, threadId }, 'go on');
    expect(typed.upstream.requests.map(({ input }) => voiceNotes(input).length)).toEqual([1]);
    expect(voiceNotes((await typed.upstream.request(0)).input)[0]).toContain('user: Plant roses.\n');
    expect(existsSync(join(daemon.home, 'sessions'))).toBe(false);
  });
});

describe('what was begun when the call ends is kept once', () => {
  test.each<[name: string, end: (call: Call) => void | Promise<void>, reason: string | null]>([
    ['by a request', (call) => call.stop(), 'requested'],
    ['by the upstream closing', (call) => call.upstream.sockets[0]?.socket.close(), 'transport_closed'],
    ['by a lost connection', (call) => destroy(call), 'error'],
    [
      'by an error',
      (call) => call.upstream.sockets[0]?.send({ type: 'error', error: { message: 'broken' } }),
      'error',
    ],
    ['by another call', async (call) => void (await call.start()), null],
  ])('%s', async (_name, end, reason) => {
    const { call, typed } = await openRecorded();
    const socket = await call.start();
    await hears(
      call,
      socket,
      ...speech('user', 'u1', 'Plant roses.'),
      ...speaks('assistant', 'a1', 'Roses ', 'it'),
    );
    await end(call);
    if (reason !== null) {
      await call.until('closed');
      expect(call.heard.at(-1)).toEqual(call.note('closed', { reason }));
    }
    if (reason === 'error') await call.stop();
    expect(await conversationOf(typed)).toEqual(['user: Plant roses.', 'assistant: Roses it']);
  });

  it('by the end of the daemon', async () => {
    const { call, typed } = await openRecorded();
    const socket = await call.start();
    await hears(
      call,
      socket,
      ...speech('user', 'u1', 'Plant roses.'),
      ...speaks('assistant', 'a1', 'Roses ', 'it'),
    );
    await typed.daemon.stop();
    const daemon = await TestDaemon.open({ home: typed.daemon.home });
    expect(await conversationOf({ ...typed, daemon })).toEqual(['user: Plant roses.', 'assistant: Roses it']);
  });
});

function destroy(call: Call): void {
  const [socket] = call.upstream.sockets;
  if (socket !== undefined) connectionOf(socket).destroy();
}

describe('a daemon that is killed in the middle of a call', () => {
  it('has kept what was said up to then', async () => {
    const { call, typed } = await openRecorded();
    const socket = await call.start();
    await hears(
      call,
      socket,
      ...speech('user', 'u1', 'Plant roses.'),
      ...speech('assistant', 'a1', 'Roses it is.'),
      ...speaks('user', 'u2', 'And tu'),
    );
    expect(await conversationOf(typed)).toEqual(['user: Plant roses.', 'assistant: Roses it is.']);
    await kill(typed.daemon);
    const daemon = await TestDaemon.open({ home: typed.daemon.home });
    expect(await conversationOf({ ...typed, daemon })).toEqual([
      'user: Plant roses.',
      'assistant: Roses it is.',
    ]);
  });
});

describe('an answer that is cut off', () => {
  test.each<[name: string, events: object[]]>([
    ['is kept as far as it went', []],
    ['is not kept again when its text comes late', [said('assistant', 'a1', 'Roses it is, red ones.')]],
    ['is not kept again when more of it comes', speaks('assistant', 'a1', ' red ones.')],
  ])('%s', async (_name, late) => {
    const { call, typed } = await openRecorded();
    await hold(call, [
      ...speech('user', 'u1', 'Plant roses.'),
      ...speaks('assistant', 'a1', 'Roses ', 'it is,'),
      { type: 'input_audio_buffer.speech_started', item_id: 'u2' },
      { type: 'response.cancelled', response: { id: 'r1' } },
      ...late,
      { type: 'response.done', response: { id: 'r1' } },
      ...speech('user', 'u2', 'No, tulips.'),
    ]);
    expect(await conversationOf(typed)).toEqual([
      'user: Plant roses.',
      'assistant: Roses it is,',
      'user: No, tulips.',
    ]);
  });

  test('an upstream that repeats itself is heard once', async () => {
    const { call, typed } = await openRecorded();
    const hi = said('user', 'u1', 'Plant roses.');
    const hello = said('assistant', 'a1', 'Roses it is.');
    await hold(call, [hi, hi, hello, ...speaks('user', 'u1', 'again'), hello, hi]);
    expect(await conversationOf(typed)).toEqual(['user: Plant roses.', 'assistant: Roses it is.']);
  });
});

describe('what is said while a typed turn runs', () => {
  it('is read back as part of that turn, in its order', async () => {
    const { call, typed } = await openRecorded();
    const turnId = await startTurn(typed, 'look around');
    const request = await typed.upstream.request(0);
    request.begin('m1', ['I ', 'look']);
    const socket = await call.start();
    await hears(
      call,
      socket,
      ...speech('user', 'u1', 'And roses?'),
      ...speech('assistant', 'a1', 'None yet.'),
    );
    request.finish('m1', ['I ', 'look']);
    await endOf(typed.daemon, turnId);
    await call.stop();
    expect(await turnsOf(typed)).toMatchObject([{ id: turnId, status: 'completed' }]);
    expect(await conversationOf(typed)).toEqual([
      'user: look around',
      'user: And roses?',
      'assistant: None yet.',
      'assistant: I look',
    ]);
  });
});
