import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { monoToPcm16, pcm16ToMono } from '../../src/util/pcm-channel.ts';

describe('16-bit PCM', () => {
  it('survives the way to numbers and back, bit by bit', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const whole = bytes.subarray(0, bytes.length - (bytes.length % 2));
        expect(monoToPcm16(pcm16ToMono(bytes, 1))).toEqual(Uint8Array.from(whole));
      }),
    );
  });

  it('averages channels and limits what is out of range', () => {
    const stereo = Uint8Array.from(new Uint8Array(Int16Array.from([100, 300, -32_768, -32_768]).buffer));
    expect(pcm16ToMono(stereo, 2)).toEqual(Float32Array.from([200, -32_768]));
    expect(pcm16ToMono(monoToPcm16(Float32Array.from([40_000, -40_000, 1.5])), 1)).toEqual(
      Float32Array.from([32_767, -32_768, 2]),
    );
  });
});
