import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { RpcConnectionError, RpcError } from '../../src/rpc/index.ts';
import { deferred } from '../../src/util/deferred.ts';
import { openPair, openRawPeer } from './raw-peer.ts';

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error,
  );
}

describe('requests and answers', () => {
  it('go both ways at once', async () => {
    const { left, right } = openPair();
    left.onRequest(async (method, params) => ({ from: 'left', method, params }));
    right.onRequest(async (method, params) => ({
      from: 'right',
      method,
      params,
      back: await right.request('b'),
    }));
    left.listen();
    right.listen();
    expect(await left.request('a', { x: 1 })).toEqual({
      from: 'right',
      method: 'a',
      params: { x: 1 },
      back: { from: 'left', method: 'b' },
    });
  });

  it('carry errors with code, message and data', async () => {
    const { left, right } = openPair();
    right.onRequest(async (method) => {
      throw method === 'a' ? new RpcError(-32001, 'no', { reason: 'x' }) : new RpcError(5, 'never');
    });
    left.listen();
    right.listen();
    expect(await rejection(left.request('a'))).toEqual(new RpcError(-32001, 'no', { reason: 'x' }));
    const bare = await rejection(left.request('b'));
    expect(bare).toEqual(new RpcError(5, 'never'));
    expect(bare).toMatchObject({ code: 5, data: undefined });
  });

  it.each([
    ['no JSON', (id: number) => `{"id":${id},"result":{no}}`, 'Parse error: the message is not valid JSON'],
    [
      'too long',
      (id: number) => `{"jsonrpc":"2.0","id":${id},"result":"${'x'.repeat(64 * 1024 * 1024)}"}`,
      /^Message of \d+ bytes is longer than the limit of 67108864 bytes$/,
    ],
  ])('end with an error where the answer is %s', async (_case, answerTo, message) => {
    const peer = openRawPeer();
    const answered = rejection(peer.connection.request('m'));
    await peer.lines(1);
    // A request under the same number is not the answer.
    peer.write('{"id":0,"method":"n","params":{no}}\n');
    await peer.lines(1);
    peer.write(`${answerTo(0)}\n`);
    const error = await answered;
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({ code: -32_600, message: expect.stringMatching(message) as string });
  });

  it('turn what a handler throws by mistake into an internal error, and log it', async () => {
    const peer = openRawPeer();
    peer.connection.onRequest(async () => {
      throw new TypeError('x is not y');
    });
    peer.write('{"id":1,"method":"m"}\n');
    expect(await peer.lines(1)).toEqual([
      '{"error":{"code":-32603,"message":"internal error: x is not y","data":{"reason":"internal"}},"id":1}',
    ]);
    expect(peer.log).toEqual([{ message: 'request handler failed', method: 'm', error: 'x is not y' }]);
  });

  it('are written on one line each, without a jsonrpc member and without params where there are none', async () => {
    const peer = openRawPeer();
    peer.connection.onRequest(async () => ({ text: 'a\nü' }));
    peer.write('{"id":"q","method":"m"}\n');
    const [answer] = await peer.lines(1);
    peer.connection.notify('n');
    peer.connection.notify('n', { a: 1 });
    const first = peer.connection.request('r');
    const second = peer.connection.request('r', { b: [] });
    expect([answer, ...(await peer.lines(4))]).toEqual([
      '{"id":"q","result":{"text":"a\\nü"}}',
      '{"method":"n"}',
      '{"method":"n","params":{"a":1}}',
      '{"method":"r","id":0}',
      '{"method":"r","id":1,"params":{"b":[]}}',
    ]);
    peer.write('{"id":1,"result":"second"}\n{"jsonrpc":"2.0","id":0,"result":null}\n');
    expect(await Promise.all([first, second])).toEqual([null, 'second']);
  });

  it('answer null where a handler gives nothing', async () => {
    const peer = openRawPeer();
    peer.connection.onRequest(async () => undefined);
    peer.write('{"id":1,"method":"m"}\n');
    expect(await peer.lines(1)).toEqual(['{"id":1,"result":null}']);
  });

  it('give a handler the params as they came', async () => {
    const peer = openRawPeer();
    peer.connection.onRequest(async (_method, params) => ({
      params: params === undefined ? 'none' : params,
    }));
    const values = ['{"a":1}', '[1,2]', '[]', 'null', '5', '"x"', 'false'];
    for (const value of values) peer.write(`{"id":1,"method":"m","params":${value}}\n`);
    peer.write('{"id":1,"method":"m"}\n');
    expect(await peer.lines(values.length + 1)).toEqual(
      [...values, '"none"'].map((value) => `{"id":1,"result":{"params":${value}}}`),
    );
  });
});

