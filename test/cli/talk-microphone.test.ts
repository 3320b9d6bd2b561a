import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/cli/talk/clock.ts';
import { runMicrophone } from '../../src/cli/talk/microphone.ts';
import { Pacer } from '../../src/cli/talk/pacer.ts';

const OPTIONS = { frameMs: 20, maxBurstMs: 1_000 };

/** How many frames a sender sends that looks at the clock at these times. */
function sendAt(pacer: Pacer, times: readonly number[]): number[] {
  return times.map((time) => {
    const due = pacer.due(time);
    for (let count = 0; count < due; count += 1) pacer.sent();
    return due;
  });
}

describe('pacing', () => {
  it('sends the first frame at once and each other one when it is due', () => {
    const pacer = new Pacer(OPTIONS);
    expect(sendAt(pacer, [5000, 5000, 5019, 5020, 5039.9, 5040])).toEqual([1, 0, 0, 1, 0, 1]);
    expect(pacer.untilNext(5041)).toBe(19);
    expect(pacer.untilNext(5061)).toBe(0);
  });

  it('does not drift, however late each look at the clock is', () => {
    const lateness = fc.array(fc.double({ min: 0, max: 15, noNaN: true }), { minLength: 50, maxLength: 50 });
    fc.assert(
      fc.property(lateness, (delays) => {
        const sent = sendAt(new Pacer(OPTIONS), [
          0,
          ...delays.map((delay, index) => (index + 1) * 20 + delay),
        ]);
        expect(sent).toEqual(Array.from({ length: 51 }, () => 1));
      }),
    );
  });

  it('is never ahead of real time', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 3_000, noNaN: true })), (steps) => {
        const pacer = new Pacer(OPTIONS);
        let now = 0;
        let sent = 0;
        for (const step of [0, ...steps]) {
          now += step;
          const due = pacer.due(now);
          for (let count = 0; count < due; count += 1) pacer.sent();
          sent += due;
          expect(due).toBeLessThanOrEqual(51);
          expect(sent).toBeLessThanOrEqual(Math.floor(now / 20) + 1);
        }
      }),
    );
  });

  it('catches up after a short stall, and after a long one only a second of it', () => {
    const pacer = new Pacer(OPTIONS);
    expect(sendAt(pacer, [0, 500, 510, 10_000, 10_020, 10_040])).toEqual([1, 25, 0, 51, 1, 1]);
  });
});

/** A clock that moves only when someone sleeps on it. */
class VirtualClock implements Clock {
  time = 0;
  readonly now = (): number => this.time;
  readonly sleep = async (milliseconds: number): Promise<void> => {
    this.time += milliseconds;
  };
}

const FRAME = new Uint8Array(960).fill(1);
const SILENCE = new Uint8Array(960);

describe('the microphone', () => {
  /** Runs it over a list of what the source gives, until so many frames were sent. */
  async function run(
    gives: (Uint8Array | 'pending' | 'ended')[],
    frames: number,
  ): Promise<{ sent: [number, 'sound' | 'silence'][]; endedAt: number | null }> {
    const clock = new VirtualClock();
    const stop = new AbortController();
    const sent: [number, 'sound' | 'silence'][] = [];
    let endedAt: number | null = null;
    await runMicrophone({
      source: { next: () => gives.shift() ?? 'ended' },
      send: async (frame) => {
        expect([FRAME, SILENCE]).toContainEqual(frame);
        sent.push([clock.time, frame[0] === 0 ? 'silence' : 'sound']);
      },
      onFrame: () => {
        if (sent.length === frames) stop.abort();
      },
      onEnded: () => {
        endedAt = clock.time;
      },
      clock,
      signal: stop.signal,
    });
    return { sent, endedAt };
  }

  it('sends a frame each 20 ms, and silence after the end', async () => {
    expect(await run([FRAME, FRAME, 'ended'], 4)).toEqual({
      sent: [
        [0, 'sound'],
        [20, 'sound'],
        [40, 'silence'],
        [60, 'silence'],
      ],
      endedAt: 40,
    });
  });

  it('waits a little for a pipe that is late, then catches up', async () => {
    const { sent } = await run([FRAME, 'pending', 'pending', FRAME, FRAME, FRAME, FRAME], 5);
    expect(sent).toEqual([
      [0, 'sound'],
      [60, 'sound'],
      [60, 'sound'],
      [60, 'sound'],
      [80, 'sound'],
    ]);
  });

  it('sends silence in place of a pipe that stays quiet', async () => {
    const pending = Array.from({ length: 30 }, () => 'pending' as const);
    const { sent } = await run([FRAME, ...pending], 13);
    expect(sent[0]).toEqual([0, 'sound']);
    expect(sent.slice(1, 11)).toEqual(Array.from({ length: 10 }, () => [200, 'silence']));
    expect(sent.slice(11)).toEqual([
      [220, 'silence'],
      [240, 'silence'],
    ]);
  });

  it('rejects when a frame cannot be sent', async () => {
    const running = runMicrophone({
      source: { next: () => FRAME },
      send: () => Promise.reject(new Error('no more')),
      onFrame: () => {},
      onEnded: () => {},
      clock: new VirtualClock(),
      signal: new AbortController().signal,
    });
    await expect(running).rejects.toThrow('no more');
  });
});
