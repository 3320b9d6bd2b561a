import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { beginEvents, LoopbackServer } from '../responses/support/loopback-server.ts';
import { TestDaemon } from '../support/daemon.ts';
import type { WireMessage } from '../support/daemon.ts';
import { completed, itemDone, ResponsesUpstream, USAGE } from '../support/responses-upstream.ts';
import type { InputItem, UpstreamFrame } from '../support/responses-upstream.ts';
import {
  ACTIVE,
  assistant,
  endOf,
  IDLE,
  layout,
  openThread,
  script,
  startTurn,
  SYSTEM_ERROR,
  textElement,
  times,
} from './turns.ts';
import type { OpenThread } from './turns.ts';

const DISCONNECTED = 'stream disconnected before completion: ';
const IDLE_TIMEOUT = 'stream_idle_timeout_ms = 250';

const DELTA = { type: 'response.output_text.delta', item_id: 'm1', delta: 'half' };

/** The events of a response up to the first words of a message. */
const BEGINNING = [
  { type: 'response.created', response: { id: 'resp-m1' } },
  {
    type: 'response.output_item.added',
    output_index: 0,
    item: { type: 'message', role: 'assistant', id: 'm1', content: [] },
  },
  DELTA,
];

/** The events of a whole message that comes without deltas. */
const WHOLE = [itemDone({ ...assistant('whole'), id: 'm2' }), completed('m2')];

interface RawOptions {
  readonly requestRetries?: number;
  readonly streamRetries?: number;
  /** Further keys of the provider. */
  readonly provider?: string;
}

interface RawThread {
  readonly daemon: TestDaemon;
  readonly threadId: string;
  readonly server: LoopbackServer;
  /** Every request for a response, to be answered byte by byte. */
  readonly responses: ServerResponse[];
  /** The n-th of them, once it has come. */
  readonly asked: (index: number) => Promise<ServerResponse>;
  /** What the n-th of them gives to the model. */
  readonly inputOf: (index: number) => string[];
}

/** A daemon with one thread, whose provider answers what a test writes to the connection. */
async function openRaw({
  provider = '',
  requestRetries = 0,
  streamRetries = 0,
}: RawOptions = {}): Promise<RawThread> {
  const responses: ServerResponse[] = [];
  const server = await LoopbackServer.open({
    onRequest: (response, _index, { method }) => {
      if (method === 'POST') responses.push(response);
      else response.writeHead(404).end();
    },
  });
  const config = `
model = "gpt-5.5"
model_provider = "test"
[model_providers.test]
name = "Test"
base_url = "${server.url}/v1"
experimental_bearer_token = "test-token"
request_max_retries = ${requestRetries}
stream_max_retries = ${streamRetries}
${provider}
`;
  const daemon = await TestDaemon.open({ config });
  const threadId = await daemon.startThread();
  await daemon.waitForNotification('thread/started');
  return {
    daemon,
    threadId,
    server,
    responses,
    asked: (index) => server.until(`request ${index} for a response`, () => responses[index]),
    inputOf: (index) => {
      const request = server.requests.filter(({ method }) => method === 'POST')[index];
      const { input } = JSON.parse(request?.body.toString('utf8') ?? '{}') as { input: InputItem[] };
      return layout(input).slice(2);
    },
  };
}

function answerWhole(response: ServerResponse): void {
  beginEvents(response, WHOLE);
  response.end();
}

/** What a turn tells from its beginning to the user's message. */
function opening(threadId: string, turnId: string, words: string): WireMessage[] {
  const told = script(threadId, turnId);
  return [told.status(ACTIVE), told.started, ...told.input(textElement(words))];
}

/** What is told of `BEGINNING`. */
function half(threadId: string, turnId: string): WireMessage[] {
  return script(threadId, turnId).answer('m1', ['half']).slice(0, 2);
}

