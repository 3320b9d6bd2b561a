import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openConnection, RpcError } from '../../src/rpc/index.ts';
import { Asking } from '../../src/server/asking.ts';
import { ClientConnection } from '../../src/server/client-connection.ts';
import { DelayedNotices } from '../../src/server/delayed-notices.ts';
import { dispatch } from '../../src/server/dispatch.ts';
import { Lanes } from '../../src/server/lanes.ts';
import { openCore } from './in-process-core.ts';

/** Dispatches requests of one initialized client; `answer` stands for the writing of a request's answer. */
function openDispatch() {
  const core = openCore(() => {});
  const lanes = new Lanes();
  const rpc = openConnection({ input: new PassThrough(), output: new PassThrough() });
  onTestFinished(() => rpc.close());
  const connection = new ClientConnection(rpc);
  connection.initialize({ experimentalApi: true });
  const asking = new Asking([connection]);
  const notices = new DelayedNotices(core.environment.logger);
  const abort = new AbortController();
  const send = (method: string, params?: object) => {
    const callbacks: (() => void)[] = [];
    const { signal } = abort;
    const afterAnswer = (callback: () => void): void => void callbacks.push(callback);
    const outcome = dispatch(method, params, {
      core,
      lanes,
      asking,
      notices,
      connection,
      signal,
      afterAnswer,
    });
    return { outcome, answer: () => callbacks.forEach((callback) => callback()) };
  };
  return { abort, core, lanes, send };
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise(setImmediate);
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
}

describe('a request', () => {
  it('is started when the one before it in its lane has been answered, however that ended', async () => {
    const { send } = openDispatch();
    const threadId = '01a1fb3d-6f72-79e3-93d9-00bf3dcfbd64';
    const first = send('thread/unsubscribe', { threadId });
    const second = send('turn/start', { threadId, input: [] });
    const third = send('thread/unsubscribe', { threadId });
    const elsewhere = send('account/read', {});
    expect(await first.outcome).toEqual({ status: 'notLoaded' });
    expect(await elsewhere.outcome).toEqual({ account: null, requiresOpenaiAuth: true });
    expect(await isPending(second.outcome)).toBe(true);
    first.answer();
    await expect(second.outcome).rejects.toEqual(
      new RpcError(-32600, `thread not found: ${threadId}`, { reason: 'threadNotFound' }),
    );
    expect(await isPending(third.outcome)).toBe(true);
    second.answer();
    expect(await third.outcome).toEqual({ status: 'notLoaded' });
  });

  it('is refused before it enters a lane where it does not decode', async () => {
    const { lanes, send } = openDispatch();
    void lanes.enter('account');
    await expect(send('account/logout', {}).outcome).rejects.toBeInstanceOf(RpcError);
    expect(lanes.enter('account')).toBeInstanceOf(Promise);
  });

  it('is not started any more when its connection has closed in the meantime', async () => {
    const { abort, core, lanes, send } = openDispatch();
    await core.account.login({ type: 'apiKey', apiKey: 'k' });
    void lanes.enter('account');
    const logout = send('account/logout');
    expect(await isPending(logout.outcome)).toBe(true);
    abort.abort();
    lanes.leave('account');
    await expect(logout.outcome).rejects.toEqual(
      new RpcError(0, 'the connection closed before the request was started'),
    );
    logout.answer();
    expect(core.account.read()).toEqual({ account: { type: 'apiKey' }, requiresOpenaiAuth: true });
    expect(lanes.enter('account')).toBe(null);
  });
});