describe('ids', () => {
  it('that are repeated or look alike are all answered, each under its own', async () => {
    const peer = openRawPeer();
    const gate = deferred();
    peer.connection.onRequest(async (method) => {
      await gate.promise;
      return method;
    });
    peer.write('{"id":7,"method":"a"}\n{"id":"7","method":"b"}\n{"id":7,"method":"c"}\n');
    peer.write('{"id":9007199254740993,"method":"d"}\n{"id":9007199254740992,"method":"e"}\n');
    gate.resolve();
    expect(await peer.lines(5)).toEqual([
      '{"id":7,"result":"a"}',
      '{"id":"7","result":"b"}',
      '{"id":7,"result":"c"}',
      '{"id":9007199254740993,"result":"d"}',
      '{"id":9007199254740992,"result":"e"}',
    ]);
  });

  it('of answers that nobody waits for are ignored, however many come', async () => {
    const peer = openRawPeer();
    peer.connection.onRequest(async (method) => method);
    const pending = peer.connection.request('r');
    expect(await peer.lines(1)).toEqual(['{"method":"r","id":0}']);
    peer.write('{"id":1,"result":1}\n{"id":"0","result":2}\n{"id":null,"error":{}}\n{"id":{},"result":3}\n');
    peer.write('{"id":1,"result":1}\n'.repeat(1_000));
    peer.write('{"id":0,"result":"first"}\n'.repeat(1_000));
    peer.write('{"id":1,"method":"m"}\n');
    expect(await pending).toBe('first');
    expect(await peer.lines(1)).toEqual(['{"id":1,"result":"m"}']);
    peer.input.end();
    await peer.connection.inputEnded;
    expect(peer.log).toEqual([]);
  });

  it('of an error answer without the members of one still reject the request', async () => {
    const peer = openRawPeer();
    const requests = [1, 2, 3].map(() => rejection(peer.connection.request('r')));
    await peer.lines(3);
    peer.write('{"id":0,"error":null}\n{"id":1,"error":{"code":"x","message":5,"data":null}}\n');
    peer.write('{"id":2,"error":{"code":-5,"message":"m","data":{"a":1}}}\n');
    expect(await Promise.all(requests)).toEqual([
      new RpcError(0, 'the peer gave no error message'),
      new RpcError(0, 'the peer gave no error message', null),
      new RpcError(-5, 'm', { a: 1 }),
    ]);
  });
});

describe('what follows an answer', () => {
  it('is written after it, and before the answer to the next request', async () => {
    const peer = openRawPeer();
    peer.connection.onRequest(async (method, _params, _signal, afterAnswer) => {
      afterAnswer(() => peer.connection.notify(`after ${method}`));
      peer.connection.notify(`before ${method}`);
      return method;
    });
    peer.write('{"id":1,"method":"a"}\n{"id":2,"method":"b"}\n');
    expect(await peer.lines(6)).toEqual([
      '{"method":"before a"}',
      '{"id":1,"result":"a"}',
      '{"method":"after a"}',
      '{"method":"before b"}',
      '{"id":2,"result":"b"}',
      '{"method":"after b"}',
    ]);
  });

  it('belongs to the request it was asked for, when a later one is answered first', async () => {
    const peer = openRawPeer();
    const gate = deferred();
    peer.connection.onRequest(async (method, _params, _signal, afterAnswer) => {
      if (method === 'slow') await gate.promise;
      afterAnswer(() => {
        peer.connection.notify(`after ${method}`);
        gate.resolve();
      });
      return method;
    });
    peer.write('{"id":1,"method":"slow"}\n{"id":2,"method":"quick"}\n');
    expect(await peer.lines(4)).toEqual([
      '{"id":2,"result":"quick"}',
      '{"method":"after quick"}',
      '{"id":1,"result":"slow"}',
      '{"method":"after slow"}',
    ]);
  });

  it('also follows an error', async () => {
    const peer = openRawPeer();
    peer.connection.onRequest(async (_method, _params, _signal, afterAnswer) => {
      afterAnswer(() => peer.connection.notify('after'));
      throw new RpcError(5, 'no');
    });
    peer.write('{"id":1,"method":"m"}\n');
    expect(await peer.lines(2)).toEqual(['{"error":{"code":5,"message":"no"},"id":1}', '{"method":"after"}']);
  });
});

