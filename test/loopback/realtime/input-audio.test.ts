import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InputAudio, LONGEST_MANUAL_MS } from '../../../src/loopback/realtime/input-audio.ts';
import type { TurnDetectionSettings } from '../../../src/loopback/realtime/input-audio.ts';
import { joined, silence, tone } from '../support/audio.ts';
import { ManualClock } from '../support/manual-clock.ts';

const SETTINGS: TurnDetectionSettings = { threshold: 0.5, prefixMs: 300, silenceMs: 500 };

type Heard =
  | { type: 'started'; startMs: number }
  | { type: 'stopped'; endMs: number; audio: Buffer; spokenMs: number; echoBytes: number };

function listen(settings: TurnDetectionSettings | null = SETTINGS): {
  clock: ManualClock;
  audio: InputAudio;
  heard: Heard[];
} {
  const clock = new ManualClock();
  const heard: Heard[] = [];
  const audio = new InputAudio(settings, clock, {
    speechStarted: (startMs) => heard.push({ type: 'started', startMs }),
    speechStopped: (endMs, { audio: bytes, spokenMs, echoBytes }) =>
      heard.push({ type: 'stopped', endMs, audio: Buffer.from(bytes), spokenMs, echoBytes }),
  });
  return { clock, audio, heard };
}

test('cuts an utterance out with its padding and the silence after it', () => {
  const { audio, heard } = listen();
  const spoken = joined(silence(500), tone(400), silence(600));
  audio.append(spoken);
  expect(heard).toEqual([
    { type: 'started', startMs: 200 },
    {
      type: 'stopped',
      endMs: 1_400,
      audio: Buffer.from(spoken.subarray(200 * 48, 1_400 * 48)),
      spokenMs: 400,
      echoBytes: 800 * 48,
    },
  ]);
});

test('pads a second utterance no further back than the end of the first', () => {
  const { audio, heard } = listen();
  audio.append(joined(tone(200), silence(500), silence(100), tone(200), silence(500)));
  expect(heard.map((event) => (event.type === 'started' ? event.startMs : event.endMs))).toEqual([
    0, 700, 700, 1_500,
  ]);
});

test('ends an utterance for which no more audio arrives', () => {
  const { clock, audio, heard } = listen();
  audio.append(tone(310));
  clock.advance(899);
  expect(heard).toHaveLength(1);
  clock.advance(1);
  expect(heard[1]).toMatchObject({ type: 'stopped', endMs: 310, spokenMs: 300 });
  expect(clock.timerCount).toBe(0);
});

test('waits anew with each piece of audio', () => {
  const { clock, audio, heard } = listen();
  for (let piece = 0; piece < 5; piece += 1) {
    audio.append(tone(100));
    clock.advance(800);
  }
  expect(heard).toEqual([{ type: 'started', startMs: 0 }]);
});

test('keeps only the padding while nobody speaks', () => {
  const { audio } = listen();
  for (let second = 0; second < 20; second += 1) audio.append(silence(1_000));
  expect(audio.receivedMs).toBe(20_000);
  expect(audio.commit()?.audio.length).toBe(300 * 48);
});

test('without detection keeps everything until it is committed', () => {
  const { audio, heard } = listen(null);
  const bytes = joined(tone(300), silence(2_000));
  audio.append(bytes);
  const utterance = audio.commit();
  expect(Buffer.compare(utterance?.audio ?? new Uint8Array(0), bytes)).toBe(0);
  expect(utterance).toMatchObject({ isSpeech: false, spokenMs: 2_300, echoBytes: bytes.length });
  expect(audio.commit()).toBeNull();
  expect(heard).toEqual([]);
});

test('commits no less than 100 ms', () => {
  const { audio } = listen(null);
  audio.append(tone(99));
  expect(audio.commit()).toBeNull();
  audio.append(tone(1));
  expect(audio.commit()?.spokenMs).toBe(100);
});

test('without detection refuses what does not fit', () => {
  const { audio } = listen(null);
  const minute = silence(60_000);
  for (let taken = 0; taken < LONGEST_MANUAL_MS; taken += 60_000) expect(audio.append(minute)).toBe(true);
  expect(audio.append(silence(1))).toBe(false);
  audio.clear();
  expect(audio.append(silence(1))).toBe(true);
});

test('ends the utterance under way when detection is turned off', () => {
  const { audio, heard } = listen();
  audio.append(tone(400));
  audio.configure(null);
  expect(heard.map(({ type }) => type)).toEqual(['started', 'stopped']);
});

test('counts time from the first audio when detection is turned on later', () => {
  const { audio, heard } = listen(null);
  audio.append(silence(1_000));
  audio.configure(SETTINGS);
  audio.append(joined(tone(200), silence(500)));
  expect(heard.map((event) => (event.type === 'started' ? event.startMs : event.endMs))).toEqual([
    700, 1_700,
  ]);
});

test('forgets speech under way when it is cleared', () => {
  const { clock, audio, heard } = listen();
  audio.append(tone(400));
  audio.clear();
  audio.append(silence(2_000));
  expect(heard.map(({ type }) => type)).toEqual(['started']);
  expect(clock.timerCount).toBe(0);
});

test('gives utterances that do not overlap and lie within what was received, for any audio', () => {
  const part = fc.oneof(
    fc.integer({ min: 1, max: 700 }).map((length) => tone(length)),
    fc.integer({ min: 1, max: 700 }).map((length) => silence(length)),
    fc.uint8Array({ maxLength: 2_000 }).map((bytes) => bytes.subarray(0, bytes.length - (bytes.length % 2))),
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const { clock, audio, heard } = listen();
      for (const bytes of parts) audio.append(bytes);
      clock.advance(10_000);
      let free = 0;
      for (const [index, event] of heard.entries()) {
        if (event.type === 'started') {
          expect(event.startMs).toBeGreaterThanOrEqual(free);
          free = event.startMs;
          continue;
        }
        const start = heard[index - 1];
        expect(start?.type).toBe('started');
        expect(event.endMs).toBeLessThanOrEqual(audio.receivedMs);
        expect(Math.floor(event.audio.length / 48)).toBe(event.endMs - free);
        expect(event.echoBytes).toBeLessThanOrEqual(event.audio.length);
        free = event.endMs;
      }
      expect(heard.length % 2).toBe(0);
      expect(audio.isSpeaking).toBe(false);
    }),
    { numRuns: 60 },
  );
});
