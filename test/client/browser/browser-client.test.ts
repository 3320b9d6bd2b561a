import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrowserClient, BrowserClientError, RpcError } from '../../../src/client/browser/index.ts';
import type { BrowserClientOptions } from '../../../src/client/browser/index.ts';
import { FakeDaemon } from './fake-daemon.ts';
import { PageWebSocket } from './page-web-socket.ts';

const OPTIONS: BrowserClientOptions = { clientInfo: { name: 'test', title: null, version: '1' } };

let daemon: FakeDaemon;

beforeEach(async () => {
  vi.stubGlobal('WebSocket', PageWebSocket);
  daemon = await FakeDaemon.listen();
  daemon.reply('initialize', () => ({ result: { userAgent: 'fake/1' } }));
});

afterEach(async () => {
  await daemon.close();
  vi.unstubAllGlobals();
});

describe('the client of a page', () => {
  it('performs the handshake, one message in each frame', async () => {
    const client = await BrowserClient.connect(daemon.url, {
      ...OPTIONS,
      capabilities: { experimentalApi: true },
    });
    expect(client.initializeResponse).toEqual({ userAgent: 'fake/1' });
    const messages = [await daemon.next('initialize'), await daemon.next('initialized')];
    expect(messages).toEqual([
      {
        id: 1,
        method: 'initialize',
        params: {
          clientInfo: { name: 'test', title: null, version: '1' },
          capabilities: { experimentalApi: true },
        },
      },
      { method: 'initialized' },
    ]);
    expect(daemon.subprotocols).toEqual([]);
  });

  it('names its token as a subprotocol', async () => {
    await BrowserClient.connect(daemon.url, { ...OPTIONS, token: 'abc' });
    expect(daemon.subprotocols).toEqual(['parley', 'parley.bearer.abc']);
  });

  it('gives results and error answers', async () => {
    daemon.reply('thread/read', () => ({
      error: { code: -32600, message: 'no such thread', data: { a: 1 } },
    }));
    daemon.reply('model/list', () => ({ result: { data: [], nextCursor: null } }));
    const client = await BrowserClient.connect(daemon.url, OPTIONS);
    await expect(client.request('model/list', {})).resolves.toEqual({ data: [], nextCursor: null });
    const failure: unknown = await client
      .request('thread/read', { threadId: 't' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(RpcError);
    expect(failure).toMatchObject({ code: -32600, message: 'no such thread', data: { a: 1 } });
    await client.request('account/logout', null);
    expect(await daemon.next('account/logout')).toEqual({ id: 4, method: 'account/logout' });
  });

  it('tells listeners of notifications until they have heard enough', async () => {
    const heard: unknown[] = [];
    const client = await BrowserClient.connect(daemon.url, {
      ...OPTIONS,
      onNotification: (method) => heard.push(method),
    });
    const stop = client.onNotification('thread/closed', ({ threadId }) => heard.push(threadId));
    client.onAnyNotification((method, params) => heard.push([method, params]));
    daemon.notify('thread/closed', { threadId: 'a' });
    await client.request('model/list', {});
    stop();
    daemon.notify('thread/closed', { threadId: 'b' });
    daemon.notify('not/known', {});
    await client.request('model/list', {});
    expect(heard).toEqual([
      'thread/closed',
      'a',
      ['thread/closed', { threadId: 'a' }],
      'thread/closed',
      ['thread/closed', { threadId: 'b' }],
      'not/known',
      ['not/known', {}],
    ]);
  });

  it('answers requests of the daemon', async () => {
    const client = await BrowserClient.connect(daemon.url, OPTIONS);
    client.onRequestUntyped('ask', (params) => ({ got: params }));
    client.onRequestUntyped('refuse', () => Promise.reject(new RpcError(7, 'no', { why: 'so' })));
    client.onRequestUntyped('fail', () => {
      throw new Error('broken');
    });
    const stop = client.onRequestUntyped('gone', () => ({}));
    stop();
    const answers: unknown[] = [];
    for (const [id, method] of ['ask', 'refuse', 'fail', 'gone'].entries()) {
      daemon.socket.send(JSON.stringify({ id, method, params: { x: 1 } }));
      answers.push(await daemon.next('answer'));
    }
    expect(answers).toEqual([
      { id: 0, result: { got: { x: 1 } } },
      { id: 1, error: { code: 7, message: 'no', data: { why: 'so' } } },
      { id: 2, error: { code: -32603, message: 'broken' } },
      { id: 3, error: { code: -32601, message: 'this client does not answer `gone`' } },
    ]);
  });

  it('lets a question go that is over, and does not answer it', async () => {
    const client = await BrowserClient.connect(daemon.url, OPTIONS);
    const reasons: unknown[] = [];
    client.onRequest('item/tool/requestUserInput', async ({ questions, threadId }, signal) => {
      if (questions.length === 0) return { answers: {} };
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      reasons.push([threadId, reasonOf(signal.reason)]);
      return { answers: { late: { answers: ['never sent'] } } };
    });
    const ask = (id: number, questions: object[]): void => {
      const params = { threadId: 'T', turnId: 'U', itemId: 'c', questions };
      daemon.socket.send(JSON.stringify({ id, method: 'item/tool/requestUserInput', params }));
    };
    ask(0, [{ id: 'q1' }]);
    daemon.notify('serverRequest/resolved', { threadId: 'T', requestId: 7 });
    daemon.notify('serverRequest/resolved', { threadId: 'T', requestId: 0 });
    ask(1, []);
    expect(await daemon.next('answer')).toEqual({ id: 1, result: { answers: {} } });
    expect(reasons).toEqual([['T', 'aborted']]);
    ask(2, [{ id: 'q1' }]);
    await client.request('model/list', {});
    await client.close();
    expect(reasons).toEqual([
      ['T', 'aborted'],
      ['T', 'closed'],
    ]);
    expect(daemon.messages.filter(({ method }) => method === undefined)).toEqual([]);
  });

  it('ends every wait: by time, by a signal, and with the connection', async () => {
    daemon.reply('model/list', () => null);
    const client = await BrowserClient.connect(daemon.url, OPTIONS);
    const aborter = new AbortController();
    const waits = [
      client.request('model/list', {}, { timeoutMs: 1 }),
      client.request('model/list', {}, { signal: AbortSignal.abort() }),
      client.request('model/list', {}, { signal: aborter.signal }),
      client.request('model/list', {}),
    ].map((wait) => wait.catch(reasonOf));
    aborter.abort();
    expect(await Promise.all(waits.slice(0, 3))).toEqual(['timeout', 'aborted', 'aborted']);
    daemon.socket.close(1008, 'too slow');
    expect(await waits[3]).toBe('closed');
    expect(await client.closed).toEqual({ reason: 'the daemon closed the connection (code 1008: too slow)' });
    expect(await client.request('model/list', {}).catch(reasonOf)).toBe('closed');
  });

  it('refuses more requests than can sensibly wait', async () => {
    daemon.reply('model/list', () => null);
    const client = await BrowserClient.connect(daemon.url, OPTIONS);
    const waits = Array.from({ length: 1_024 }, () => client.request('model/list', {}).catch(reasonOf));
    expect(await client.request('model/list', {}).catch(reasonOf)).toBe('overrun');
    await client.close();
    expect(new Set(await Promise.all(waits))).toEqual(new Set(['closed']));
    expect(await client.closed).toEqual({ reason: 'this client closed the connection' });
  });

  it.each([
    ['a binary frame', Buffer.from('{}'), 'the daemon sent a binary frame'],
    ['what is not JSON', '{', 'the daemon sent a message that is not JSON'],
  ])('closes at %s', async (_what, frame, reason) => {
    const client = await BrowserClient.connect(daemon.url, OPTIONS);
    daemon.socket.send(frame);
    expect(await client.closed).toEqual({ reason });
  });

  it('takes no harm from answers that nobody waits for', async () => {
    const client = await BrowserClient.connect(daemon.url, OPTIONS);
    for (const frame of ['null', '[]', '{}', '{"id":99,"result":1}', '{"id":"x","error":{}}']) {
      daemon.socket.send(frame);
    }
    await expect(client.request('model/list', {})).resolves.toEqual({});
  });

  it('says that nobody is there', async () => {
    const gone = await FakeDaemon.listen();
    const { url } = gone;
    await gone.close();
    expect(await BrowserClient.connect(url, OPTIONS).catch(reasonOf)).toBe('refused');
  });

  it('closes the connection when the handshake fails', async () => {
    daemon.reply('initialize', () => ({ error: { code: -32600, message: 'not you' } }));
    const failure: unknown = await BrowserClient.connect(daemon.url, OPTIONS).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: 'RpcError', message: 'not you' });
    await new Promise((resolve) => daemon.socket.once('close', resolve));
  });

  it('gives up on a daemon that says nothing', async () => {
    daemon.reply('initialize', () => null);
    const silent = BrowserClient.connect(daemon.url, { ...OPTIONS, connectTimeoutMs: 20 });
    expect(await silent.catch(reasonOf)).toBe('timeout');
    const aborted = BrowserClient.connect(daemon.url, { ...OPTIONS, signal: AbortSignal.abort() });
    expect(await aborted.catch(reasonOf)).toBe('aborted');
  });
});

function reasonOf(error: unknown): unknown {
  return error instanceof BrowserClientError ? error.reason : error;
}
