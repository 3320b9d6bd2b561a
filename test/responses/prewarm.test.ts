import { describe, expect, test } from 'vitest';
import { assistantItem, completed, completedEvent, itemDone } from './support/events.ts';
import { LoopbackServer, sendEvents } from './support/loopback-server.ts';
import { ask, BODY, CONTEXT, INSTALLATION, openSession, request, THREAD } from './support/session.ts';
import type { OptionChanges } from './support/session.ts';
import { TestClock } from './support/test-clock.ts';

const METADATA = { 'x-codex-installation-id': INSTALLATION, 'x-codex-window-id': `${THREAD}:0` };
const FRAME = { type: 'response.create', ...BODY, client_metadata: METADATA };
const WARM_FRAME = {
  ...FRAME,
  input: [],
  generate: false,
  client_metadata: { ...METADATA, 'x-codex-turn-metadata': '{"turn_id":""}' },
};
const CONNECT_MS = 5_000;

function openSocketSession(url: string, changes: OptionChanges = {}): ReturnType<typeof openSession> {
  const provider = { supportsWebsockets: true, websocketConnectTimeoutMs: CONNECT_MS, ...changes.provider };
  return openSession(url, { ...changes, provider });
}

function prewarm(session: ReturnType<typeof openSession>): void {
  session.prewarm(request({ input: [] }), { windowGeneration: 0, turnMetadata: '{"turn_id":""}' });
}

/** Answers whatever is asked with a response named after what it is. */
const answering = {
  onFrame: (socket: { send: (...events: object[]) => void }, frame: { readonly generate?: unknown }) =>
    socket.send(completed(frame.generate === false ? 'warm' : 'resp')),
};

describe('the first turn', () => {
  test('goes on where the preparation ended', async () => {
    const server = await LoopbackServer.open({
      ...answering,
      onHandshake: () => ({ headers: { 'x-codex-turn-state': 'warm-state' } }),
    });
    const session = openSocketSession(server.url);
    prewarm(session);
    const turn = session.beginTurn();
    expect(await ask(session, { turn })).toEqual({ events: [completedEvent('resp')], error: null });
    expect(server.handshakes).toHaveLength(1);
    expect(server.sockets.map(({ frames }) => frames)).toEqual([
      [WARM_FRAME, { ...FRAME, previous_response_id: 'warm' }],
    ]);
    expect(turn.turnState).toBe('warm-state');
  });

  test('may have nothing to send', async () => {
    const server = await LoopbackServer.open(answering);
    const session = openSocketSession(server.url);
    prewarm(session);
    await ask(session, { request: request({ input: [] }) });
    expect(server.sockets[0]?.frames[1]).toEqual({ ...FRAME, input: [], previous_response_id: 'warm' });
  });

  test('that is different is sent whole on the same connection', async () => {
    const server = await LoopbackServer.open(answering);
    const session = openSocketSession(server.url);
    prewarm(session);
    await ask(session, { request: request({ serviceTier: 'fast' }) });
    expect(server.sockets.map(({ frames }) => frames)).toEqual([
      [WARM_FRAME, { ...FRAME, service_tier: 'priority' }],
    ]);
  });

  test('of a history that was compacted meanwhile begins anew', async () => {
    const server = await LoopbackServer.open(answering);
    const session = openSocketSession(server.url);
    prewarm(session);
    await ask(session, { context: { windowGeneration: 1, turnMetadata: null } });
    expect(server.sockets.map(({ frames }) => frames.length)).toEqual([1, 1]);
  });

  test('does not wait longer than for a connection', async () => {
    const clock = new TestClock();
    const server = await LoopbackServer.open({
      onFrame: (socket, frame) => {
        if (frame['generate'] !== false) socket.send(completed('resp'));
      },
    });
    const session = openSocketSession(server.url, { clock });
    prewarm(session);
    await server.until('the preparation', () => server.sockets[0]?.frames[0]);
    const asked = ask(session);
    await clock.expire(CONNECT_MS);
    expect(await asked).toEqual({ events: [completedEvent('resp')], error: null });
    expect(server.sockets.map(({ frames }) => frames)).toEqual([[WARM_FRAME], [FRAME]]);
  });

  test('that is aborted gives up the preparation', async () => {
    const server = await LoopbackServer.open({ onHandshake: () => undefined });
    const session = openSocketSession(server.url);
    prewarm(session);
    await server.until('a handshake', () => server.handshakes[0]);
    const abort = new AbortController();
    const asked = ask(session, { signal: abort.signal });
    abort.abort();
    expect((await asked).error).toMatchObject({ kind: 'aborted' });
    expect(server.handshakes).toHaveLength(1);
  });

  test('connects by itself when the preparation failed', async () => {
    const warnings: object[] = [];
    const server = await LoopbackServer.open({
      ...answering,
      onHandshake: (index) => (index === 0 ? { status: 500 } : {}),
    });
    const session = openSocketSession(server.url, {
      logger: {
        debug: () => {},
        info: () => {},
        warn: (fields) => void warnings.push(fields),
        error: () => {},
      },
    });
    prewarm(session);
    expect(await ask(session)).toEqual({ events: [completedEvent('resp')], error: null });
    expect(server.handshakes).toHaveLength(2);
    expect(warnings).toEqual([{ kind: 'internalServerError' }]);
  });

  test('goes by HTTP when the preparation was told to', async () => {
    const server = await LoopbackServer.open({
      onHandshake: () => ({ status: 426 }),
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    const session = openSocketSession(server.url);
    prewarm(session);
    expect((await ask(session)).error).toBeNull();
    expect({ handshakes: server.handshakes.length, requests: server.requests.length }).toEqual({
      handshakes: 1,
      requests: 1,
    });
  });
});

describe('nothing is prepared', () => {
  test('by HTTP', async () => {
    const server = await LoopbackServer.open({
      onRequest: (response) => sendEvents(response, [completed()]),
    });
    const session = openSession(server.url);
    prewarm(session);
    await ask(session);
    expect({ handshakes: server.handshakes.length, requests: server.requests.length }).toEqual({
      handshakes: 0,
      requests: 1,
    });
  });

  test('after a request', async () => {
    const server = await LoopbackServer.open({
      onFrame: (socket) => socket.send(itemDone(assistantItem('a')), completed()),
    });
    const session = openSocketSession(server.url);
    await ask(session);
    prewarm(session);
    await ask(session, { context: CONTEXT });
    expect(server.sockets.map(({ frames }) => frames)).toEqual([[FRAME, FRAME]]);
  });

  test('once the session is closed', async () => {
    const server = await LoopbackServer.open(answering);
    const session = openSocketSession(server.url);
    session.close();
    prewarm(session);
    expect((await ask(session)).error).toMatchObject({ kind: 'aborted' });
    expect(server.handshakes).toEqual([]);
  });
});

test('closing ends a preparation that is under way', async () => {
  const server = await LoopbackServer.open({ onFrame: () => {} });
  const session = openSocketSession(server.url);
  prewarm(session);
  await server.until('the preparation', () => server.sockets[0]?.frames[0]);
  session.close();
  const isClosed = await server.until('the end of the socket', () => server.sockets[0]?.isClosed);
  expect(isClosed).toBe(true);
});
