import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  JitterBuffer,
  LONGEST_GAP_SAMPLES,
  MOST_HELD_PACKETS,
} from '../../../src/loopback/calls/jitter-buffer.ts';
import type { AudioPacket, OrderedAudio } from '../../../src/loopback/calls/jitter-buffer.ts';

const SAMPLES = 160;

/** The packet with a number, of which its payload tells; both counters wrap soon. */
function packet(number: number, pause = 0): AudioPacket {
  return {
    sequence: (65_530 + number) & 0xffff,
    timestamp: (2 ** 32 - 500 + number * SAMPLES + pause) >>> 0,
    payload: new Uint8Array(SAMPLES).fill(number),
  };
}

/** What came out, as numbers of packets with the gap before each that had one. */
function told(pieces: readonly OrderedAudio[]): (number | string)[] {
  return pieces.flatMap(({ missing, payload }) =>
    missing === 0 ? [payload[0] ?? -1] : [`gap ${missing}`, payload[0] ?? -1],
  );
}

function pushed(buffer: JitterBuffer, ...numbers: number[]): (number | string)[] {
  return numbers.flatMap((number) => told(buffer.push(packet(number))));
}

test('lets through what is in order', () => {
  expect(pushed(new JitterBuffer(), 0, 1, 2, 3, 4, 5, 6, 7)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
});

test('puts back into order, and drops what comes twice or too late', () => {
  const buffer = new JitterBuffer();
  expect(pushed(buffer, 0, 2, 2, 3)).toEqual([0]);
  expect(buffer.isWaiting).toBe(true);
  expect(pushed(buffer, 1, 1, 0, 4)).toEqual([1, 2, 3, 4]);
  expect(buffer.isWaiting).toBe(false);
});

test('gives up a lost packet when told to, or when too many wait', () => {
  const buffer = new JitterBuffer();
  pushed(buffer, 0, 2, 3);
  expect(told(buffer.release())).toEqual(['gap 160', 2, 3]);
  expect(pushed(buffer, 1)).toEqual([]);
  expect(told(buffer.release())).toEqual([]);
  const later = Array.from({ length: MOST_HELD_PACKETS + 1 }, (_, index) => 6 + index);
  expect(pushed(buffer, ...later)).toEqual(['gap 320', ...later]);
});

test('counts a pause in which nothing was sent, up to a limit', () => {
  const buffer = new JitterBuffer();
  pushed(buffer, 0);
  expect(told(buffer.push(packet(1, 800)))).toEqual(['gap 800', 1]);
  expect(told(buffer.push(packet(2, 1_000_000)))).toEqual([`gap ${LONGEST_GAP_SAMPLES}`, 2]);
});

test('follows a sender that begins anew', () => {
  const buffer = new JitterBuffer();
  pushed(buffer, 0, 2);
  expect(told(buffer.push(packet(30_000)))).toEqual(['gap 160', 2, 30_000 & 0xff]);
  expect(told(buffer.push(packet(30_001)))).toEqual([30_001 & 0xff]);
});

test('loses nothing that is out of order by less than it holds', () => {
  const displaced = fc
    .array(fc.nat({ max: MOST_HELD_PACKETS - 1 }), { minLength: 1, maxLength: 100 })
    .map((delays) =>
      delays
        .map((delay, number) => ({ number, place: number + delay + 0.5 * Math.sign(delay) }))
        .toSorted((one, other) => one.place - other.place)
        .map(({ number }) => number),
    );
  fc.assert(
    fc.property(displaced, (numbers) => {
      const first = numbers[0] ?? 0;
      const buffer = new JitterBuffer();
      const out = pushed(buffer, ...numbers);
      const wanted = numbers.filter((number) => number >= first).toSorted((one, other) => one - other);
      expect([...out, ...told(buffer.release())]).toEqual(wanted);
    }),
  );
});

test('never goes back, whatever comes', () => {
  const numbers = fc.array(fc.nat({ max: 60 }), { maxLength: 200 });
  fc.assert(
    fc.property(numbers, (given) => {
      const out = pushed(new JitterBuffer(), ...given).filter((entry) => typeof entry === 'number');
      expect(out).toEqual([...new Set(out)].toSorted((one, other) => one - other));
    }),
  );
});
