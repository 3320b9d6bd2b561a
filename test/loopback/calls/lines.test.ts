import { expect, test } from 'vitest';
import { g711Codec } from '../../../src/loopback/calls/g711.ts';
import { LineIn, REORDER_WAIT_MS } from '../../../src/loopback/calls/line-in.ts';
import { LineOut } from '../../../src/loopback/calls/line-out.ts';
import type { AudioFrame } from '../../../src/loopback/calls/line-out.ts';
import { tone } from '../support/audio.ts';
import { ManualClock } from '../support/manual-clock.ts';

const codec = g711Codec('PCMU');

interface Line {
  readonly clock: ManualClock;
  readonly line: LineOut;
  readonly frames: AudioFrame[];
  readonly told: string[];
  readonly open: (name: string) => ReturnType<LineOut['open']>;
}

function lineOut(): Line {
  const clock = new ManualClock();
  const frames: AudioFrame[] = [];
  const told: string[] = [];
  const line = new LineOut({
    clock,
    codec,
    firstSequence: 65_534,
    firstTimestamp: 2 ** 32 - 320,
    send: (frame) => frames.push(frame),
  });
  const open = (name: string): ReturnType<LineOut['open']> =>
    line.open({ started: () => told.push(`${name} started`), ended: () => told.push(`${name} ended`) });
  return { clock, line, frames, told, open };
}

function isSilence({ payload }: AudioFrame): boolean {
  return payload.every((code) => code === codec.silence);
}

test('sends a frame every 20 ms, silence included, with counters that wrap', () => {
  const { clock, line, frames } = lineOut();
  line.start();
  clock.advance(79);
  const silent = { marker: false, payload: new Uint8Array(160).fill(0xff) };
  expect(frames).toEqual([
    { sequence: 65_534, timestamp: 2 ** 32 - 320, ...silent },
    { sequence: 65_535, timestamp: 2 ** 32 - 160, ...silent },
    { sequence: 0, timestamp: 0, ...silent },
    { sequence: 1, timestamp: 160, ...silent },
  ]);
  line.stop();
  clock.advance(1_000);
  expect([frames.length, clock.timerCount]).toEqual([4, 0]);
});

test('plays pieces one after the other, and tells when each begins and ends', () => {
  const { clock, line, frames, told, open } = lineOut();
  line.start();
  const [first, second, empty] = [open('first'), open('second'), open('empty')];
  empty.finish();
  second.write(tone(40));
  second.finish();
  first.write(tone(60));
  clock.advance(100);
  expect(told).toEqual(['first started']);
  first.finish();
  clock.advance(100);
  expect(told).toEqual(['first started', 'first ended', 'second started', 'second ended', 'empty ended']);
  expect(frames.findIndex(({ marker }) => marker)).toBe(1);
  const loud = frames.filter((frame) => !isSilence(frame));
  expect(loud.length).toBe(5);
  first.write(tone(100));
  clock.advance(100);
  expect(frames.slice(-5).every(isSilence)).toBe(true);
});

test('cuts a piece at once, and knows how much of it was played', () => {
  const { clock, line, frames, told, open } = lineOut();
  line.start();
  const piece = open('piece');
  piece.write(tone(1_000));
  piece.finish();
  clock.advance(200);
  expect(piece.cut()).toBe(200);
  clock.advance(200);
  expect(told).toEqual(['piece started']);
  expect(frames.slice(11).every(isSilence)).toBe(true);
  expect(piece.cut()).toBe(200);
});

test('skips time in which the process stood still', () => {
  const { clock, line, frames } = lineOut();
  line.start();
  clock.jump(5_000);
  expect(frames.map(({ sequence, timestamp }) => [sequence, timestamp]).slice(0, 3)).toEqual([
    [65_534, 2 ** 32 - 320],
    [65_535, (241 - 2) * 160],
    [0, (242 - 2) * 160],
  ]);
  expect(frames.length).toBe(11);
  line.stop();
});

test('hears packets in order, and waits for a missing one only for a while', () => {
  const clock = new ManualClock();
  let heard = 0;
  const line = new LineIn({ clock, codec, onAudio: (samples) => (heard += samples.length / 48) });
  const receive = (number: number, ssrc = 1): void =>
    line.receive({
      ssrc,
      sequence: number,
      timestamp: number * 160,
      payload: new Uint8Array(160).fill(0xff),
    });
  receive(0);
  // The filter of the rate keeps the last 4 ms.
  expect(heard).toBe(16);
  receive(2);
  clock.advance(REORDER_WAIT_MS - 1);
  expect(heard).toBe(16);
  clock.advance(1);
  expect(heard).toBe(56);
  receive(1);
  expect(heard).toBe(56);
  receive(40_000, 2);
  expect(heard).toBe(76);
  receive(40_002, 2);
  line.dispose();
  expect(clock.timerCount).toBe(0);
});
