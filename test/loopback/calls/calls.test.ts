import { expect, test } from 'vitest';
import { Caller, callIdOf, dial, observe, postOffer } from '../support/caller.ts';
import { EventClient, joinedDeltas, typesOf } from '../support/event-client.ts';
import { chirp, isSilent, joinedLine, likeness, lineSilence } from '../support/line-audio.ts';
import { startUpstream } from '../support/upstream.ts';
import type { Upstream } from '../support/upstream.ts';

const SESSION = {
  type: 'realtime',
  model: 'gpt-realtime',
  instructions: 'Be brief.',
  audio: { input: { transcription: { model: 'any' } } },
};

const UTTERANCE = joinedLine(chirp(1_000), lineSilence(600));

async function hangUp({ loopback }: Upstream, callId: string): Promise<Response> {
  return fetch(`${loopback.url}/realtime/calls/${callId}/hangup`, { method: 'POST' });
}

test('answers an offer, and says the same to the caller and to an observer', async () => {
  const upstream = await startUpstream();
  const caller = new Caller();
  const response = await postOffer(upstream, await caller.offer(), SESSION);
  const answer = await response.text();
  expect([response.status, response.headers.get('content-type'), response.headers.get('location')]).toEqual([
    201,
    'application/sdp',
    '/v1/realtime/calls/rtc_1',
  ]);
  expect(answer.match(/^m=.*$/gm)?.map((line) => line.trim())).toEqual([
    'm=audio 9 UDP/TLS/RTP/SAVPF 0',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  ]);
  expect(answer).toMatch(/^a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 \d+ typ host/m);
  expect(answer).not.toMatch(/srflx|relay|\.local/);
  await caller.connect(answer);
  const created = {
    type: 'session.created',
    session: expect.objectContaining({
      id: 'sess_1',
      model: 'gpt-realtime',
      instructions: 'Be brief.',
    }) as unknown,
  };
  expect(await caller.until('session.created')).toEqual([created]);
  const observer = await EventClient.connect(upstream.loopback.url, '/realtime?call_id=rtc_1');
  expect(await observer.until('session.created')).toEqual([created]);
});

test.each(['PCMU', 'PCMA'] as const)('echoes what the caller says, with %s', async (law) => {
  const upstream = await startUpstream();
  const { caller, callId } = await dial(upstream, { session: SESSION, law });
  const observer = await observe(upstream, callId);
  await caller.speak(UTTERANCE);
  const begun = await caller.until('response.content_part.added');
  expect(typesOf(begun).filter((type) => !type.endsWith('.delta'))).toEqual([
    'input_audio_buffer.speech_started',
    'input_audio_buffer.speech_stopped',
    'input_audio_buffer.committed',
    'conversation.item.added',
    'conversation.item.done',
    'conversation.item.input_audio_transcription.completed',
    'response.created',
    'response.output_item.added',
    'conversation.item.added',
    'response.content_part.added',
  ]);
  const line = await caller.listen(upstream, 2_000);
  expect(likeness(chirp(1_000), line)).toBeGreaterThan(0.95);
  const rest = await caller.until('output_audio_buffer.stopped');
  expect(joinedDeltas(rest, 'response.output_audio_transcript.delta')).toBe('Echo of 1.0 seconds of speech.');
  expect(typesOf(rest).filter((type) => !type.endsWith('.delta'))).toEqual([
    'output_audio_buffer.started',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done',
    'response.done',
    'output_audio_buffer.stopped',
  ]);
  expect(typesOf(rest)).not.toContain('response.output_audio.delta');
  expect(await observer.until('output_audio_buffer.stopped')).toEqual([...begun, ...rest]);
  expect(isSilent(await caller.listen(upstream, 500))).toBe(true);
});

