import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SlowClientWatch } from '../../src/listen/slow-client-watch.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A client at which a test looks ten times a second. */
function open(): {
  client: { unsent: number; sent: number; holdsUpOthers: boolean };
  watch: SlowClientWatch;
  dropped: string[];
} {
  const client = { unsent: 50, sent: 0, holdsUpOthers: false };
  const dropped: string[] = [];
  const watch = new SlowClientWatch({
    limits: { unsentBytes: 100, heldUpMs: 500, standstillMs: 1_000, lookMs: 100 },
    unsentBytes: () => client.unsent,
    sentBytes: () => client.sent,
    holdsUpOthers: () => client.holdsUpOthers,
    drop: (reason) => dropped.push(reason),
  });
  watch.backlog(true);
  return { client, watch, dropped };
}

it('drops whoever stands still for too long, once', () => {
  const { dropped } = open();
  vi.advanceTimersByTime(900);
  expect(dropped).toEqual([]);
  vi.advanceTimersByTime(100_000);
  expect(dropped).toEqual(['not read in time']);
});

it('lets whoever reads, however little, take the time it needs', () => {
  const { client, dropped } = open();
  for (let looks = 0; looks < 100; looks += 1) {
    if (looks % 9 === 0) client.sent += 1;
    vi.advanceTimersByTime(100);
  }
  expect(dropped).toEqual([]);
});

it('does not let it hold up others for longer, whether it reads or not', () => {
  const { client, dropped } = open();
  client.holdsUpOthers = true;
  for (let looks = 0; looks < 5; looks += 1) {
    expect(dropped).toEqual([]);
    client.sent += 1;
    vi.advanceTimersByTime(100);
  }
  expect(dropped).toEqual(['not read in time; others were waiting']);
});

it('drops it as soon as others come who wait, if it was behind for as long before', () => {
  const { client, dropped } = open();
  vi.advanceTimersByTime(700);
  client.holdsUpOthers = true;
  vi.advanceTimersByTime(100);
  expect(dropped).toEqual(['not read in time; others were waiting']);
});

it('lets too much wait only as long as it becomes less', () => {
  const { client, dropped } = open();
  client.unsent = 1_000;
  client.sent = 1;
  vi.advanceTimersByTime(100);
  expect(dropped).toEqual(['too much waits to be read']);
});

it('lets more than too much become less', () => {
  const { client, dropped, watch } = open();
  watch.backlog(false);
  client.unsent = 1_000;
  watch.backlog(true);
  for (; client.unsent > 110; client.unsent -= 10) {
    client.sent += 10;
    vi.advanceTimersByTime(100);
  }
  expect(dropped).toEqual([]);
  vi.advanceTimersByTime(200);
  expect(dropped).toEqual(['too much waits to be read']);
});

it('forgets what was when the client has caught up, or is gone', () => {
  const { dropped, watch } = open();
  for (let times = 0; times < 5; times += 1) {
    vi.advanceTimersByTime(900);
    watch.backlog(false);
    vi.advanceTimersByTime(5_000);
    watch.backlog(true);
  }
  watch.stop();
  vi.advanceTimersByTime(5_000);
  expect(dropped).toEqual([]);
});
