import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BrowserClient, encodeBase64, VoiceCall, VoiceCallError } from '../../../src/client/browser/index.ts';
import type { VoiceCallOptions } from '../../../src/client/browser/index.ts';
import { FakeDaemon } from './fake-daemon.ts';
import { FakePage } from './fake-page.ts';

const T = 'thread-1';

let daemon: FakeDaemon;
let page: FakePage;
let client: BrowserClient;
let told: string[];

beforeEach(async () => {
  page = new FakePage();
  daemon = await FakeDaemon.listen();
  client = await BrowserClient.connect(daemon.url, {
    clientInfo: { name: 'test', version: '1' },
    capabilities: { experimentalApi: true },
  });
  told = [];
  daemon.reply('thread/realtime/stop', ({ id }) => {
    daemon.socket.send(JSON.stringify({ id, result: {} }));
    daemon.notify('thread/realtime/closed', { threadId: T, reason: 'requested' });
    return null;
  });
});

afterEach(async () => {
  await daemon.close();
  page.close();
});

/** What a call is started with; what it tells is written down. */
function options(fields: Partial<VoiceCallOptions> = {}): VoiceCallOptions {
  return {
    client,
    threadId: T,
    transport: 'websocket',
    outputModality: 'audio',
    on: {
      state: (state) => told.push(state),
      transcriptDelta: (role, delta) => told.push(`${role} + ${delta}`),
      transcriptDone: (role, text) => told.push(`${role}: ${text}`),
      item: (item) => told.push(`item ${(item as { type: string }).type}`),
      error: (message) => told.push(`error: ${message}`),
      closed: (reason) => told.push(`closed: ${reason}`),
    },
    ...fields,
  };
}

/** Has the daemon say that the session is up, once it was asked for one. */
async function accept(): Promise<unknown> {
  const { params } = await daemon.next('thread/realtime/start');
  daemon.notify('thread/realtime/started', { threadId: T, realtimeSessionId: T, version: 'v2' });
  return params;
}

async function startCall(fields: Partial<VoiceCallOptions> = {}): Promise<VoiceCall> {
  const starting = VoiceCall.start(options(fields));
  await accept();
  return starting;
}

/** Resolves when the client has heard all that the daemon said so far. */
async function heard(): Promise<void> {
  await client.request('model/list', {});
}

function audio(milliseconds: number, itemId: string | null = 'a') {
  const data = encodeBase64(
    new Uint8Array(Int16Array.from({ length: 24 * milliseconds }, () => 9_000).buffer),
  );
  return {
    threadId: T,
    audio: { data, sampleRate: 24_000, numChannels: 1, samplesPerChannel: null, itemId },
  };
}

const reasonOf = (error: unknown): unknown => (error instanceof VoiceCallError ? error.reason : error);

