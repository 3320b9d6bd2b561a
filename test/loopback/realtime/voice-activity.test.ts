import fc from 'fast-check';
import { expect, test } from 'vitest';
import { VoiceActivityDetector } from '../../../src/loopback/realtime/voice-activity.ts';
import type { VoiceActivityEvent } from '../../../src/loopback/realtime/voice-activity.ts';
import { joined, silence, tone } from '../support/audio.ts';

const SETTINGS = { threshold: 0.5, silenceMs: 500 };

function detect(audio: Uint8Array, settings = SETTINGS): VoiceActivityEvent[] {
  return new VoiceActivityDetector(settings).push(audio);
}

test('finds speech between silences', () => {
  expect(detect(joined(silence(200), tone(400), silence(600)))).toEqual([
    { type: 'started', startMs: 200 },
    { type: 'stopped', speechEndMs: 600, endMs: 1_100 },
  ]);
});

test('finds the same however the audio is cut', () => {
  const audio = joined(silence(200), tone(400), silence(600), tone(300), silence(600));
  const whole = detect(audio);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5_000 }), (pieceLength) => {
      const detector = new VoiceActivityDetector(SETTINGS);
      const events: VoiceActivityEvent[] = [];
      for (let offset = 0; offset < audio.length; offset += pieceLength) {
        events.push(...detector.push(audio.subarray(offset, offset + pieceLength)));
      }
      expect(events).toEqual(whole);
    }),
    { numRuns: 30 },
  );
});

test('takes a click for no speech', () => {
  expect(detect(joined(silence(200), tone(40), silence(600)))).toEqual([]);
});

test('bridges a pause that is shorter than the silence asked for', () => {
  expect(detect(joined(tone(200), silence(480), tone(200), silence(600)))).toEqual([
    { type: 'started', startMs: 0 },
    { type: 'stopped', speechEndMs: 880, endMs: 1_380 },
  ]);
});

test('needs louder speech for a higher threshold', () => {
  const quiet = joined(tone(400, 0.01), silence(600));
  expect(detect(quiet, { threshold: 0.25, silenceMs: 500 })).toHaveLength(2);
  expect(detect(quiet, { threshold: 0.75, silenceMs: 500 })).toHaveLength(0);
});

test('keeps speech going at a level too low to start it', () => {
  const fading = joined(tone(200, 0.5), tone(200, 0.006), silence(600));
  expect(detect(fading)).toEqual([
    { type: 'started', startMs: 0 },
    { type: 'stopped', speechEndMs: 400, endMs: 900 },
  ]);
  expect(detect(tone(200, 0.006))).toEqual([]);
});

test('does not hear a constant voltage', () => {
  const constant = new Uint8Array(48_000).map((_, index) => (index % 2 === 0 ? 0 : 0x20));
  expect(detect(constant)).toEqual([]);
});

test('cuts speech that is too long and goes on with the next', () => {
  expect(detect(tone(61_000))).toEqual([
    { type: 'started', startMs: 0 },
    { type: 'stopped', speechEndMs: 60_000, endMs: 60_000 },
    { type: 'started', startMs: 60_000 },
  ]);
});

test('ends speech under way when the audio does not go on', () => {
  const detector = new VoiceActivityDetector(SETTINGS);
  detector.push(joined(silence(100), tone(210)));
  expect(detector.finish()).toEqual([{ type: 'stopped', speechEndMs: 300, endMs: 310 }]);
  expect(detector.finish()).toEqual([]);
});

test('forgets speech under way on a reset', () => {
  const detector = new VoiceActivityDetector(SETTINGS);
  detector.push(tone(200));
  detector.reset();
  expect(detector.isSpeaking).toBe(false);
  expect(detector.push(silence(1_000))).toEqual([]);
});

test('alternates starts and stops in the order of time, for any audio', () => {
  const part = fc.oneof(
    fc.integer({ min: 1, max: 900 }).map((length) => tone(length)),
    fc.integer({ min: 1, max: 900 }).map((length) => silence(length)),
    fc.uint8Array({ maxLength: 4_000 }),
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 12 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (parts, threshold) => {
        const detector = new VoiceActivityDetector({ threshold, silenceMs: 100 });
        const events = [...parts.flatMap((bytes) => detector.push(bytes)), ...detector.finish()];
        const totalMs = Math.floor(parts.reduce((sum, bytes) => sum + bytes.length, 0) / 48);
        expect(events.map(({ type }) => type)).toEqual(
          events.map((_, index) => (index % 2 === 0 ? 'started' : 'stopped')),
        );
        expect(events.length % 2).toBe(0);
        const times = events.flatMap((event) => (event.type === 'started' ? [event.startMs] : [event.endMs]));
        expect(times).toEqual(times.toSorted((one, other) => one - other));
        expect(times.every((time) => time >= 0 && time <= totalMs)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});
