import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { AudioSource, openWavFile, readPcmStream } from '../../src/cli/talk/audio-source.ts';
import type { PcmReader } from '../../src/cli/talk/audio-source.ts';
import { MonoConverter } from '../../src/cli/talk/mono-converter.ts';
import { WavFileWriter } from '../../src/util/wav-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'parley-talk-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** All frames of a source that never has to be waited for. */
function framesOf(reader: PcmReader): Uint8Array[] {
  const source = new AudioSource(reader);
  const frames: Uint8Array[] = [];
  for (let frame = source.next(); frame !== 'ended'; frame = source.next()) {
    if (frame === 'pending') throw new Error('expected a frame');
    frames.push(frame);
  }
  source.close();
  return frames;
}

describe('input audio', () => {
  it('passes 24 kHz mono on as it is, the last frame filled up with silence', () => {
    const path = join(directory, 'mono.wav');
    const samples = Buffer.alloc(960 + 100).fill(7);
    const writer = new WavFileWriter(path, { sampleRate: 24_000, channels: 1 });
    writer.append(samples);
    writer.close();
    const frames = framesOf(openWavFile(path));
    expect(frames.map((frame) => frame.length)).toEqual([960, 960]);
    expect(Buffer.concat(frames)).toEqual(Buffer.concat([samples, Buffer.alloc(860)]));
  });

  it.each([
    { sampleRate: 48_000, channels: 2 },
    { sampleRate: 22_050, channels: 1 },
    { sampleRate: 11_025, channels: 2 },
  ])('keeps the duration of $channels channels at $sampleRate Hz', (format) => {
    const path = join(directory, 'other.wav');
    const writer = new WavFileWriter(path, format);
    writer.append(Buffer.alloc(format.sampleRate * format.channels * 2));
    writer.close();
    expect(framesOf(openWavFile(path)).length).toBe(50);
  });

  it('names the file that it cannot read', () => {
    expect(() => openWavFile('/no/such.wav')).toThrow(/^cannot read \/no\/such\.wav: ENOENT/);
    expect(() => openWavFile(directory)).toThrow(/^cannot read .*: (not a regular file|EISDIR)/);
  });

  it('waits for a pipe, and ends with it', async () => {
    const pipe = new PassThrough();
    const source = new AudioSource(readPcmStream(pipe, { sampleRate: 24_000, channels: 1 }));
    expect(source.next()).toBe('pending');
    pipe.write(Buffer.alloc(1000, 1));
    expect(source.next()).toEqual(new Uint8Array(960).fill(1));
    expect(source.next()).toBe('pending');
    pipe.end(Buffer.alloc(20, 1));
    let last = source.next();
    while (last === 'pending') {
      await turn();
      last = source.next();
    }
    expect(last).toEqual(new Uint8Array(960).fill(1, 0, 60));
    expect(source.next()).toBe('ended');
  });

  it('does not read a pipe faster than it is sent', async () => {
    const pipe = new PassThrough({ highWaterMark: 4096 });
    const source = new AudioSource(readPcmStream(pipe, { sampleRate: 24_000, channels: 1 }));
    expect(source.next()).toBe('pending');
    while (pipe.write(Buffer.alloc(960))) await turn();
    expect(source.next()).toHaveLength(960);
    await turn();
    expect(pipe.readableLength).toBeGreaterThan(0);
    source.close();
    expect(pipe.destroyed).toBe(true);
  });

  it('tells a WAV on a pipe from raw PCM', () => {
    const pipe = new PassThrough();
    const source = new AudioSource(readPcmStream(pipe, { sampleRate: 24_000, channels: 1 }));
    pipe.write(Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(1000)]));
    expect(() => source.next()).toThrow('standard input is a WAV file');
  });
});

describe('conversion to one channel at 24 kHz', () => {
  it('does not depend on where the bytes were cut', () => {
    const format = fc.record({
      sampleRate: fc.constantFrom(24_000, 22_050, 48_000),
      channels: fc.constantFrom(1, 2),
    });
    fc.assert(
      fc.property(format, fc.array(fc.uint8Array({ maxLength: 40 })), (chosen, pieces) => {
        const convert = (parts: readonly Uint8Array[]): Buffer => {
          const converter = new MonoConverter(chosen);
          const output = parts.map((part) => converter.push(part).slice());
          return Buffer.concat([...output, converter.end()]);
        };
        expect(convert(pieces)).toEqual(convert([Buffer.concat(pieces)]));
      }),
    );
  });
});