/** What is told of `WHOLE` and of the end of the turn; `answers` is how many responses the thread has completed. */
function ending(threadId: string, turnId: string, answers: number): WireMessage[] {
  const told = script(threadId, turnId);
  const message = told.answer('m2', ['whole']);
  return [
    ...message.slice(0, 1),
    ...message.slice(-1),
    told.usage(times(answers)),
    told.status(IDLE),
    told.completed('completed'),
  ];
}

function failing(threadId: string, turnId: string, message: unknown, codexErrorInfo: unknown): WireMessage[] {
  const told = script(threadId, turnId);
  const error = { message, codexErrorInfo, additionalDetails: null };
  return [told.status(SYSTEM_ERROR), told.error(error), told.completed('failed', error)];
}

function reconnecting(details: unknown, httpStatusCode: number | null = null, n = 1, max = 1): object {
  return {
    message: `Reconnecting... ${n}/${max}`,
    codexErrorInfo: { responseStreamDisconnected: { httpStatusCode } },
    additionalDetails: details,
  };
}

/** Holds a turn that is answered by the n-th request, and compares all that is told of it. */
async function expectTurn(thread: RawThread, words: string, index: number, answers: number): Promise<void> {
  const { daemon, threadId } = thread;
  const before = daemon.messages.length;
  const turnId = await startTurn(thread, words);
  answerWhole(await thread.asked(index));
  await endOf(daemon, turnId);
  expect(daemon.messages.slice(before + 1)).toEqual([
    ...opening(threadId, turnId, words),
    script(threadId, turnId).limits(),
    ...ending(threadId, turnId, answers),
  ]);
}

const FRAGMENT = Buffer.from('data: {"type":"response.output_text.delta","item_id":"m1","delta":"€"}\n\n');
const HALF_A_CHARACTER = FRAGMENT.subarray(0, FRAGMENT.indexOf(0xe2) + 2);

interface Fault {
  readonly what: string;
  readonly breakOff: (response: ServerResponse) => void;
  readonly message: unknown;
}

const BROKEN = expect.stringMatching(new RegExp(`^${DISCONNECTED}.`, 'u'));
const CLOSED = `${DISCONNECTED}stream closed before response.completed`;
const SILENT = `${DISCONNECTED}idle timeout waiting for SSE`;

/** What can happen to a stream after its first words. */
const FAULTS: readonly Fault[] = [
  { what: 'is cut between two events', breakOff: (response) => response.destroy(), message: BROKEN },
  {
    what: 'is cut in the middle of an event',
    breakOff: (response) => response.write('data: {"type":"resp', () => response.destroy()),
    message: BROKEN,
  },
  {
    what: 'is cut in the middle of a character',
    breakOff: (response) => response.write(HALF_A_CHARACTER, () => response.destroy()),
    message: BROKEN,
  },
  {
    what: 'ends in the middle of a character',
    breakOff: (response) => response.end(HALF_A_CHARACTER),
    message: CLOSED,
  },
  {
    what: 'ends before the blank line behind its last event',
    breakOff: (response) => response.end(`data: ${JSON.stringify(completed('m1'))}\n`),
    message: CLOSED,
  },
  {
    what: 'goes on with what is no HTTP',
    breakOff: (response) => response.socket?.write('no chunk of HTTP\r\n\r\n'),
    message: BROKEN,
  },
  { what: 'falls silent', breakOff: () => {}, message: SILENT },
  {
    what: 'goes on for ever without an event',
    breakOff: (response) => {
      const timer = setInterval(() => response.write(': still here\n\n'), 5);
      response.on('close', () => clearInterval(timer));
    },
    message: SILENT,
  },
];

