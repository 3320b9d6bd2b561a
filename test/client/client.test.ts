import { describe, expect, it } from 'vitest';
import * as client from '../../src/client/index.ts';
import { ClientError, RpcError, connect } from '../../src/client/index.ts';
import { INITIALIZE_RESPONSE, connectScripted, scriptedOptions } from './scripted-daemon.ts';

/** The error a promise rejects with. */
async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome) || !(outcome.error instanceof ClientError)) {
    throw new Error(`expected a ClientError, got ${JSON.stringify(outcome)}`);
  }
  return outcome.error;
}

it('offers this and no more', () => {
  expect(Object.keys(client).toSorted()).toEqual([
    'Client',
    'ClientError',
    'RealtimeCall',
    'RealtimeCallError',
    'RpcError',
    'connect',
    'startRealtimeCall',
  ]);
});

describe('connecting', () => {
  it('performs the handshake', async () => {
    const client = await connectScripted({}, { capabilities: { experimentalApi: true } });
    expect(client.initializeResponse).toEqual(INITIALIZE_RESPONSE);
    expect(await client.requestUntyped('test/seen', null)).toEqual([
      {
        method: 'initialize',
        params: {
          clientInfo: { name: 'test', title: null, version: '1.0.0' },
          capabilities: { experimentalApi: true },
        },
      },
      { method: 'initialized' },
    ]);
  });

  it('hears notifications that come before the handshake is over', async () => {
    const heard: unknown[] = [];
    const early = [
      { notify: 'configWarning', params: { summary: 'early' } },
      { result: INITIALIZE_RESPONSE },
      { notify: 'something/new', params: { n: 1 } },
    ];
    const client = await connectScripted(
      { on: { initialize: early } },
      { onNotification: (method, params) => heard.push({ method, params }) },
    );
    await client.requestUntyped('test/seen', null);
    expect(heard).toEqual([
      { method: 'configWarning', params: { summary: 'early' } },
      { method: 'something/new', params: { n: 1 } },
    ]);
  });

  it('says so when the program does not exist', async () => {
    const failure = await failureOf(connect({ ...scriptedOptions(), command: '/no/such/program' }));
    expect(failure.reason).toBe('spawnFailed');
    expect(failure.message).toBe('the daemon could not be started: spawn /no/such/program ENOENT');
  });

  it('says so when the directory does not exist', async () => {
    const failure = await failureOf(connect({ ...scriptedOptions(), cwd: '/no/such/directory' }));
    expect(failure.reason).toBe('spawnFailed');
  });

  it('carries the exit code and the last words of a daemon that ends early', async () => {
    const start = [{ stderr: 'first line\nsecond line\r\nno end' }, { exit: 3 }];
    const failure = await failureOf(connect(scriptedOptions({ start })));
    expect(failure.reason).toBe('exited');
    expect(failure.exit).toEqual({ code: 3, signal: null });
    expect(failure.stderrLines).toEqual(['first line', 'second line', 'no end']);
    expect(failure.message).toBe(
      'the daemon exited with code 3 before it answered `initialize`; it last said:\nfirst line\nsecond line\nno end',
    );
  });

  it('names the signal that ended the daemon', async () => {
    const failure = await failureOf(connect(scriptedOptions({ on: { initialize: [{ kill: 'SIGKILL' }] } })));
    expect(failure.exit).toEqual({ code: null, signal: 'SIGKILL' });
    expect(failure.message).toBe('the daemon was ended by SIGKILL before it answered `initialize`');
  });

  it('gives up on a daemon that does not answer', async () => {
    const start = [{ stderr: 'thinking\n' }, { deaf: true }];
    const script = { on: { initialize: [] }, start };
    const failure = await failureOf(connect({ ...scriptedOptions(script), startTimeoutMs: 500 }));
    expect(failure.reason).toBe('timeout');
  });

  it('gives up when it is told to', async () => {
    const abort = new AbortController();
    const connecting = connect({
      ...scriptedOptions({ on: { initialize: [{ stderr: 'asked\n' }] } }),
      signal: abort.signal,
      onStderr: () => abort.abort(),
    });
    expect((await failureOf(connecting)).reason).toBe('aborted');
    const late = connect({ ...scriptedOptions(), signal: abort.signal });
    expect((await failureOf(late)).reason).toBe('aborted');
  });

  it('passes on why the daemon refuses', async () => {
    const error = { code: -32600, message: 'no such client', data: { reason: 'test' } };
    const refused = connect(scriptedOptions({ on: { initialize: [{ error }] } }));
    await expect(refused).rejects.toEqual(new RpcError(-32600, 'no such client', { reason: 'test' }));
  });
});