describe('messages that are refused', () => {
  it('are answered under their id, and do not disturb their neighbours', async () => {
    const peer = openRawPeer();
    peer.connection.onRequest(async (method) => method);
    peer.write(
      '{"id":1,"method":"a"}\nnonsense\n{"id":2,}\n[]\n{"id":true,"method":"x"}\n{"id":3,"method":"b"}\n',
    );
    const answers = (await peer.lines(6)).map((line) => JSON.parse(line) as object);
    expect(answers).toHaveLength(6);
    expect(answers).toEqual(
      expect.arrayContaining([
        { id: 1, result: 'a' },
        { id: 3, result: 'b' },
        {
          error: {
            code: -32700,
            message: 'Parse error: the message is not valid JSON',
            data: { reason: 'parseError' },
          },
          id: null,
        },
        {
          error: {
            code: -32700,
            message: 'Parse error: the message is not valid JSON',
            data: { reason: 'parseError' },
          },
          id: 2,
        },
        {
          error: {
            code: -32600,
            message: 'Invalid request: batches are not supported; send one message at a time',
            data: { reason: 'invalidRequest' },
          },
          id: null,
        },
        {
          error: {
            code: -32600,
            message: 'Invalid request: `id` must be a string or a 64-bit integer',
            data: { reason: 'invalidRequest' },
          },
          id: true,
        },
      ]),
    );
    expect(peer.log).toEqual([
      { message: 'refused a message', reason: 'parseError' },
      { message: 'refused a message', reason: 'parseError' },
      { message: 'refused a message', reason: 'invalidRequest' },
      { message: 'refused a message', reason: 'invalidRequest' },
    ]);
  });
});

describe('notifications', () => {
  it('reach their handler in order, with their params', async () => {
    const peer = openRawPeer();
    const heard: unknown[] = [];
    peer.connection.onNotification((method, params) => heard.push([method, params]));
    peer.connection.onRequest(async () => null);
    peer.write(
      '{"method":"a"}\n{"method":"b","params":[1]}\n{"method":"$/cancelRequest","params":{"id":1}}\n',
    );
    peer.write('{"method":"$/setTrace"}\n{"method":"c","params":{"x":1}}\n{"id":1,"method":"m"}\n');
    await peer.lines(1);
    expect(heard).toEqual([
      ['a', undefined],
      ['b', [1]],
      ['c', { x: 1 }],
    ]);
  });

  it('that nobody handles, or whose handler fails, change nothing', async () => {
    const silent = openRawPeer();
    silent.connection.onRequest(async (method) => method);
    silent.write('{"method":"a"}\n{"id":1,"method":"m"}\n');
    expect(await silent.lines(1)).toEqual(['{"id":1,"result":"m"}']);
    const failing = openRawPeer();
    failing.connection.onRequest(async (method) => method);
    failing.connection.onNotification(() => {
      throw new Error('no');
    });
    failing.write('{"method":"a"}\n{"id":1,"method":"m"}\n');
    expect(await failing.lines(1)).toEqual(['{"id":1,"result":"m"}']);
    expect(failing.log).toHaveLength(1);
  });

  it('are dropped once the connection is closed', async () => {
    const peer = openRawPeer();
    await peer.connection.close();
    peer.connection.notify('n', { a: 1 });
    expect(await peer.lines(1)).toEqual(['']);
    expect(peer.log).toEqual([]);
  });
});

