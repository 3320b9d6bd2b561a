import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CoreEventName, CoreEvents } from '../../src/core/index.ts';
import { openConnection, RpcError } from '../../src/rpc/index.ts';
import type { RpcConnection } from '../../src/rpc/index.ts';
import { AppServer } from '../../src/server/index.ts';
import { openCore } from './in-process-core.ts';

/** A server in this process, that clients in this process can connect to. */
function openServer(): { server: AppServer; connect: () => Client } {
  const server: AppServer = new AppServer(openCore((event, params) => server.notify(event, params)));
  return { server, connect: () => new Client(server) };
}

class Client {
  readonly heard: { readonly method: string; readonly params: unknown }[] = [];
  readonly #rpc: RpcConnection;
  readonly #served: RpcConnection;

  constructor(server: AppServer) {
    const [toServer, toClient] = [new PassThrough(), new PassThrough()];
    this.#served = openConnection({ input: toServer, output: toClient });
    this.#rpc = openConnection({ input: toClient, output: toServer });
    this.#rpc.onNotification((method, params) => this.heard.push({ method, params }));
    this.#rpc.listen();
    server.accept(this.#served);
    onTestFinished(() => this.close());
  }

  async initialize(name: string, capabilities: object = {}): Promise<unknown> {
    return this.call('initialize', { clientInfo: { name, version: '1' }, capabilities });
  }

  /** Sends a request; what the server sent before its answer has been heard when it resolves. */
  async call(method: string, params?: object): Promise<unknown> {
    return this.#rpc.request(method, params);
  }

  async close(): Promise<void> {
    await Promise.all([this.#served.close(), this.#rpc.close()]);
  }

  get heardMethods(): string[] {
    return this.heard.map(({ method }) => method);
  }
}

async function startThread(client: Client): Promise<string> {
  const { thread } = (await client.call('thread/start', {})) as { thread: { id: string } };
  return thread.id;
}

const audio = { data: 'AAAA', sampleRate: 24_000, numChannels: 1, samplesPerChannel: null, itemId: null };

/** One event of each audience. */
function emitAll(server: AppServer, threadId: string): void {
  const emit = <E extends CoreEventName>(event: E, params: CoreEvents[E]): void =>
    server.notify(event, params);
  emit('threadStatusChanged', { threadId, status: { type: 'idle' } });
  emit('agentMessageDelta', { threadId, turnId: 'u', itemId: 'm', delta: 'x' });
  emit('realtimeOutputAudioDelta', { threadId, audio });
  emit('accountUpdated', { authMode: null, planType: null });
}

describe('two clients of one server', () => {
  it('hear what concerns everyone, and of threads only what they follow', async () => {
    const { connect, server } = openServer();
    const [first, second] = [connect(), connect()];
    await first.initialize('a', { experimentalApi: true });
    await second.initialize('b', { experimentalApi: true });
    const threadId = await startThread(first);
    emitAll(server, threadId);
    await Promise.all([first.call('thread/loaded/list', {}), second.call('thread/loaded/list', {})]);
    expect(first.heardMethods).toEqual([
      'remoteControl/status/changed',
      'thread/started',
      'thread/status/changed',
      'item/agentMessage/delta',
      'thread/realtime/outputAudio/delta',
      'account/updated',
    ]);
    expect(second.heardMethods).toEqual([
      'remoteControl/status/changed',
      'thread/started',
      'thread/status/changed',
      'account/updated',
    ]);
    expect(second.heard[1]).toEqual(first.heard[1]);
  });

  it('hear nothing before they have introduced themselves', async () => {
    const { connect, server } = openServer();
    const [first, second] = [connect(), connect()];
    await first.initialize('a');
    emitAll(server, await startThread(first));
    await expect(second.call('thread/loaded/list', {})).rejects.toEqual(
      new RpcError(-32600, 'Not initialized', { reason: 'notInitialized' }),
    );
    expect(second.heard).toEqual([]);
  });

  it('have their own capabilities and opt-outs', async () => {
    const { connect, server } = openServer();
    const [stable, experimental] = [connect(), connect()];
    await stable.initialize('a', { experimentalApi: false });
    await experimental.initialize('b', {
      experimentalApi: true,
      optOutNotificationMethods: ['thread/started', 'account/updated', 'item/agentMessage/delta'],
    });
    const threadId = await startThread(stable);
    await experimental.call('thread/realtime/stop', { threadId });
    await experimental.call('thread/loaded/list', {});
    emitAll(server, threadId);
    await Promise.all([stable.call('thread/loaded/list', {}), experimental.call('thread/loaded/list', {})]);
    expect(stable.heardMethods).toEqual([
      'remoteControl/status/changed',
      'thread/started',
      'thread/status/changed',
      'item/agentMessage/delta',
      'account/updated',
    ]);
    expect(experimental.heardMethods).toEqual([
      'remoteControl/status/changed',
      'thread/realtime/closed',
      'thread/status/changed',
      'thread/realtime/outputAudio/delta',
    ]);
  });

  it('share the name of the first, and the threads of both', async () => {
    const { connect } = openServer();
    const [first, second] = [connect(), connect()];
    expect(await first.initialize('a')).toMatchObject({
      userAgent: 'a/0.130.0 (os 1; arch) term (a; 1) parley/1.0.0',
    });
    expect(await second.initialize('b')).toMatchObject({
      userAgent: 'a/0.130.0 (os 1; arch) term (b; 1) parley/1.0.0',
    });
    const ids = [await startThread(first), await startThread(second)].sort();
    expect(await first.call('thread/loaded/list', {})).toEqual({ data: ids, nextCursor: null });
  });

  it('leave their threads to the others when they go', async () => {
    const { connect, server } = openServer();
    const [first, second] = [connect(), connect()];
    await Promise.all([first.initialize('a'), second.initialize('b')]);
    const threadId = await startThread(first);
    await first.close();
    emitAll(server, threadId);
    expect(await second.call('thread/loaded/list', {})).toEqual({ data: [threadId], nextCursor: null });
    expect(await second.call('thread/unsubscribe', { threadId })).toEqual({ status: 'notSubscribed' });
  });
});
