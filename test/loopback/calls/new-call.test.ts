import { WebSocket } from 'ws';
import { expect, test } from 'vitest';
import { Caller, postOffer } from '../support/caller.ts';
import { EventClient } from '../support/event-client.ts';
import { startUpstream } from '../support/upstream.ts';
import type { Upstream } from '../support/upstream.ts';

async function post(
  { loopback }: Upstream,
  contentType: string,
  body: string,
  query = '',
): Promise<[number, unknown]> {
  const response = await fetch(`${loopback.url}/realtime/calls${query}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  const text = await response.text();
  return [response.status, response.status === 201 ? text : JSON.parse(text)];
}

function refusal(code: string, message: string, param: string | null): object {
  return { error: { message, type: 'invalid_request_error', param, code } };
}

function form(parts: Readonly<Record<string, string>>): string {
  const pieces = Object.entries(parts).map(
    ([name, value]) =>
      `--the-boundary\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: text/plain\r\n\r\n${value}\r\n`,
  );
  return `${pieces.join('')}--the-boundary--\r\n`;
}

const FORM = 'multipart/form-data; boundary=the-boundary';

/** The session of a call, as an observer sees it. */
async function sessionOf({ loopback }: Upstream, callId: string): Promise<unknown> {
  const observer = await EventClient.connect(loopback.url, `/realtime?call_id=${callId}`);
  const [created] = await observer.until('session.created');
  return created?.['session'];
}

test('takes a form whose parts have a type and no file name', async () => {
  const upstream = await startUpstream();
  const sdp = await new Caller().offer();
  const session = JSON.stringify({ type: 'realtime', model: 'one', output_modalities: ['text'] });
  expect(await post(upstream, FORM, form({ sdp, session }))).toEqual([
    201,
    expect.stringMatching(/^v=0\r\n/),
  ]);
  expect(await sessionOf(upstream, 'rtc_1')).toMatchObject({ model: 'one', output_modalities: ['text'] });
});

test('takes a form without a session', async () => {
  const upstream = await startUpstream();
  expect((await post(upstream, FORM, form({ sdp: await new Caller().offer() })))[0]).toBe(201);
  expect(await sessionOf(upstream, 'rtc_1')).toMatchObject({ type: 'realtime', model: 'loopback' });
});

test('takes the bare offer, with the model in the address', async () => {
  const upstream = await startUpstream();
  const sdp = await new Caller().offer();
  expect((await post(upstream, 'application/sdp', sdp, '?model=two'))[0]).toBe(201);
  expect(await sessionOf(upstream, 'rtc_1')).toMatchObject({ type: 'realtime', model: 'two' });
});

test('takes JSON', async () => {
  const upstream = await startUpstream();
  const session = { type: 'transcription', model: 'three' };
  const body = JSON.stringify({ sdp: await new Caller().offer(), session });
  expect((await post(upstream, 'application/json', body))[0]).toBe(201);
  expect(await sessionOf(upstream, 'rtc_1')).toMatchObject({ type: 'transcription' });
});

test.each([
  ['text/plain', 'v=0', 415, 'unsupported_content_type', null],
  ['multipart/form-data', form({ sdp: 'v=0' }), 400, 'invalid_form', null],
  [FORM, 'nothing of the kind', 400, 'invalid_form', null],
  [FORM, form({ sdp: 'v=0' }).slice(0, -20), 400, 'invalid_form', null],
  [FORM, form({ session: '{}' }), 400, 'missing_required_parameter', 'sdp'],
  [FORM, form({ sdp: 'v=0', session: '{' }), 400, 'invalid_json', 'session'],
  [FORM, form({ sdp: 'nonsense', session: '{}' }), 400, 'invalid_offer', 'sdp'],
  ['application/json', '[]', 400, 'invalid_json', null],
  ['application/json', '{}', 400, 'missing_required_parameter', 'sdp'],
  ['application/json', '{"sdp":1}', 400, 'invalid_type', 'sdp'],
  ['application/sdp', '', 400, 'invalid_offer', 'sdp'],
  ['application/sdp', 'x'.repeat(5 * 1024 * 1024), 413, 'request_too_large', null],
])('refuses %s with %.40j', async (contentType, body, status, code, param) => {
  const upstream = await startUpstream();
  expect(await post(upstream, contentType, body)).toEqual([
    status,
    refusal(code, expect.any(String) as unknown as string, param),
  ]);
});

test.each([
  [{ type: 'realtime', instructions: 1 }, 'invalid_type', 'session.instructions'],
  [{ type: 'realtime', id: 'sess_1' }, 'unknown_parameter', 'session.id'],
  [{ type: 'realtime', model: 1 }, 'invalid_type', 'session.model'],
  [{ type: 'other' }, 'invalid_value', 'session.type'],
  [{}, 'missing_required_parameter', 'session.type'],
  [{ type: 'quicksilver', instructions: 1 }, 'invalid_type', 'session.instructions'],
  [[], 'invalid_type', 'session'],
])('refuses the session %j', async (session, code, param) => {
  const upstream = await startUpstream();
  const response = await postOffer(upstream, await new Caller().offer(), session);
  expect([response.status, await response.json()]).toEqual([
    400,
    refusal(code, expect.any(String) as unknown as string, param),
  ]);
});

test('refuses an offer that looks like one and cannot be answered', async () => {
  const upstream = await startUpstream();
  const offer = await new Caller().offer();
  const broken = offer.replaceAll(/^a=fingerprint:.*$/gm, 'a=fingerprint:sha-256');
  const response = await postOffer(upstream, broken);
  expect([response.status, await response.json()]).toEqual([
    400,
    refusal('invalid_offer', 'The offer cannot be answered as it is.', 'sdp'),
  ]);
});

test('takes an offer whose addresses are names', async () => {
  const upstream = await startUpstream();
  const caller = new Caller();
  const offer = await caller.offer();
  const hidden = offer.replaceAll(
    /^(a=candidate:\S+ 1 udp \d+ )\S+/gm,
    '$10a1b2c3d-0000-4000-8000-0123456789ab.local',
  );
  expect(hidden).not.toBe(offer);
  const response = await postOffer(upstream, hidden);
  await caller.connect(await response.text());
  await caller.until('session.created');
});

test('does not let everybody join', async () => {
  const upstream = await startUpstream();
  await postOffer(upstream, await new Caller().offer());
  await postOffer(upstream, await new Caller().offer(), { type: 'quicksilver' });
  const statusOf = (query: string): Promise<number | undefined> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${upstream.loopback.url.replace('http', 'ws')}/realtime?${query}`);
      socket.once('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
        socket.terminate();
      });
      socket.once('open', () => resolve(101));
      socket.on('error', () => {});
    });
  expect(await statusOf('call_id=rtc_3')).toBe(404);
  expect(await statusOf('call_id=rtc_1&intent=quicksilver')).toBe(400);
  expect(await statusOf('call_id=rtc_2')).toBe(400);
  expect(await statusOf('call_id=rtc_2&intent=quicksilver')).toBe(101);
  const statuses = await Promise.all(Array.from({ length: 17 }, () => statusOf('call_id=rtc_1')));
  expect(statuses.filter((status) => status === 429)).toEqual([429]);
});