describe('a stream that', () => {
  it.each(FAULTS)('$what ends its turn with an error, and the next one works', async (fault) => {
    const thread = await openRaw({ provider: IDLE_TIMEOUT });
    const { daemon, threadId } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    const response = await thread.asked(0);
    beginEvents(response, BEGINNING);
    await daemon.waitForNotification('item/agentMessage/delta');
    fault.breakOff(response);
    await endOf(daemon, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      script(threadId, turnId).limits(),
      ...half(threadId, turnId),
      ...failing(threadId, turnId, fault.message, 'other'),
    ]);
    await thread.server.until('the end of the request', () => response.destroyed);
    await expectTurn(thread, 'two', 1, 1);
    expect(thread.inputOf(1)).toEqual(['user: one', 'user: two']);
    expect(daemon.notifications('turn/completed')).toHaveLength(2);
  });

  it.each(FAULTS)('$what is asked for again, once, and the turn completes', async (fault) => {
    const thread = await openRaw({ provider: IDLE_TIMEOUT, streamRetries: 1 });
    const { daemon, threadId } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    const response = await thread.asked(0);
    beginEvents(response, BEGINNING);
    await daemon.waitForNotification('item/agentMessage/delta');
    fault.breakOff(response);
    answerWhole(await thread.asked(1));
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      told.limits(),
      ...half(threadId, turnId),
      told.error(reconnecting(fault.message), true),
      told.limits(),
      ...ending(threadId, turnId, 1),
    ]);
    expect(thread.inputOf(1)).toEqual(['user: one']);
    expect(thread.responses).toHaveLength(2);
  });

  it('told a failure and stays open ends its turn with that failure', async () => {
    const thread = await openRaw({ provider: IDLE_TIMEOUT, streamRetries: 1 });
    const { daemon, threadId } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    const error = { code: 'insufficient_quota', message: 'no' };
    beginEvents(await thread.asked(0), [{ type: 'response.failed', response: { error } }]);
    await endOf(daemon, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      script(threadId, turnId).limits(),
      ...failing(threadId, turnId, expect.stringMatching(/^Quota exceeded/), 'usageLimitExceeded'),
    ]);
    await expectTurn(thread, 'two', 1, 1);
  });
});

describe('a body that goes on after the response has completed', () => {
  it.each<[string, (response: ServerResponse) => void]>([
    ['in silence', () => {}],
    [
      'without a pause',
      (response) => {
        const pour = (): void => {
          while (!response.destroyed && response.write(`: ${'more '.repeat(1_000)}\n\n`));
        };
        response.on('drain', pour);
        pour();
      },
    ],
  ])('%s does not keep its turn, and is given up', async (_what, goOn) => {
    const thread = await openRaw();
    const { daemon, server, threadId } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    const response = await thread.asked(0);
    beginEvents(response, WHOLE);
    goOn(response);
    await endOf(daemon, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      script(threadId, turnId).limits(),
      ...ending(threadId, turnId, 1),
    ]);
    await expectTurn(thread, 'two', 1, 2);
    expect(thread.inputOf(1)).toEqual(['user: one', 'assistant: whole', 'user: two']);
    await server.until('the end of the first request', () => response.destroyed);
    expect(daemon.notifications('turn/completed')).toHaveLength(2);
  });
});

describe('a provider with too many requests', () => {
  const message = 'exceeded retry limit, last status: 429 Too Many Requests';

  it.each([{}, { 'retry-after': '61' }, { 'retry-after': 'soon' }])(
    'that says %j is not asked again in this turn',
    async (headers) => {
      const thread = await openRaw({ requestRetries: 2, streamRetries: 2 });
      const { daemon, threadId } = thread;
      const before = daemon.messages.length;
      const turnId = await startTurn(thread, 'one');
      (await thread.asked(0)).writeHead(429, headers).end('slow');
      await endOf(daemon, turnId);
      expect(daemon.messages.slice(before + 1)).toEqual([
        ...opening(threadId, turnId, 'one'),
        ...failing(threadId, turnId, message, { responseTooManyFailedAttempts: { httpStatusCode: 429 } }),
      ]);
      await expectTurn(thread, 'two', 1, 1);
      expect(thread.responses).toHaveLength(2);
    },
  );

  it.each([{ 'retry-after': '0' }, { 'retry-after-ms': '1' }])(
    'that says %j is asked again',
    async (headers) => {
      const thread = await openRaw({ requestRetries: 2, streamRetries: 2 });
      const { daemon, threadId } = thread;
      const before = daemon.messages.length;
      const turnId = await startTurn(thread, 'one');
      for (const index of [0, 1]) (await thread.asked(index)).writeHead(429, headers).end();
      answerWhole(await thread.asked(2));
      await endOf(daemon, turnId);
      const told = script(threadId, turnId);
      expect(daemon.messages.slice(before + 1)).toEqual([
        ...opening(threadId, turnId, 'one'),
        told.error(reconnecting(message, 429, 1, 2), true),
        told.error(reconnecting(message, 429, 2, 2), true),
        told.limits(),
        ...ending(threadId, turnId, 1),
      ]);
      await expectTurn(thread, 'two', 3, 2);
    },
  );
});