describe('a call by the websocket transport', () => {
  it('asks for what it is told to, and is up when the daemon says so', async () => {
    const starting = VoiceCall.start(options({ voice: 'marin', version: 'v2', prompt: null, model: 'm' }));
    const params = await accept();
    const call = await starting;
    expect(params).toEqual({
      threadId: T,
      outputModality: 'audio',
      transport: { type: 'websocket' },
      voice: 'marin',
      version: 'v2',
      prompt: null,
      model: 'm',
    });
    expect([call.state, call.version, call.playedMs]).toEqual(['active', 'v2', 0]);
    await call.stop();
    expect(told).toEqual(['starting', 'active', 'stopping', 'closed', 'closed: requested']);
    expect(await call.closed).toEqual({ reason: 'requested', errorMessage: null });
    expect([...page.open]).toEqual([]);
  });

  it('sends the microphone as 24 kHz mono, and silence while it is muted', async () => {
    const call = await startCall();
    const sent = async () => {
      const { params } = await daemon.next('thread/realtime/appendAudio');
      const { data, ...format } = (params as ReturnType<typeof audio>).audio;
      const samples = new Int16Array(Uint8Array.from(Buffer.from(data, 'base64')).buffer);
      return { ...format, count: samples.length, isSilent: samples.every((sample) => sample === 0) };
    };
    await page.speak(20, 0.5);
    await page.speak(20, 0.5);
    // The conversion looks ahead by 64 of the device's samples.
    expect(await sent()).toEqual({
      sampleRate: 24_000,
      numChannels: 1,
      samplesPerChannel: 448,
      count: 448,
      isSilent: false,
    });
    call.mute(true);
    expect(call.isMuted).toBe(true);
    await sent();
    await page.speak(20, 0.5);
    expect(await sent()).toMatchObject({ count: 480, isSilent: true });
    call.mute(false);
    await page.speak(20, 0.5);
    expect(await sent()).toMatchObject({ count: 480, isSilent: false });
  });

  it('has a bounded number of pieces under way, and goes on when they are answered', async () => {
    const open: number[] = [];
    daemon.reply('thread/realtime/appendAudio', ({ id }) => {
      open.push(id!);
      return null;
    });
    await startCall();
    for (let piece = 0; piece < 30; piece += 1) await page.speak(20, 0.5);
    await heard();
    expect(open.length).toBe(8);
    for (const id of open.splice(0)) daemon.socket.send(JSON.stringify({ id, result: {} }));
    await heard();
    await heard();
    // Twenty-two pieces of 20 ms waited, and are joined to 200 ms where that is possible.
    expect(open.length).toBe(3);
    expect(told).toEqual(['starting', 'active']);
  });

  it('keeps the microphone back while an answer plays, if it is told to', async () => {
    await startCall({ gateMicrophone: true });
    daemon.notify('thread/realtime/outputAudio/delta', audio(500));
    await heard();
    const isSilent = async (value: number) => {
      await page.speak(20, value);
      const { params } = await daemon.next('thread/realtime/appendAudio');
      return /^A*=*$/.test((params as ReturnType<typeof audio>).audio.data);
    };
    expect([await isSilent(0.05), await isSilent(0.5), await isSilent(0.05)]).toEqual([true, false, false]);
  });

  it('plays what comes, and stops at once when the user speaks', async () => {
    const call = await startCall();
    daemon.notify('thread/realtime/outputAudio/delta', audio(1_000));
    await heard();
    expect(await page.play(100)).toBeGreaterThan(0.9);
    const speech = { type: 'input_audio_buffer.speech_started', item_id: null };
    daemon.notify('thread/realtime/itemAdded', { threadId: T, item: speech });
    daemon.notify('thread/realtime/outputAudio/delta', audio(200));
    await heard();
    await page.settle();
    const playedMs = call.playedMs!;
    expect(playedMs).toBeGreaterThan(50);
    expect(playedMs).toBeLessThan(150);
    expect(await page.play(100)).toBe(0);
    daemon.notify('thread/realtime/outputAudio/delta', audio(200, 'b'));
    await heard();
    expect(await page.play(100)).toBeGreaterThan(0.9);
    expect(told).toContain('item input_audio_buffer.speech_started');
    const interruptions = call.timeline.entries.filter(({ kind }) => kind === 'interrupted');
    expect(interruptions).toEqual([
      { atMs: expect.any(Number), kind: 'interrupted', itemId: 'a', playedMs: expect.closeTo(playedMs, 0) },
    ]);
  });

  it('stops playing by hand, and when the answer is cancelled', async () => {
    const call = await startCall();
    daemon.notify('thread/realtime/outputAudio/delta', audio(500, 'a'));
    await heard();
    call.interrupt();
    await page.settle();
    expect(await page.play(50)).toBe(0);
    daemon.notify('thread/realtime/outputAudio/delta', audio(500, 'b'));
    daemon.notify('thread/realtime/itemAdded', {
      threadId: T,
      item: { type: 'response.cancelled', response_id: 'r' },
    });
    await heard();
    await page.settle();
    expect(await page.play(50)).toBe(0);
  });

  it('tells transcripts and items of its thread only, and takes texts', async () => {
    const call = await startCall();
    for (const threadId of ['other', T]) {
      daemon.notify('thread/realtime/transcript/delta', { threadId, role: 'user', delta: threadId });
      daemon.notify('thread/realtime/transcript/done', { threadId, role: 'user', text: threadId });
      daemon.notify('thread/realtime/itemAdded', {
        threadId,
        item: {
          type: 'handoff_request',
          handoff_id: 'h',
          item_id: 'i',
          input_transcript: 'do it',
          active_transcript: [],
        },
      });
      daemon.notify('turn/started', { threadId, turn: { id: 'turn' } });
      daemon.notify('turn/completed', { threadId, turn: { id: 'turn', status: 'completed' } });
    }
    await call.sendText('hello');
    expect((await daemon.next('thread/realtime/appendText')).params).toEqual({ threadId: T, text: 'hello' });
    expect(told).toEqual(['starting', 'active', `user + ${T}`, `user: ${T}`, 'item handoff_request']);
    expect(call.timeline.entries.map((entry) => ({ ...entry, atMs: 0 }))).toEqual([
      { atMs: 0, kind: 'state', state: 'starting' },
      { atMs: 0, kind: 'state', state: 'active' },
      { atMs: 0, kind: 'textSent', text: 'hello' },
      { atMs: 0, kind: 'said', role: 'user', text: T },
      { atMs: 0, kind: 'delegated', request: 'do it' },
      { atMs: 0, kind: 'turnStarted', turnId: 'turn' },
      { atMs: 0, kind: 'turnEnded', turnId: 'turn', status: 'completed' },
    ]);
  });

  it('says once that audio cannot be played', async () => {
    await startCall();
    for (const data of ['!', '?']) {
      const bad = audio(1);
      daemon.notify('thread/realtime/outputAudio/delta', { ...bad, audio: { ...bad.audio, data } });
    }
    await heard();
    expect(told).toEqual([
      'starting',
      'active',
      'error: some audio is not played: the daemon sent badBase64',
    ]);
  });

  it('survives an error that the daemon survives', async () => {
    const call = await startCall();
    daemon.notify('thread/realtime/error', { threadId: T, message: 'odd' });
    await heard();
    expect([call.state, told.at(-1)]).toEqual(['active', 'error: odd']);
  });

  it('needs no microphone', async () => {
    const call = await startCall({ microphone: null });
    expect([...page.open].toSorted()).toEqual(['audio context', 'parley-speaker']);
    await call.stop();
    expect([...page.open]).toEqual([]);
  });

  it('leaves a stream that it was given as it was', async () => {
    const stream = page.stream();
    const call = await startCall({ microphone: stream as unknown as MediaStream });
    await call.stop();
    expect([...page.open]).toEqual(['track']);
  });
});

