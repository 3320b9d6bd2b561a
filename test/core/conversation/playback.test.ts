import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Playback } from '../../../src/core/conversation/playback.ts';

/** A playback whose clock the test moves. */
function playback(start = 1000) {
  let now = start;
  const subject = new Playback(() => now);
  return {
    receive: (itemId: string | null, durationMs: number): void => subject.receive(itemId, durationMs),
    interrupt: () => subject.interrupt(),
    pass: (milliseconds: number): void => {
      now += milliseconds;
    },
  };
}

test('nothing is playing before anything came', () => {
  expect(playback().interrupt()).toBeNull();
});

test('an item that came at once is cut where the clock is', () => {
  const player = playback();
  player.receive('a', 5000);
  player.pass(320);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 320 });
});

test('an item that is cut at once was not heard', () => {
  const player = playback();
  player.receive('a', 20);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 0 });
});

test('parts of a millisecond do not count', () => {
  const player = playback(0.25);
  player.receive('a', 100);
  player.pass(50.9);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 50 });
});

test('the frames of an item add up', () => {
  const player = playback();
  for (let frame = 0; frame < 10; frame += 1) {
    player.receive('a', 100);
    player.pass(10);
  }
  player.pass(800);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 900 });
});

test('an item that has been played to its end is not playing', () => {
  const player = playback();
  player.receive('a', 100);
  player.pass(100);
  expect(player.interrupt()).toBeNull();
});

test('the next item starts when the one before it ends', () => {
  const player = playback();
  player.receive('a', 1000);
  player.pass(100);
  player.receive('b', 1000);
  player.pass(899);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 999 });
  player.receive('a', 1000);
  player.receive('b', 1000);
  player.pass(1250);
  expect(player.interrupt()).toEqual({ itemId: 'b', audioEndMs: 250 });
});

test('the next item starts when it comes, if nothing is playing then', () => {
  const player = playback();
  player.receive('a', 100);
  player.pass(5000);
  player.receive('b', 1000);
  player.pass(40);
  expect(player.interrupt()).toEqual({ itemId: 'b', audioEndMs: 40 });
});

test('three items follow one another', () => {
  const player = playback();
  player.receive('a', 100);
  player.receive('b', 100);
  player.receive('c', 100);
  player.pass(201);
  expect(player.interrupt()).toEqual({ itemId: 'c', audioEndMs: 1 });
});

test('an interruption forgets everything that was still to be played', () => {
  const player = playback();
  player.receive('a', 1000);
  player.receive('b', 1000);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 0 });
  player.pass(1500);
  expect(player.interrupt()).toBeNull();
  player.receive('a', 100);
  player.pass(10);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 10 });
});

test('audio of no item, and audio without length, is not followed', () => {
  const player = playback();
  player.receive(null, 1000);
  player.receive('a', 0);
  player.pass(10);
  expect(player.interrupt()).toBeNull();
});

test('an item that runs dry goes on from there when more comes', () => {
  const player = playback();
  player.receive('a', 100);
  player.pass(500);
  player.receive('a', 1000);
  player.pass(50);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 150 });
});

test('an item that keeps running dry is still playing when it is cut', () => {
  const player = playback();
  for (let frame = 0; frame < 10; frame += 1) {
    player.receive('a', 20);
    player.pass(30);
  }
  player.receive('a', 20);
  player.pass(10);
  expect(player.interrupt()).toEqual({ itemId: 'a', audioEndMs: 210 });
});

test('of more than sixteen items the oldest are forgotten', () => {
  const player = playback();
  for (let item = 0; item < 17; item += 1) player.receive(`item ${item}`, 1000);
  player.pass(500);
  expect(player.interrupt()).toBeNull();
  for (let item = 0; item < 17; item += 1) player.receive(`item ${item}`, 1000);
  player.pass(16_500);
  expect(player.interrupt()).toEqual({ itemId: 'item 16', audioEndMs: 500 });
});

test('never more than was received, nor more than can have been played since the first frame', () => {
  const step = fc.oneof(
    fc.record({ itemId: fc.constantFrom('a', 'b', 'c'), durationMs: fc.nat(3000) }),
    fc.nat(3000),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const player = playback(0);
      const received = new Map<string, number>();
      const firstAt = new Map<string, number>();
      let now = 0;
      for (const event of steps) {
        if (typeof event === 'number') {
          player.pass(event);
          now += event;
          continue;
        }
        player.receive(event.itemId, event.durationMs);
        if (event.durationMs === 0) continue;
        received.set(event.itemId, (received.get(event.itemId) ?? 0) + event.durationMs);
        if (!firstAt.has(event.itemId)) firstAt.set(event.itemId, now);
      }
      const played = player.interrupt();
      if (played === null) return;
      expect(played.audioEndMs).toBeGreaterThanOrEqual(0);
      expect(played.audioEndMs).toBeLessThanOrEqual(received.get(played.itemId) ?? -1);
      expect(played.audioEndMs).toBeLessThanOrEqual(now - (firstAt.get(played.itemId) ?? now));
    }),
  );
});
