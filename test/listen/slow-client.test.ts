import { describe, expect, it } from 'vitest';
import type { CoreEventName, CoreEvents } from '../../src/core/index.ts';
import type { ListenerLimits } from '../../src/listen/limits.ts';
import type { RpcConnection } from '../../src/rpc/index.ts';
import { AppServer } from '../../src/server/index.ts';
import { openCore } from '../server/in-process-core.ts';
import { SocketClient } from '../support/socket-client.ts';
import { openTestListener } from './in-process-listener.ts';
import type { LogLine } from './in-process-listener.ts';

/** Never reached in these tests unless one of them asks for it. */
const PATIENT: Partial<ListenerLimits> = {
  unsentBytes: 2 ** 40,
  heldUpMs: 2 ** 30,
  standstillMs: 2 ** 30,
  lookMs: 5,
  closeMs: 60_000,
};

const TEXT = 'x'.repeat(1024 * 1024);

/** More than the buffers of any system take. */
const MANY = 24;

interface World {
  readonly url: string;
  readonly log: readonly LogLine[];
  /** The connections, in the order in which they came. */
  readonly served: readonly RpcConnection[];
  /** Says so much on a thread, and gives the numbers of what was said. */
  say(threadId: string, from?: number, count?: number): number[];
}

async function openWorld(limits: Partial<ListenerLimits>): Promise<World> {
  const emit = <E extends CoreEventName>(event: E, params: CoreEvents[E]): void =>
    server.notify(event, params);
  const server = new AppServer(openCore(emit));
  const served: RpcConnection[] = [];
  const accept = (rpc: RpcConnection): { readonly holdsUpOthers: boolean } => {
    served.push(rpc);
    return server.accept(rpc);
  };
  const { listener, log } = await openTestListener(accept, { ...PATIENT, ...limits });
  return {
    url: listener.url,
    log,
    served,
    say: (threadId, from = 0, count = MANY) => {
      const numbers = Array.from({ length: count }, (_, index) => from + index);
      for (const number of numbers) {
        emit('agentMessageDelta', { threadId, turnId: 'u', itemId: String(number), delta: TEXT });
      }
      return numbers;
    },
  };
}

function numbersOf(client: SocketClient): number[] {
  return client.messages
    .filter(({ method }) => method === 'item/agentMessage/delta')
    .map(({ params }) => Number(params?.['itemId']));
}

/** Says so much, each time only when the reader has heard what was said before, so that the reader is never behind. */
async function sayTo(world: World, reader: SocketClient, threadId: string): Promise<number[]> {
  const numbers = Array.from({ length: MANY }, (_, index) => index);
  for (const number of numbers) {
    world.say(threadId, number, 1);
    await reader.until('what was said', () => (numbersOf(reader).at(-1) === number ? true : undefined));
  }
  return numbers;
}

/** Two clients that follow one thread, of which the second does not read. */
async function openPair(
  world: World,
): Promise<{ reader: SocketClient; sleeper: SocketClient; threadId: string }> {
  const reader = await SocketClient.open(world.url);
  const sleeper = await SocketClient.open(world.url);
  const threadId = await reader.startThread();
  await sleeper.request('thread/realtime/stop', { threadId });
  sleeper.socket.pause();
  return { reader, sleeper, threadId };
}

describe('a client that does not read', () => {
  it('is closed with a reason when others wait, and the others hear everything', async () => {
    const world = await openWorld({ heldUpMs: 20 });
    const { reader, sleeper, threadId } = await openPair(world);
    const said = await sayTo(world, reader, threadId);
    await world.served[1]?.closed;
    expect(numbersOf(reader)).toEqual(said);
    expect(world.log).toEqual([
      {
        message: 'dropped a client that does not keep up',
        fields: { reason: 'not read in time; others were waiting', unsentBytes: expect.any(Number) },
      },
    ]);
    // It learns why as soon as it reads again; what it has heard until then is the beginning, without a gap.
    sleeper.socket.resume();
    expect(await sleeper.closed).toEqual({ code: 1013, reason: 'not read in time; others were waiting' });
    expect(numbersOf(sleeper)).toEqual(said.slice(0, numbersOf(sleeper).length));
    expect(numbersOf(sleeper).length).toBeLessThan(MANY);
    await reader.request('thread/loaded/list', {});
  });

  it('may take longer where nobody else waits', async () => {
    const world = await openWorld({ heldUpMs: 5, standstillMs: 60 });
    const [other, sleeper] = [await SocketClient.open(world.url), await SocketClient.open(world.url)];
    const threadId = await sleeper.startThread();
    sleeper.socket.pause();
    world.say(threadId);
    await world.served[1]?.closed;
    expect(world.log.map(({ fields }) => fields['reason'])).toEqual(['not read in time']);
    sleeper.socket.resume();
    expect(await sleeper.closed).toEqual({ code: 1013, reason: 'not read in time' });
    await other.request('thread/loaded/list', {});
  });

  it('is closed when too much waits for it', async () => {
    const world = await openWorld({ unsentBytes: 8 * 1024 * 1024 });
    const { reader, threadId } = await openPair(world);
    const said = await sayTo(world, reader, threadId);
    await world.served[1]?.closed;
    expect(world.log.map(({ fields }) => fields['reason'])).toEqual(['too much waits to be read']);
    expect(numbersOf(reader)).toEqual(said);
  });

  it('and reads again in time is not closed, and misses nothing', async () => {
    const world = await openWorld({});
    const { sleeper, threadId } = await openPair(world);
    const first = world.say(threadId);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.served[1]?.isBacklogged).toBe(true);
    sleeper.socket.resume();
    await sleeper.until('everything', () => (numbersOf(sleeper).length === MANY ? true : undefined));
    const second = world.say(threadId, MANY);
    await sleeper.until('everything', () => (numbersOf(sleeper).length === 2 * MANY ? true : undefined));
    expect(numbersOf(sleeper)).toEqual([...first, ...second]);
    expect(world.log).toEqual([]);
  });

  it('is cut off when it does not answer the close either', async () => {
    const world = await openWorld({ standstillMs: 5, closeMs: 5 });
    const sleeper = await SocketClient.open(world.url);
    const threadId = await sleeper.startThread();
    sleeper.socket.pause();
    world.say(threadId);
    await world.served[0]?.closed;
    await new Promise((resolve) => setTimeout(resolve, 50));
    sleeper.socket.resume();
    expect((await sleeper.closed).code).toBe(1006);
  });
});