describe('a call ends, and lets go of everything', () => {
  const ends: [string, () => void, string[], object][] = [
    [
      'by the daemon',
      () => daemon.notify('thread/realtime/closed', { threadId: T, reason: 'transport_closed' }),
      ['closed', 'closed: transport_closed'],
      { reason: 'transport_closed', errorMessage: null },
    ],
    [
      'by an error of the service',
      () => {
        daemon.notify('thread/realtime/error', { threadId: T, message: 'broken' });
        daemon.notify('thread/realtime/closed', { threadId: T, reason: 'error' });
      },
      ['error: broken', 'closed', 'closed: error'],
      { reason: 'error', errorMessage: 'broken' },
    ],
    [
      'with the microphone',
      () => page.streams[0]!.track.unplug(),
      ['error: the microphone was taken away', 'stopping', 'closed', 'closed: error'],
      { reason: 'error', errorMessage: 'the microphone was taken away' },
    ],
    [
      'with the page',
      () => page.hide(),
      ['stopping', 'closed', 'closed: requested'],
      { reason: 'requested', errorMessage: null },
    ],
    [
      'with the connection',
      () => daemon.socket.close(1001, 'bye'),
      ['closed', 'closed: disconnected'],
      { reason: 'disconnected', errorMessage: 'the daemon closed the connection (code 1001: bye)' },
    ],
    [
      'by another start on the thread',
      () => daemon.notify('thread/realtime/started', { threadId: T, realtimeSessionId: T, version: 'v2' }),
      ['stopping', 'closed', 'closed: replaced'],
      { reason: 'replaced', errorMessage: null },
    ],
  ];

  it.each(ends)('%s', async (_how, end, expected, closed) => {
    const call = await startCall();
    daemon.notify('thread/realtime/outputAudio/delta', audio(500));
    await heard();
    end();
    expect(await call.closed).toEqual(closed);
    expect(told).toEqual(['starting', 'active', ...expected]);
    expect([...page.open]).toEqual([]);
    expect(call.timeline.entries.at(-2)).toMatchObject({ kind: 'closed' });
    await call.stop();
    await expect(call.sendText('late')).rejects.toMatchObject({ reason: 'ended' });
  });

  it('as the user wished, also if the service is quicker to end it than the daemon', async () => {
    daemon.reply('thread/realtime/stop', ({ id }) => {
      daemon.notify('thread/realtime/closed', { threadId: T, reason: 'transport_closed' });
      return { id, result: {} };
    });
    const call = await startCall();
    await call.stop();
    expect(await call.closed).toEqual({ reason: 'requested', errorMessage: null });
  });

  it('by a refusal of its audio', async () => {
    daemon.reply('thread/realtime/appendAudio', () => ({ error: { code: -32001, message: 'too much' } }));
    const call = await startCall();
    await page.speak(20, 0.5);
    expect(await call.closed).toEqual({
      reason: 'error',
      errorMessage: 'the audio could not be sent: too much',
    });
    await daemon.next('thread/realtime/stop');
    expect([...page.open]).toEqual([]);
  });

  it('does not stop the session of another', async () => {
    const call = await startCall();
    daemon.notify('thread/realtime/started', { threadId: T, realtimeSessionId: T, version: 'v2' });
    await call.closed;
    await heard();
    expect(daemon.messages.map(({ method }) => method)).not.toContain('thread/realtime/stop');
  });
});