describe('a provider that is out of order', () => {
  it.each([500, 502, 503, 504])(
    'with status %d for a moment is asked again without a word',
    async (status) => {
      const thread = await openRaw({ requestRetries: 1 });
      const { daemon, threadId } = thread;
      const before = daemon.messages.length;
      const turnId = await startTurn(thread, 'one');
      (await thread.asked(0)).writeHead(status).end('busy');
      answerWhole(await thread.asked(1));
      await endOf(daemon, turnId);
      expect(daemon.messages.slice(before + 1)).toEqual([
        ...opening(threadId, turnId, 'one'),
        script(threadId, turnId).limits(),
        ...ending(threadId, turnId, 1),
      ]);
      await expectTurn(thread, 'two', 2, 2);
    },
  );

  it('for longer than all retries last ends its turn, and the next one works', async () => {
    const thread = await openRaw({ requestRetries: 1, streamRetries: 1 });
    const { daemon, server, threadId } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    for (const index of [0, 1, 2, 3]) (await thread.asked(index)).writeHead(500).end('busy');
    await endOf(daemon, turnId);
    const message = `unexpected status 500 Internal Server Error: busy, url: ${server.url}/v1/responses`;
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      script(threadId, turnId).error(reconnecting(message, 500), true),
      ...failing(threadId, turnId, message, 'internalServerError'),
    ]);
    await expectTurn(thread, 'two', 4, 1);
    expect(daemon.notifications('turn/completed')).toHaveLength(2);
  });
});

