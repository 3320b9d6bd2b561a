import fc from 'fast-check';
import { expect, test } from 'vitest';
import { playbackSteps } from '../../../src/loopback/realtime/playback.ts';
import { tonesFor } from '../../../src/loopback/realtime/tones.ts';
import { pcm16Level } from '../../../src/util/pcm.ts';

function timeline(
  audio: Uint8Array,
  words: readonly string[],
): { times: number[]; log: (string | number)[] } {
  const log: (string | number)[] = [];
  const steps = playbackSteps({
    audio,
    words,
    onWord: (word) => log.push(word),
    onChunk: (chunk) => log.push(chunk.length),
  });
  for (const step of steps) step.run();
  return { times: steps.map(({ atMs }) => atMs), log };
}

test('sends chunks of 100 ms with a lead of 300 ms, and ends when they have been played', () => {
  const { times, log } = timeline(new Uint8Array(48 * 550), ['Echo', ' it.']);
  expect(log).toEqual(['Echo', 4_800, 4_800, 4_800, ' it.', 4_800, 4_800, 2_400]);
  expect(times).toEqual([0, 0, 0, 0, 0, 0, 100, 200, 550]);
});

test('sends words at once when there is no audio', () => {
  expect(timeline(new Uint8Array(0), ['a', ' b'])).toEqual({ times: [0, 0, 0], log: ['a', ' b'] });
});

test('sends all audio and all words, in order, at times that never go back', () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.array(fc.string()), (length, words) => {
      const { times, log } = timeline(new Uint8Array(length), words);
      expect(log.filter((entry) => typeof entry === 'string')).toEqual(words);
      const bytes = log.reduce<number>((sum, entry) => (typeof entry === 'number' ? sum + entry : sum), 0);
      expect(bytes).toBe(length);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
    }),
  );
});

test('makes 200 ms of soft tone for each word', () => {
  const audio = tonesFor(['You', ' typed', ' this.']);
  expect(audio.length).toBe(3 * 200 * 48);
  expect(pcm16Level(audio).peak).toBeLessThan(0.13);
  expect(pcm16Level(audio).peak).toBeGreaterThan(0.1);
});

test('gives the same word the same tone, and begins and ends each in silence', () => {
  const audio = tonesFor(['word', ' word']);
  expect(Buffer.compare(audio.subarray(0, 9_600), audio.subarray(9_600))).toBe(0);
  expect([audio[0], audio[1], audio.at(-1), audio.at(-2)]).toEqual([0, 0, 0, 0]);
  expect(tonesFor([])).toEqual(new Uint8Array(0));
});