describe('a start that fails leaves nothing open', () => {
  it('because the microphone is refused', async () => {
    page.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    const failure: unknown = await VoiceCall.start(options()).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      reason: 'microphone',
      message: 'the microphone cannot be used: the page was not allowed to',
    });
    expect(told).toEqual(['starting', 'stopping', 'closed']);
    expect([...page.open]).toEqual([]);
    expect(daemon.messages.map(({ method }) => method)).not.toContain('thread/realtime/start');
  });

  it('because the user gives up while the browser still asks for the microphone', async () => {
    let allow = (_stream: unknown): void => {};
    page.getUserMedia = () => new Promise((resolve) => (allow = resolve));
    const aborter = new AbortController();
    const starting = VoiceCall.start(options({ signal: aborter.signal })).catch(reasonOf);
    aborter.abort();
    expect(await starting).toBe('aborted');
    allow(page.stream());
    await heard();
    expect([...page.open]).toEqual([]);
  });

  it('because the daemon reports an error; there is no session to stop then', async () => {
    const starting = VoiceCall.start(options()).catch((error: unknown) => error);
    await daemon.next('thread/realtime/start');
    daemon.notify('thread/realtime/error', { threadId: T, message: 'no key' });
    expect(await starting).toMatchObject({ reason: 'failed', message: 'no key' });
    await heard();
    expect(daemon.messages.map(({ method }) => method)).not.toContain('thread/realtime/stop');
    expect([...page.open]).toEqual([]);
  });

  it('because the request is refused', async () => {
    daemon.reply('thread/realtime/start', () => ({ error: { code: -32600, message: 'no such thread' } }));
    await expect(VoiceCall.start(options())).rejects.toMatchObject({
      code: -32600,
      message: 'no such thread',
    });
    expect([...page.open]).toEqual([]);
  });

  it('because it takes too long, and the session has ended before the failure is told', async () => {
    daemon.reply('thread/realtime/stop', () => ({ result: {} }));
    let hasFailed = false;
    const starting = VoiceCall.start(options({ startTimeoutMs: 50 })).catch((error: unknown) => {
      hasFailed = true;
      return error;
    });
    await daemon.next('thread/realtime/stop');
    await heard();
    expect([hasFailed, ...page.open]).toEqual([false]);
    daemon.notify('thread/realtime/closed', { threadId: T, reason: 'requested' });
    expect(await starting).toMatchObject({ reason: 'failed', message: 'the call was not up after 50 ms' });
    expect(told).toEqual(['starting', 'stopping', 'closed']);
  });

  it('because the page goes away', async () => {
    const starting = VoiceCall.start(options()).catch(reasonOf);
    await daemon.next('thread/realtime/start');
    page.hide();
    await daemon.next('thread/realtime/stop');
    expect(await starting).toBe('aborted');
    expect([...page.open]).toEqual([]);
  });

  it('because the connection is lost', async () => {
    const starting = VoiceCall.start(options()).catch(reasonOf);
    await daemon.next('thread/realtime/start');
    daemon.socket.close();
    expect(await starting).toBe('failed');
    expect([...page.open]).toEqual([]);
  });
});