describe('a WebSocket', () => {
  const provider = 'supports_websockets = true';

  /** A thread whose connection is prepared, which took the first frame. */
  async function openPrepared(streamRetries = 1): Promise<OpenThread> {
    const thread = await openThread({ provider, streamRetries });
    (await thread.upstream.frame()).send(completed('warm'));
    return thread;
  }

  /** Holds a turn that is answered by the n-th frame, and compares all that is told of it. */
  async function expectFrame(
    thread: OpenThread,
    words: string,
    { answers, index }: { readonly answers: number; readonly index: number },
  ): Promise<UpstreamFrame> {
    const { daemon, threadId, upstream } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, words);
    const frame = await upstream.frame(index);
    frame.send(...WHOLE);
    await endOf(daemon, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, words),
      ...ending(threadId, turnId, answers),
    ]);
    return frame;
  }

  /** Resolves when the daemon has ended its side of a connection that was closed here. */
  function closed({ socket }: UpstreamFrame): Promise<void> {
    return new Promise((resolve) => {
      socket.once('close', () => resolve());
      socket.close(1001);
    });
  }

  it('that is closed between two turns is replaced without a word', async () => {
    const thread = await openPrepared();
    const first = await expectFrame(thread, 'one', { index: 1, answers: 1 });
    expect(first.body['previous_response_id']).toBe('resp-warm');
    await closed(first);
    const second = await expectFrame(thread, 'two', { index: 2, answers: 2 });
    expect(second.body).not.toHaveProperty('previous_response_id');
    expect(layout(second.input).slice(2)).toEqual(['user: one', 'assistant: whole', 'user: two']);
    expect(thread.upstream.handshakes).toHaveLength(2);
    expect(thread.upstream.requests).toEqual([]);
  });

  it('that is closed as soon as the response has completed does not harm the turn', async () => {
    const thread = await openPrepared();
    const { daemon, threadId, upstream } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    const frame = await upstream.frame(1);
    frame.send(...WHOLE);
    frame.socket.close(1011);
    await endOf(daemon, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      ...ending(threadId, turnId, 1),
    ]);
  });

  it.each<[string, (frame: UpstreamFrame) => void, unknown]>([
    [
      'closed',
      ({ socket }) => socket.close(1001),
      `${DISCONNECTED}websocket closed by server before response.completed`,
    ],
    ['cut', ({ socket }) => socket.terminate(), CLOSED],
  ])('that is %s before the response or in its middle is asked for again', async (_what, end, details) => {
    const thread = await openPrepared(2);
    const { daemon, threadId, upstream } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    end(await upstream.frame(1));
    const second = await upstream.frame(2);
    second.begin('m1', ['half']);
    await daemon.waitForNotification('item/agentMessage/delta');
    end(second);
    const third = await upstream.frame(3);
    third.send(...WHOLE);
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      told.error(reconnecting(details, null, 1, 2), true),
      ...half(threadId, turnId),
      told.error(reconnecting(details, null, 2, 2), true),
      ...ending(threadId, turnId, 1),
    ]);
    for (const { body, input } of [second, third]) {
      expect(body).not.toHaveProperty('previous_response_id');
      expect(layout(input).slice(2)).toEqual(['user: one']);
    }
    const next = await expectFrame(thread, 'two', { index: 4, answers: 2 });
    expect(next.body['previous_response_id']).toBe('resp-m2');
    expect(upstream.handshakes).toHaveLength(3);
    expect(daemon.notifications('turn/completed')).toHaveLength(2);
  });

  it('that falls silent is given up, and its turn fails where HTTP fails too', async () => {
    const thread = await openThread({ provider: `${provider}\n${IDLE_TIMEOUT}` });
    const { daemon, threadId, upstream } = thread;
    (await upstream.frame()).send(completed('warm'));
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    (await upstream.frame(1)).begin('m1', ['half']);
    (await upstream.request()).refuse(404, 'gone');
    await endOf(daemon, turnId);
    const told = script(threadId, turnId);
    const silent = `${DISCONNECTED}idle timeout waiting for websocket`;
    const message = `unexpected status 404 Not Found: gone, url: ${upstream.url}/v1/responses`;
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      ...half(threadId, turnId),
      told.warning(`Falling back from WebSockets to HTTPS transport. ${silent}`),
      ...failing(threadId, turnId, message, 'other'),
    ]);

    const after = daemon.messages.length;
    const next = await startTurn(thread, 'two');
    const request = await upstream.request(1);
    request.send(...WHOLE);
    request.end();
    await endOf(daemon, next);
    expect(daemon.messages.slice(after + 1)).toEqual([
      ...opening(threadId, next, 'two'),
      script(threadId, next).limits(),
      ...ending(threadId, next, 1),
    ]);
    expect(upstream.handshakes).toHaveLength(1);
  });

  it.each([
    {
      what: 'an invalid request',
      frame: { type: 'error', status: 400, error: { message: 'no such tool' } },
      message: expect.stringContaining('no such tool'),
      info: 'other',
    },
    {
      what: 'a request against the policy',
      frame: { type: 'error', status: 400, error: { code: 'cyber_policy', message: 'refused' } },
      message: 'refused',
      info: 'cyberPolicy',
    },
    {
      what: 'a failed response',
      frame: { type: 'response.failed', response: { error: { code: 'invalid_prompt', message: 'because' } } },
      message: 'because',
      info: 'other',
    },
  ])('that tells $what ends the turn at once, and the next one begins anew', async (refusal) => {
    const thread = await openPrepared(2);
    const { daemon, threadId, upstream } = thread;
    await expectFrame(thread, 'one', { index: 1, answers: 1 });
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'two');
    const frame = await upstream.frame(2);
    expect(frame.body['previous_response_id']).toBe('resp-m2');
    frame.send(refusal.frame);
    await endOf(daemon, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'two'),
      ...failing(threadId, turnId, refusal.message, refusal.info),
    ]);
    const next = await expectFrame(thread, 'three', { index: 3, answers: 2 });
    expect(next.body).not.toHaveProperty('previous_response_id');
    expect(layout(next.input).slice(2)).toEqual([
      'user: one',
      'assistant: whole',
      'user: two',
      'user: three',
    ]);
    expect(upstream.handshakes).toHaveLength(2);
    expect(upstream.requests).toEqual([]);
  });

  it('that tells a usage limit tells the limits first', async () => {
    const thread = await openPrepared(2);
    const { daemon, threadId, upstream } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    (await upstream.frame(1)).send({
      type: 'error',
      status: 429,
      error: { type: 'usage_limit_reached', plan_type: 'pro' },
      headers: { 'x-codex-primary-used-percent': 100, 'x-codex-primary-window-minutes': '15' },
    });
    await endOf(daemon, turnId);
    const primary = { usedPercent: 100, windowDurationMins: 15, resetsAt: null };
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      script(threadId, turnId).limits(expect.objectContaining({ limitId: 'codex', primary })),
      ...failing(threadId, turnId, expect.stringContaining('usage limit'), 'usageLimitExceeded'),
    ]);
  });

  it('that has lasted too long is replaced, visibly', async () => {
    const thread = await openPrepared();
    const { daemon, threadId, upstream } = thread;
    const before = daemon.messages.length;
    const turnId = await startTurn(thread, 'one');
    (await upstream.frame(1)).send({
      type: 'error',
      status: 400,
      error: { code: 'websocket_connection_limit_reached', message: 'limit reached' },
    });
    (await upstream.frame(2)).send(...WHOLE);
    await endOf(daemon, turnId);
    expect(daemon.messages.slice(before + 1)).toEqual([
      ...opening(threadId, turnId, 'one'),
      script(threadId, turnId).error(reconnecting(`${DISCONNECTED}limit reached`), true),
      ...ending(threadId, turnId, 1),
    ]);
    const agents = upstream.handshakes.map(({ headers }) => headers['user-agent']);
    expect(agents).toEqual([agents[0], agents[0]]);
    expect(agents[0]).toMatch(/^test\/0\.130\.0 /);
  });

  it('that is never taken leaves the turn to HTTP when the tries are used up, for good', async () => {
    const upstream = await ResponsesUpstream.open();
    upstream.refusesSockets = 500;
    const config = upstream.config('', { model: 'gpt-5.5', provider, streamRetries: 2 });
    const daemon = await TestDaemon.open({ config });
    const threadId = await daemon.startThread();
    await upstream.until('a handshake', () => upstream.handshakes[0]);
    const before = daemon.messages.length;
    const turnId = await startTurn({ daemon, threadId }, 'one');
    const request = await upstream.request();
    request.send(...WHOLE);
    request.end();
    await endOf(daemon, turnId);
    const refused = expect.stringMatching(/^unexpected status 500 Internal Server Error/);
    const told = script(threadId, turnId);
    expect(daemon.messages.slice(before).filter(({ method }) => method === 'error')).toEqual([
      told.error(reconnecting(refused, 500, 1, 2), true),
      told.error(reconnecting(refused, 500, 2, 2), true),
    ]);
    expect(daemon.notifications('warning')).toEqual([
      told.warning(
        expect.stringMatching(/^Falling back from WebSockets to HTTPS transport\. unexpected status 500/),
      ),
    ]);
    const next = await startTurn({ daemon, threadId }, 'two');
    (await upstream.request(1)).answer('m3', ['ok'], USAGE);
    expect(await endOf(daemon, next)).toMatchObject({ status: 'completed' });
    expect(upstream.handshakes).toHaveLength(4);
    expect(upstream.requests).toHaveLength(2);
    expect(daemon.notifications('turn/completed')).toHaveLength(2);
  });
});
