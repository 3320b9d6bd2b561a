import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LevelMeter, MicrophoneEncoder, MicrophoneGate } from '../../../src/client/voice/index.ts';

const LOUD = 4_000 / 32_768;
const QUIET = 3_999 / 32_768;

describe('the microphone gate', () => {
  it('lets everything pass while nothing plays', () => {
    const gate = new MicrophoneGate();
    expect([gate.passes(0, false, 0), gate.passes(QUIET, false, 1), gate.passes(1, false, 2)]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it('lets what is loud pass while an answer plays, and what follows it for 900 ms', () => {
    const gate = new MicrophoneGate();
    const passed = [
      gate.passes(QUIET, true, 0),
      gate.passes(LOUD, true, 100),
      gate.passes(0, true, 999),
      gate.passes(LOUD, true, 999),
      gate.passes(0, true, 1_898),
      gate.passes(0, true, 1_899),
    ];
    expect(passed).toEqual([false, true, true, true, true, false]);
  });

  it('is shut again with the next answer', () => {
    const gate = new MicrophoneGate();
    expect(gate.passes(LOUD, true, 0)).toBe(true);
    expect(gate.passes(0, false, 10)).toBe(true);
    expect(gate.passes(0, true, 20)).toBe(false);
  });

  it('can be turned off and on', () => {
    const gate = new MicrophoneGate({ isOn: false });
    expect(gate.passes(0, true, 0)).toBe(true);
    gate.isOn = true;
    expect(gate.passes(0, true, 1)).toBe(false);
  });

  it('lets pass all that is loud, and nothing long after it', () => {
    const chunks = fc.array(
      fc.record({ peak: fc.double({ min: 0, max: 1, noNaN: true }), after: fc.nat(2_000) }),
    );
    fc.assert(
      fc.property(chunks, (pieces) => {
        const gate = new MicrophoneGate();
        let now = 0;
        let lastLoud = -Infinity;
        for (const { peak, after } of pieces) {
          now += after;
          if (peak >= LOUD) lastLoud = now;
          expect(gate.passes(peak, true, now)).toBe(now - lastLoud < 900);
        }
      }),
    );
  });
});

describe('the microphone encoder', () => {
  it('gives PCM of 24 kHz whatever the device records at', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(16_000, 44_100, 48_000, 96_000),
        fc.integer({ min: 1, max: 40 }),
        (rate, blocks) => {
          const encoder = new MicrophoneEncoder(rate);
          const frames = Math.round(rate / 50);
          let bytes = 0;
          for (let block = 0; block < blocks; block += 1)
            bytes += encoder.push(new Float32Array(frames)).length;
          const due = (frames * blocks * 48_000) / rate;
          // The filter looks some samples ahead.
          expect(bytes).toBeLessThanOrEqual(Math.ceil(due) + 2);
          expect(bytes).toBeGreaterThan(due - 400);
        },
      ),
    );
  });

  it('limits what is too loud', () => {
    const pcm = new MicrophoneEncoder(24_000).push(Float32Array.of(0, 1, -1, 7, -7));
    expect([...new Int16Array(pcm.slice().buffer)]).toEqual([0, 32_767, -32_767, 32_767, -32_767]);
  });
});

describe('the level meter', () => {
  it('shows 60 decibels, and no level more often than it can be seen', () => {
    const meter = new LevelMeter(60);
    const shown = [
      meter.add(1, 0),
      meter.add(0.001, 10),
      meter.add(10 ** (-30 / 20), 59),
      meter.add(0.001, 60),
      meter.add(0, 120),
      meter.add(2, 180),
    ];
    expect(shown).toEqual([1, null, null, 0.5, 0, 1]);
  });
});
