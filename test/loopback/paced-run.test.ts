import { expect, test } from 'vitest';
import { PacedRun } from '../../src/loopback/paced-run.ts';
import { ManualClock } from './support/manual-clock.ts';

const FREE = { isCongested: false, onceFree: () => {} };

function stepsAt(times: readonly number[], done: number[]): { atMs: number; run: () => void }[] {
  return times.map((atMs) => ({ atMs, run: () => void done.push(atMs) }));
}

test('does each step at its time', () => {
  const clock = new ManualClock();
  const done: number[] = [];
  let ends = 0;
  const run = new PacedRun({
    steps: stepsAt([0, 0, 100, 250], done),
    clock,
    outlet: FREE,
    onEnd: () => (ends += 1),
  });
  run.start();
  expect(done).toEqual([0, 0]);
  clock.advance(100);
  expect(done).toEqual([0, 0, 100]);
  clock.advance(149);
  expect([done.length, ends]).toEqual([3, 0]);
  clock.advance(1);
  expect([done.length, ends, clock.timerCount]).toEqual([4, 1, 0]);
});

test('ends at once without steps', () => {
  let ends = 0;
  new PacedRun({ steps: [], clock: new ManualClock(), outlet: FREE, onEnd: () => (ends += 1) }).start();
  expect(ends).toBe(1);
});

test('does nothing after it was stopped, and does not end', () => {
  const clock = new ManualClock();
  const done: number[] = [];
  let ends = 0;
  const run = new PacedRun({ steps: stepsAt([0, 10], done), clock, outlet: FREE, onEnd: () => (ends += 1) });
  run.start();
  run.stop();
  run.stop();
  clock.advance(1_000);
  expect([done, ends, clock.timerCount]).toEqual([[0], 0, 0]);
});

test('can be stopped by one of its own steps', () => {
  const done: number[] = [];
  const run: PacedRun = new PacedRun({
    steps: [{ atMs: 0, run: () => run.stop() }, ...stepsAt([0], done)],
    clock: new ManualClock(),
    outlet: FREE,
    onEnd: () => done.push(-1),
  });
  run.start();
  expect(done).toEqual([]);
});

test('waits while its outlet is congested, then does what has become due', () => {
  const clock = new ManualClock();
  const done: number[] = [];
  let free = (): void => {};
  const outlet = { isCongested: true, onceFree: (callback: () => void) => void (free = callback) };
  new PacedRun({ steps: stepsAt([0, 100, 200], done), clock, outlet, onEnd: () => {} }).start();
  clock.advance(150);
  expect(done).toEqual([]);
  outlet.isCongested = false;
  free();
  expect(done).toEqual([0, 100]);
  clock.advance(50);
  expect(done).toEqual([0, 100, 200]);
});