describe('waiting for an answer', () => {
  it('ends with the timeout, and the late answer is dropped', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const peer = openRawPeer();
      const late = rejection(peer.connection.request('slow', {}, { timeoutMs: 1_000 }));
      const patient = peer.connection.request('patient', {}, { timeoutMs: 1_001 });
      await peer.lines(2);
      vi.advanceTimersByTime(1_000);
      expect(await late).toEqual(new RpcConnectionError('timeout', '`slow` was not answered in 1000 ms'));
      expect(await late).toMatchObject({ reason: 'timeout' });
      peer.write('{"id":0,"result":"late"}\n{"id":1,"result":"in time"}\n');
      expect(await patient).toBe('in time');
      await new Promise(setImmediate);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('ends with its signal, also with one that has been aborted before', async () => {
    const peer = openRawPeer();
    const abort = new AbortController();
    const waiting = rejection(peer.connection.request('r', {}, { signal: abort.signal }));
    await peer.lines(1);
    abort.abort();
    const aborted = new RpcConnectionError('aborted', 'the wait for `r` was aborted');
    expect(await waiting).toEqual(aborted);
    expect(await rejection(peer.connection.request('r', {}, { signal: abort.signal }))).toEqual(aborted);
  });

  it.each(['this side closes', 'the peer goes away'])('ends when %s', async (how) => {
    const peer = openRawPeer();
    const waiting = rejection(peer.connection.request('r'));
    await peer.lines(1);
    if (how === 'this side closes') await peer.connection.close();
    else peer.output.destroy();
    const closed = new RpcConnectionError('closed', 'the connection closed before `r` was answered');
    expect(await waiting).toEqual(closed);
    expect(await waiting).toMatchObject({ reason: 'closed' });
    await peer.connection.closed;
    expect(await rejection(peer.connection.request('r'))).toEqual(closed);
  });
});

describe('the end of a connection', () => {
  it('is told to the handlers that are at work', async () => {
    const peer = openRawPeer();
    const started = deferred<AbortSignal>();
    peer.connection.onRequest(async (_method, _params, signal) => {
      started.resolve(signal);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return null;
    });
    peer.write('{"id":1,"method":"m"}\n');
    const signal = await started.promise;
    expect(signal.aborted).toBe(false);
    await peer.connection.close();
    expect(signal.aborted).toBe(true);
  });

  it('comes after the end of the input only when everything in it has been dispatched', async () => {
    const peer = openRawPeer({ isListening: false });
    const dispatched: string[] = [];
    peer.connection.onRequest(async (method) => dispatched.push(method));
    for (let count = 1; count <= 1_000; count += 1) peer.write(`{"id":${count},"method":"m${count}"}\n`);
    peer.input.end('{"id":0,"method":"last"}');
    peer.connection.listen();
    await peer.connection.inputEnded;
    expect(dispatched).toHaveLength(1_001);
    expect(dispatched.at(-1)).toBe('last');
  });

  it('can wait until the last answer has been sent', async () => {
    const [answer, written] = [deferred(), deferred()];
    let take = (): void => {};
    const output = new Writable({
      write: (_chunk, _encoding, done) => {
        take = done;
        written.resolve();
      },
    });
    const peer = openRawPeer({ output });
    peer.connection.onRequest(async () => answer.promise);
    peer.input.end('{"id":1,"method":"m"}\n');
    await peer.connection.inputEnded;
    const events: string[] = [];
    const drained = peer.connection.drained().then(() => events.push('drained'));
    await new Promise(setImmediate);
    events.push('answered');
    answer.resolve();
    await written.promise;
    await new Promise(setImmediate);
    events.push('sent');
    take();
    await drained;
    expect(events).toEqual(['answered', 'sent', 'drained']);
  });

  it('ends the output, once', async () => {
    const peer = openRawPeer();
    peer.connection.notify('n');
    await Promise.all([peer.lines(1), peer.connection.close(), peer.connection.close()]);
    await peer.connection.close();
    expect(peer.output.writableEnded).toBe(true);
  });

  it.each([
    ['lines', '{"id":1,"method":"m"}\n'],
    ['headers', 'Content-Length: 21\r\n\r\n{"id":1,"method":"m"}'],
  ] as const)('leaves nothing to wait for after a failure of the input, with %s', async (_framing, text) => {
    const peer = openRawPeer();
    peer.connection.onRequest(async () => null);
    peer.write(text);
    await peer.lines(1);
    peer.input.destroy(new Error('read failed'));
    await peer.connection.inputEnded;
    await peer.connection.drained();
    expect(peer.log).toEqual([{ message: 'connection error', error: 'read failed' }]);
  });
});