describe('a call by the webrtc transport', () => {
  async function startPeerCall(fields: Partial<VoiceCallOptions> = {}): Promise<VoiceCall> {
    const starting = startCall({ transport: 'webrtc', ...fields });
    daemon.reply('thread/realtime/start', () => {
      queueMicrotask(() => daemon.notify('thread/realtime/sdp', { threadId: T, sdp: 'v=answer' }));
      return { result: {} };
    });
    // The peer connects when it has taken the answer.
    while (page.peers[0]?.remoteSdp !== 'v=answer') await heard();
    expect(told).toEqual(['starting']);
    page.peers[0].become('connected');
    return starting;
  }

  it('offers a call with all its candidates, and is up when the media are', async () => {
    const starting = VoiceCall.start(options({ transport: 'webrtc' }));
    const params = await accept();
    daemon.notify('thread/realtime/sdp', { threadId: T, sdp: 'v=answer' });
    const [peer] = page.peers;
    while (peer!.remoteSdp === null) await heard();
    peer!.become('connected');
    const call = await starting;
    expect(params).toEqual({
      threadId: T,
      outputModality: 'audio',
      transport: { type: 'webrtc', sdp: 'v=offer with candidates' },
    });
    expect([peer!.channel.label, peer!.tracks, call.playedMs]).toEqual([
      'oai-events',
      [page.streams[0]!.track],
      null,
    ]);
    await call.stop();
    expect(told).toEqual(['starting', 'active', 'stopping', 'closed', 'closed: requested']);
    expect([...page.open]).toEqual([]);
  });

  it('has nothing to do with audio through the daemon, and mutes its track', async () => {
    const call = await startPeerCall();
    daemon.notify('thread/realtime/outputAudio/delta', audio(100));
    daemon.notify('thread/realtime/itemAdded', {
      threadId: T,
      item: { type: 'input_audio_buffer.speech_started' },
    });
    await heard();
    call.mute(true);
    expect([page.streams[0]!.track.enabled, page.audioElement.muted]).toEqual([false, false]);
    expect(told).toEqual(['starting', 'active', 'item input_audio_buffer.speech_started']);
  });

  it('can be without a microphone', async () => {
    await startPeerCall({ microphone: null });
    expect(page.peers[0]!.tracks).toEqual(['audio recvonly']);
  });

  it('has the service stop an answer that is interrupted by hand, and is silent until that is over', async () => {
    const call = await startPeerCall();
    const peer = page.peers[0]!;
    peer.openChannel();
    call.interrupt();
    expect([peer.channel.sent, page.audioElement.muted]).toEqual([[], true]);
    peer.say({ type: 'response.created' });
    peer.say({ type: 'output_audio_buffer.started' });
    expect(page.audioElement.muted).toBe(false);
    call.interrupt();
    expect([peer.channel.sent, page.audioElement.muted]).toEqual([
      ['{"type":"response.cancel"}', '{"type":"output_audio_buffer.clear"}'],
      true,
    ]);
    peer.say({ type: 'output_audio_buffer.cleared' });
    expect(page.audioElement.muted).toBe(false);
  });

  it('goes on without the daemon, and says so', async () => {
    const call = await startPeerCall();
    daemon.notify('thread/realtime/closed', { threadId: T, reason: 'transport_closed' });
    await heard();
    expect([call.state, told.at(-1)]).toEqual([
      'active',
      'error: the daemon has left the call: nothing is written down or worked on',
    ]);
    await call.stop();
    expect(told.slice(-3)).toEqual(['stopping', 'closed', 'closed: requested']);
  });

  it.each([
    ['fails', () => page.peers[0]!.become('failed'), 'error'],
    ['is ended by the service', () => page.peers[0]!.close(), 'transport_closed'],
  ])('ends when the media connection %s', async (_how, end, reason) => {
    const call = await startPeerCall();
    end();
    expect(await call.closed).toMatchObject({ reason });
    await daemon.next('thread/realtime/stop');
    expect([...page.open]).toEqual([]);
  });

  it('does not start with an answer that the browser does not take', async () => {
    const starting = VoiceCall.start(options({ transport: 'webrtc' })).catch((error: unknown) => error);
    await accept();
    daemon.notify('thread/realtime/sdp', { threadId: T, sdp: 'bad' });
    expect(await starting).toMatchObject({
      reason: 'peer',
      message: 'the browser does not take the answer to its call: it cannot be read',
    });
    await daemon.next('thread/realtime/stop');
    expect([...page.open]).toEqual([]);
  });
});