test('cuts the answer at once when the caller speaks', async () => {
  const upstream = await startUpstream();
  const { caller } = await dial(upstream);
  await caller.speak(joinedLine(chirp(3_000), lineSilence(600)));
  await caller.until('response.content_part.added');
  expect(isSilent(await caller.listen(upstream, 500))).toBe(false);
  await caller.speak(chirp(200));
  const events = await caller.until('conversation.item.truncated');
  expect(typesOf(events).slice(typesOf(events).indexOf('input_audio_buffer.speech_started'))).toEqual([
    'input_audio_buffer.speech_started',
    'response.output_audio.done',
    'response.output_audio_transcript.done',
    'response.content_part.done',
    'response.output_item.done',
    'conversation.item.done',
    'response.done',
    'output_audio_buffer.cleared',
    'conversation.item.truncated',
  ]);
  expect(events.slice(-2)).toEqual([
    { type: 'output_audio_buffer.cleared', response_id: 'resp_1' },
    { type: 'conversation.item.truncated', item_id: 'item_2', content_index: 0, audio_end_ms: 500 },
  ]);
  // Less than the patience with which an utterance without its end is ended.
  expect(isSilent(await caller.listen(upstream, 400))).toBe(true);
});

test('takes events from the channel and from observers, and clears what plays', async () => {
  const upstream = await startUpstream();
  const { caller, callId } = await dial(upstream);
  const [first, second] = [await observe(upstream, callId), await observe(upstream, callId)];
  const content = [{ type: 'input_text', text: 'one two three four five six seven eight' }];
  first.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  await caller.until('conversation.item.done');
  caller.send({ type: 'response.create' });
  const created = {
    type: 'response.created',
    response: expect.objectContaining({ id: 'resp_1' }) as unknown,
  };
  expect((await second.until('response.created')).at(-1)).toEqual(created);
  expect(isSilent(await caller.listen(upstream, 300))).toBe(false);
  caller.send({ type: 'response.cancel' });
  caller.send({ type: 'output_audio_buffer.clear' });
  await first.until('output_audio_buffer.cleared');
  expect(isSilent(await caller.listen(upstream, 500))).toBe(true);
  second.send({ type: 'no.such.event', event_id: 'mine' });
  const error = { type: 'error', error: expect.objectContaining({ event_id: 'mine' }) as unknown };
  expect((await caller.until('error')).at(-1)).toEqual(error);
  second.socket.close();
  await second.closed;
  caller.send({ type: 'input_audio_buffer.clear' });
  await first.until('input_audio_buffer.cleared');
});

test('plays what waits when an answer is cancelled without a clear', async () => {
  const upstream = await startUpstream();
  const { caller } = await dial(upstream);
  const content = [{ type: 'input_text', text: 'one two three four five six seven eight' }];
  caller.send({ type: 'conversation.item.create', item: { type: 'message', role: 'user', content } });
  caller.send({ type: 'response.create' });
  await caller.until('response.content_part.added');
  await caller.listen(upstream, 300);
  caller.send({ type: 'response.cancel' });
  await caller.until('response.done');
  expect(isSilent(await caller.listen(upstream, 200))).toBe(false);
  await caller.listen(upstream, 400);
  expect((await caller.until('output_audio_buffer.stopped')).at(-1)).toEqual({
    type: 'output_audio_buffer.stopped',
    response_id: 'resp_1',
  });
});

test('ends a call that is hung up', async () => {
  const upstream = await startUpstream();
  const { caller, callId } = await dial(upstream);
  const observer = await observe(upstream, callId);
  const response = await hangUp(upstream, callId);
  expect([response.status, await response.text()]).toEqual([200, '']);
  expect(await observer.closed).toEqual({ code: 1000, reason: 'The call was hung up.' });
  await caller.channelClosed;
  const again = await hangUp(upstream, callId);
  expect([again.status, await again.json()]).toEqual([
    404,
    {
      error: {
        message: 'There is no call with this id.',
        type: 'invalid_request_error',
        param: null,
        code: 'call_id_not_found',
      },
    },
  ]);
  await expect.poll(() => upstream.clock.timerCount, { timeout: 10_000 }).toBe(0);
});