describe('requests', () => {
  it('gives answers and errors', async () => {
    const client = await connectScripted({
      on: {
        'thread/loaded/list': [{ result: { data: ['t1'], nextCursor: null } }],
        'account/logout': [{ error: { code: -32603, message: 'no', data: 1 } }],
      },
    });
    expect(await client.request('thread/loaded/list', {})).toEqual({ data: ['t1'], nextCursor: null });
    await expect(client.request('account/logout', null)).rejects.toEqual(new RpcError(-32603, 'no', 1));
  });

  it('rejects every open request when the daemon ends', async () => {
    const client = await connectScripted({
      on: { 'account/read': [], 'account/logout': [{ stderr: 'it broke\n' }, { exit: 7 }] },
    });
    const failures = await Promise.all([
      failureOf(client.request('account/read', {})),
      failureOf(client.request('account/logout', null)),
    ]);
    expect(failures.map(({ reason, exit, message }) => ({ reason, exit, message }))).toEqual(
      ['account/read', 'account/logout'].map((method) => ({
        reason: 'exited',
        exit: { code: 7, signal: null },
        message: `the daemon exited with code 7 before it answered \`${method}\`; it last said:\nit broke`,
      })),
    );
    expect(await client.closed).toEqual({ code: 7, signal: null });
    expect((await failureOf(client.request('account/read', {}))).reason).toBe('exited');
  });

  it('ends a daemon that has closed its output but stays', async () => {
    const client = await connectScripted({ on: { 'account/read': [{ closeOutput: true }] } });
    const failure = await failureOf(client.request('account/read', {}));
    expect(failure.reason).toBe('exited');
    expect(await client.closed).toEqual({ code: 0, signal: null });
  });

  it('does not wait longer than it was told', async () => {
    const client = await connectScripted({ on: { 'account/read': [] } }, { requestTimeoutMs: 50 });
    expect((await failureOf(client.request('account/read', {}))).reason).toBe('timeout');
    const abort = new AbortController();
    const aborted = failureOf(
      client.request('account/read', {}, { signal: abort.signal, timeoutMs: 60_000 }),
    );
    abort.abort();
    expect((await aborted).reason).toBe('aborted');
    expect(await client.request('account/logout', null)).toEqual({});
  });

  it('survives output that is not JSON', async () => {
    const garbage = [{ stdout: 'not json\n[1]\n42\n\n{"id":99,"result":1}\n' }, { result: { fine: true } }];
    const client = await connectScripted({ on: { 'account/read': garbage } });
    expect(await client.request('account/read', {})).toEqual({ fine: true });
  });
});

describe('notifications', () => {
  it('reach the listeners of their name until they leave', async () => {
    const twice = [
      { notify: 'thread/closed', params: { threadId: 'a' } },
      { notify: 'warning', params: { message: 'w' } },
      { result: {} },
    ];
    const client = await connectScripted({ on: { 'account/logout': twice } });
    const heard: unknown[] = [];
    const leave = client.on('thread/closed', (params) => heard.push(['one', params]));
    client.on('thread/closed', (params) => heard.push(['two', params]));
    client.onAny((method) => heard.push(['any', method]));
    await client.request('account/logout', null);
    leave();
    await client.request('account/logout', null);
    expect(heard).toEqual([
      ['one', { threadId: 'a' }],
      ['two', { threadId: 'a' }],
      ['any', 'thread/closed'],
      ['any', 'warning'],
      ['two', { threadId: 'a' }],
      ['any', 'thread/closed'],
      ['any', 'warning'],
    ]);
  });
});

describe('requests of the daemon', () => {
  const asks = {
    on: { 'account/logout': [{ request: 'item/tool/call', id: 'r1', params: { n: 1 } }, { result: {} }] },
  };

  it('are refused when nobody answers them', async () => {
    const client = await connectScripted(asks);
    const answer = new Promise((resolve) => client.onAny((_method, params) => resolve(params)));
    await client.request('account/logout', null);
    expect(await answer).toEqual({
      id: 'r1',
      error: { code: -32601, message: 'this client does not answer `item/tool/call`' },
    });
  });

  it('are answered by the handler', async () => {
    const client = await connectScripted(asks);
    client.onRequest(async (method, params) => ({ method, params }));
    const answer = new Promise((resolve) => client.onAny((_method, params) => resolve(params)));
    await client.request('account/logout', null);
    expect(await answer).toEqual({ id: 'r1', result: { method: 'item/tool/call', params: { n: 1 } } });
  });
});

describe('closing', () => {
  it('lets the daemon end by itself, once', async () => {
    const client = await connectScripted();
    const closing = client.close();
    expect(client.close()).toBe(closing);
    expect(await closing).toEqual({ code: 0, signal: null });
    expect(await client.closed).toEqual({ code: 0, signal: null });
    const failure = await failureOf(client.request('account/read', {}));
    expect(failure.reason).toBe('closed');
  });

  it('rejects what is still open', async () => {
    const client = await connectScripted({ on: { 'account/read': [] } });
    const open = failureOf(client.request('account/read', {}));
    await client.close();
    expect((await open).message).toBe('`account/read`: this client was closed before the answer came');
  });

  it('kills a daemon that will not go', async () => {
    const client = await connectScripted({ start: [{ deaf: true }] }, { exitGraceMs: 100 });
    expect(await client.close()).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
