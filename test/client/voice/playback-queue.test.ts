import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeBase64, PlaybackQueue } from '../../../src/client/voice/index.ts';
import type { PlaybackChunk } from '../../../src/client/voice/index.ts';

const STEP = 1 / 32_768;

/** A piece of the given samples, in steps of 16 bits. */
function chunk(samples: readonly number[], fields: Partial<PlaybackChunk> = {}): PlaybackChunk {
  const data = encodeBase64(new Uint8Array(Int16Array.from(samples).buffer));
  return { data, sampleRate: 24_000, numChannels: 1, itemId: null, ...fields };
}

/** A piece of so many equal samples. */
function piece(frames: number, itemId: string | null = null): PlaybackChunk {
  return chunk(
    Array.from({ length: frames }, () => 100),
    { itemId },
  );
}

function steps(samples: Float32Array): number[] {
  return [...samples].map((sample) => Math.round(sample / STEP));
}

describe('the playback queue', () => {
  it('plays pieces one after the other, and silence where there is nothing', () => {
    const queue = new PlaybackQueue({ sampleRate: 24_000 });
    expect(queue.push(chunk([1, 2, 3]))).toBeNull();
    expect(queue.push(chunk([4, -5]))).toBeNull();
    const first = new Float32Array(4);
    const second = new Float32Array(4).fill(9);
    expect([queue.playInto([first]), queue.playInto([second])]).toEqual([4, 1]);
    expect([steps(first), steps(second)]).toEqual([
      [1, 2, 3, 4],
      [-5, 0, 0, 0],
    ]);
    expect(queue.isPlaying).toBe(false);
  });

  it('gives every channel of the device the same, and mixes the channels of a piece', () => {
    const queue = new PlaybackQueue({ sampleRate: 24_000 });
    queue.push(chunk([10, 20, -4, 4], { numChannels: 2 }));
    const channels = [new Float32Array(2), new Float32Array(2)];
    queue.playInto(channels);
    expect(channels.map(steps)).toEqual([
      [15, 0],
      [15, 0],
    ]);
    expect(queue.playInto([])).toBe(0);
  });

  it('converts to the rate of the device, however the audio is cut', () => {
    const rates = fc.constantFrom(8_000, 16_000, 24_000, 44_100, 48_000);
    const cuts = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(rates, rates, cuts, fc.integer({ min: 1, max: 999 }), (from, to, lengths, block) => {
        const cut = new PlaybackQueue({ sampleRate: to });
        const whole = new PlaybackQueue({ sampleRate: to });
        const samples = Array.from({ length: lengths.reduce((sum, length) => sum + length, 0) }, (_, at) =>
          Math.round(9_000 * Math.sin(at / 9)),
        );
        whole.push(chunk(samples, { sampleRate: from }));
        let at = 0;
        for (const length of lengths) {
          cut.push(chunk(samples.slice(at, at + length), { sampleRate: from }));
          at += length;
        }
        const expected = drain(whole, 4_096);
        expect(expected.length).toBe(Math.ceil((samples.length * to) / from));
        expect(drain(cut, block)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  it('counts what was played of each item', () => {
    const queue = new PlaybackQueue({ sampleRate: 48_000 });
    queue.push(piece(2_400, 'a'));
    queue.push(piece(1_200, 'b'));
    const played = () => [
      queue.currentItemId,
      queue.playedMs('a'),
      queue.playedMs('b'),
      Math.round(queue.queuedMs),
    ];
    const heard = [played()];
    for (const frames of [2_400, 2_400, 1_200, 48_000]) {
      queue.playInto([new Float32Array(frames)]);
      heard.push(played());
    }
    expect(heard).toEqual([
      [null, 0, 0, 150],
      ['a', 50, 0, 100],
      ['a', 100, 0, 50],
      ['b', 100, 25, 25],
      ['b', 100, 50, 0],
    ]);
  });

  it('counts as played what the device says it has played of what it took', () => {
    const queue = new PlaybackQueue({ sampleRate: 24_000 });
    queue.push(piece(240, 'a'));
    expect(queue.take(1_000).length).toBe(240);
    expect([queue.isPlaying, queue.playedMs('a'), queue.queuedMs]).toEqual([true, 0, 10]);
    queue.played(24);
    expect([queue.playedMs('a'), queue.queuedMs]).toEqual([1, 9]);
    queue.played(1_000);
    expect([queue.isPlaying, queue.playedMs('a'), queue.queuedMs]).toEqual([false, 10, 0]);
  });

  it('is silent at once when it is interrupted, and stays so for the rest of that item', () => {
    const queue = new PlaybackQueue({ sampleRate: 24_000 });
    queue.push(piece(480, 'a'));
    queue.push(piece(480, 'b'));
    queue.take(600);
    queue.played(240);
    expect(queue.interrupt()).toBe(true);
    expect(queue.interrupt()).toBe(false);
    queue.played(360);
    const output = new Float32Array(10);
    expect(queue.playInto([output])).toBe(0);
    expect(steps(output)).toEqual(Array.from({ length: 10 }, () => 0));
    expect([queue.playedMs('a'), queue.playedMs('b'), queue.queuedMs]).toEqual([10, 0, 0]);
    expect(queue.push(piece(10, 'b'))).toBe('interrupted');
    expect(queue.push(piece(10, 'c'))).toBeNull();
    expect(queue.playInto([output])).toBe(10);
  });

  it('is not deaf after an interruption where pieces have no items', () => {
    const queue = new PlaybackQueue({ sampleRate: 24_000 });
    queue.push(piece(480));
    queue.interrupt();
    expect(queue.push(piece(480))).toBeNull();
    expect(queue.isPlaying).toBe(true);
  });

  it('leaves out the newest when it is full', () => {
    const queue = new PlaybackQueue({ sampleRate: 48_000, maxSeconds: 1 });
    expect(queue.push(piece(24_000))).toBeNull();
    expect(queue.push(piece(1))).toBe('full');
    queue.take(4_800);
    expect(queue.push(piece(1))).toBe('full');
    queue.played(4_800);
    expect(queue.push(piece(2_400))).toBeNull();
    expect(queue.push(piece(100))).toBe('full');
  });

  it.each([
    ['badSampleRate', { sampleRate: 0 }],
    ['badSampleRate', { sampleRate: 24_000.5 }],
    ['badSampleRate', { sampleRate: Number.NaN }],
    ['badChannels', { numChannels: 0 }],
    ['badChannels', { numChannels: 33 }],
    ['badBase64', { data: 'AAA' }],
    ['badBase64', { data: '!AAA' }],
    ['cutSample', { data: 'AA==' }],
    ['cutSample', { data: 'AAA=', numChannels: 2 }],
  ])('refuses with %s: %j', (reason, fields) => {
    const queue = new PlaybackQueue({ sampleRate: 24_000 });
    expect(queue.push(chunk([1, 2], fields))).toBe(reason);
    expect(queue.isPlaying).toBe(false);
  });

  it('neither loses nor invents a sample, whatever is asked of it', () => {
    const action = fc.oneof(
      fc.record({ push: fc.integer({ min: 0, max: 500 }), item: fc.constantFrom('a', 'b', null) }),
      fc.record({ take: fc.integer({ min: 0, max: 500 }) }),
      fc.record({ played: fc.integer({ min: 0, max: 500 }) }),
      fc.record({ play: fc.integer({ min: 0, max: 500 }) }),
      fc.constant({ interrupt: true }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const queue = new PlaybackQueue({ sampleRate: 24_000, maxSeconds: 0.05 });
        let queued = 0;
        for (const step of actions) {
          if ('push' in step && queue.push(piece(step.push, step.item)) === null) queued += step.push;
          if ('take' in step) queue.take(step.take);
          if ('played' in step) queue.played(step.played);
          if ('play' in step) queue.playInto([new Float32Array(step.play)]);
          if ('interrupt' in step) {
            queued -= Math.round(queue.queuedMs * 24);
            queue.interrupt();
          }
          const played = ['a', 'b', null].reduce((sum, item) => sum + queue.playedMs(item), 0);
          expect(Math.round(played * 24) + Math.round(queue.queuedMs * 24)).toBe(queued);
          expect(queue.queuedMs).toBeLessThanOrEqual(50.001);
        }
      }),
    );
  });
});

function drain(queue: PlaybackQueue, block: number): number[] {
  const samples: number[] = [];
  while (queue.isPlaying) {
    const output = new Float32Array(block);
    const count = queue.playInto([output]);
    samples.push(...steps(output.subarray(0, count)));
  }
  return samples;
}