test('ends a call whose caller goes away', async () => {
  const upstream = await startUpstream();
  const { caller, callId } = await dial(upstream);
  const observer = await observe(upstream, callId);
  await caller.leave();
  expect(await observer.closed).toEqual({ code: 1000, reason: 'The caller has gone.' });
  expect(upstream.log.filter(({ name }) => name === 'call_ended')).toEqual([
    { name: 'call_ended', call: callId, reason: 'peer_gone' },
  ]);
});

test('ends a call whose media never connects', async () => {
  const upstream = await startUpstream();
  const response = await postOffer(upstream, await new Caller().offer());
  const observer = await observe(upstream, callIdOf(response));
  upstream.clock.advance(29_999);
  expect(await observer.settled()).toEqual([]);
  upstream.clock.advance(1);
  expect(await observer.closed).toEqual({
    code: 1000,
    reason: 'The media of the call never connected.',
  });
});

test('ends a call that has lasted as long as a session may', async () => {
  const upstream = await startUpstream();
  const { callId } = await dial(upstream);
  const observer = await observe(upstream, callId);
  // In one step, for the line would play an hour of silence.
  upstream.clock.jump(60 * 60 * 1_000);
  expect((await observer.until('error')).at(-1)).toMatchObject({ error: { code: 'session_expired' } });
  expect((await observer.closed).code).toBe(1001);
});

test('takes so many calls and no more', async () => {
  const upstream = await startUpstream();
  const offer = await new Caller().offer();
  const responses = await Promise.all(Array.from({ length: 33 }, () => postOffer(upstream, offer)));
  expect(responses.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
    ...Array.from({ length: 32 }, () => 201),
    429,
  ]);
  const refused = responses.find(({ status }) => status === 429);
  expect(await refused?.json()).toEqual({
    error: {
      message: 'There are 32 calls already; hang one up first.',
      type: 'rate_limit_error',
      param: null,
      code: 'too_many_calls',
    },
  });
  await hangUp(upstream, 'rtc_1');
  expect((await postOffer(upstream, offer)).status).toBe(201);
});

test('leaves nothing open when the server closes', async () => {
  const upstream = await startUpstream();
  const { caller, callId } = await dial(upstream);
  const observer = await observe(upstream, callId);
  await upstream.loopback.close();
  expect((await observer.closed).code).toBe(1001);
  await caller.channelClosed;
  await caller.leave();
  await expect.poll(() => upstream.clock.timerCount, { timeout: 10_000 }).toBe(0);
  const openSockets = (): string[] => process.getActiveResourcesInfo().filter((name) => name === 'UDPWrap');
  await expect.poll(openSockets, { timeout: 10_000 }).toEqual([]);
});

test('speaks version 1 in a call', async () => {
  const upstream = await startUpstream();
  const session = { type: 'quicksilver', model: 'any', instructions: 'Be brief.' };
  const { caller, callId } = await dial(upstream, { session, version: 1 });
  const path = `/realtime?intent=quicksilver&call_id=${callId}`;
  const observer = await EventClient.connect(upstream.loopback.url, path);
  await caller.speak(UTTERANCE);
  const heard = await observer.until('conversation.output_transcript.delta');
  expect(joinedDeltas(heard, 'conversation.input_transcript.delta')).toMatch(/^1\.0 seconds of speech at /);
  const line = await caller.listen(upstream, 2_000);
  expect(likeness(chirp(1_000), line)).toBeGreaterThan(0.95);
  expect(typesOf(await observer.settled())).not.toContain('conversation.output_audio.delta');
  await caller.speak(UTTERANCE);
  await observer.until('conversation.output_transcript.delta');
  expect(isSilent(await caller.listen(upstream, 300))).toBe(false);
  await caller.speak(chirp(200));
  caller.send({ type: 'session.update', session: { type: 'quicksilver' } });
  await caller.until('session.updated');
  expect(isSilent(await caller.listen(upstream, 400))).toBe(true);
});
