import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decibels, pcm16Bytes, pcm16Level } from '../../src/util/pcm.ts';

test('measures a square wave as its height', () => {
  const samples = Float32Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 0.5 : -0.5));
  const { rms, peak } = pcm16Level(pcm16Bytes(samples));
  expect(rms).toBeCloseTo(0.5, 4);
  expect(peak).toBeCloseTo(0.5, 4);
});

test('does not count a constant part as sound', () => {
  const { rms, peak } = pcm16Level(pcm16Bytes(new Float32Array(100).fill(0.25)));
  expect(rms).toBeCloseTo(0, 6);
  expect(peak).toBeCloseTo(0.25, 4);
});

test('takes no samples, and half a sample, for silence', () => {
  expect(pcm16Level(new Uint8Array(0))).toEqual({ rms: 0, peak: 0 });
  expect(pcm16Level(Uint8Array.of(200))).toEqual({ rms: 0, peak: 0 });
});

test('reads both signs at full scale', () => {
  expect(pcm16Level(Uint8Array.of(0x00, 0x80, 0xff, 0x7f))).toEqual({ rms: 65_535 / 2 / 32_768, peak: 1 });
});

test('gives levels in decibels', () => {
  expect(decibels(1)).toBe(0);
  expect(decibels(0.1)).toBeCloseTo(-20, 9);
  expect(decibels(0)).toBe(-Infinity);
});

test('limits what lies outside of full scale', () => {
  expect([...pcm16Bytes(Float32Array.of(2, -2, 0))]).toEqual([0xff, 0x7f, 0x01, 0x80, 0, 0]);
});

test('gives a level between 0 and 1 for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const { rms, peak } = pcm16Level(bytes);
      expect(rms).toBeGreaterThanOrEqual(0);
      expect(rms).toBeLessThanOrEqual(1);
      expect(peak).toBeGreaterThanOrEqual(0);
      expect(peak).toBeLessThanOrEqual(1);
    }),
  );
});
