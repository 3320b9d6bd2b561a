import { afterEach } from 'vitest';
import { startLoopback } from '../../../src/loopback/index.ts';
import type { Loopback, LoopbackEvent, LoopbackOptions } from '../../../src/loopback/index.ts';
import { countedIds } from './counted-ids.ts';
import { EventClient } from './event-client.ts';
import { ManualClock } from './manual-clock.ts';

/** A loopback upstream with a clock and ids of the test's own. */
export interface Upstream {
  readonly loopback: Loopback;
  readonly clock: ManualClock;
  readonly log: LoopbackEvent[];
}

const running: Loopback[] = [];

/** Starts an upstream, which is closed after the test. */
export async function startUpstream(options: LoopbackOptions = {}): Promise<Upstream> {
  const clock = new ManualClock();
  const log: LoopbackEvent[] = [];
  const loopback = await startLoopback({
    clock,
    newId: countedIds(),
    onEvent: (event) => log.push(event),
    ...options,
  });
  running.push(loopback);
  return { loopback, clock, log };
}

/** Connects a client of version 2 and takes its `session.created`. */
export async function openV2({ loopback }: Upstream): Promise<EventClient> {
  const client = await EventClient.connect(loopback.url, '/realtime?model=voice');
  await client.until('session.created');
  return client;
}

/** Sends a `session.update` of version 2 and takes the answer. */
export async function updateV2(client: EventClient, session: object): Promise<void> {
  client.send({ type: 'session.update', session: { type: 'realtime', ...session } });
  await client.until('session.updated');
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((loopback) => loopback.close()));
});
