import fc from 'fast-check';
import { expect, test } from 'vitest';
import { g711Codec } from '../../../src/loopback/calls/g711.ts';
import type { G711Law } from '../../../src/loopback/calls/g711.ts';

function encode(law: G711Law, ...samples: number[]): number[] {
  return [...g711Codec(law).encode(Float32Array.from(samples))];
}

test('gives the values of the standard', () => {
  expect(encode('PCMU', 0, -1, 32_767, -32_768, 4, 1_000, -1_000)).toEqual([
    0xff, 0x7f, 0x80, 0x00, 0xfe, 0xce, 0x4e,
  ]);
  expect(encode('PCMA', 0, -1, 32_767, -32_768, 16, 1_000, -1_000)).toEqual([
    0xd5, 0x55, 0xaa, 0x2a, 0xd4, 0xfa, 0x7a,
  ]);
  const decode = (law: G711Law, ...codes: number[]): number[] => [
    ...g711Codec(law).decode(Uint8Array.from(codes)),
  ];
  expect(decode('PCMU', 0xff, 0x80, 0x00, 0xce)).toEqual([0, 32_124, -32_124, 988]);
  expect(decode('PCMA', 0xd5, 0xaa, 0x2a, 0xfa)).toEqual([8, 32_256, -32_256, 1_008]);
});

test.each(['PCMU', 'PCMA'] as const)('%s gives every one of its values back', (law) => {
  const { encode: code, decode, silence } = g711Codec(law);
  const codes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const again = decode(code(decode(codes)));
  expect(again).toEqual(decode(codes));
  expect(Math.abs(decode(Uint8Array.of(silence))[0] ?? 99)).toBeLessThanOrEqual(8);
});

test.each(['PCMU', 'PCMA'] as const)('%s is off by a small part of the sample', (law) => {
  const { encode: code, decode } = g711Codec(law);
  fc.assert(
    fc.property(fc.integer({ min: -40_000, max: 40_000 }), (sample) => {
      const limited = Math.max(-32_768, Math.min(32_767, sample));
      const back = decode(code(Float32Array.of(sample)))[0] ?? Number.NaN;
      expect(Math.abs(back - limited)).toBeLessThanOrEqual(Math.max(16, Math.abs(limited) / 28));
    }),
  );
});
