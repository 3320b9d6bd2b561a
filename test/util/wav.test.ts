import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { WavFileReader, WavFileWriter } from '../../src/util/wav-file.ts';
import { bytesSource, locateWavSamples, wavHeader } from '../../src/util/wav.ts';
import type { WavOutcome } from '../../src/util/wav.ts';

const directory = mkdtempSync(join(tmpdir(), 'parley-wav-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const locate = (...parts: Uint8Array[]): WavOutcome => locateWavSamples(bytesSource(Buffer.concat(parts)));

function chunk(name: string, body: Uint8Array): Uint8Array {
  const header = Buffer.alloc(8);
  header.write(name, 'latin1');
  header.writeUInt32LE(body.length, 4);
  return Buffer.concat([header, body, Buffer.alloc(body.length % 2)]);
}

function formatBody({ tag = 1, channels = 1, rate = 24_000, bits = 16 } = {}): Buffer {
  const body = Buffer.alloc(16);
  body.writeUInt16LE(tag, 0);
  body.writeUInt16LE(channels, 2);
  body.writeUInt32LE(rate, 4);
  body.writeUInt32LE((rate * channels * bits) / 8, 8);
  body.writeUInt16LE((channels * bits) / 8, 12);
  body.writeUInt16LE(bits, 14);
  return body;
}

function extensibleBody(subformat: string, fields: Parameters<typeof formatBody>[0] = {}): Buffer {
  const extension = Buffer.alloc(8);
  extension.writeUInt16LE(22, 0);
  extension.writeUInt16LE(16, 2);
  return Buffer.concat([formatBody({ ...fields, tag: 0xfffe }), extension, Buffer.from(subformat, 'hex')]);
}

const RIFF = Buffer.from('RIFF\xff\xff\xff\x7fWAVE', 'latin1');
const SAMPLES = Buffer.from([1, 0, 2, 0, 3, 0, 4, 0]);
const PCM_SUBFORMAT = '0100000000001000800000aa00389b71';

describe('locating the samples of a WAV', () => {
  it('finds them behind a plain header', () => {
    expect(locate(RIFF, chunk('fmt ', formatBody()), chunk('data', SAMPLES))).toEqual({
      kind: 'wav',
      format: { sampleRate: 24_000, channels: 1 },
      dataOffset: 44,
      dataLength: 8,
    });
  });

  it('skips other chunks, also those of odd length', () => {
    const outcome = locate(
      RIFF,
      chunk('LIST', Buffer.from('abc')),
      chunk('fmt ', formatBody({ channels: 2, rate: 48_000 })),
      chunk('fact', Buffer.alloc(4)),
      chunk('data', SAMPLES),
    );
    expect(outcome).toEqual({
      kind: 'wav',
      format: { sampleRate: 48_000, channels: 2 },
      dataOffset: 68,
      dataLength: 8,
    });
  });

  it('reads the extensible format when it holds PCM', () => {
    const body = extensibleBody(PCM_SUBFORMAT, { channels: 2, rate: 44_100 });
    expect(locate(RIFF, chunk('fmt ', body), chunk('data', SAMPLES))).toMatchObject({
      kind: 'wav',
      format: { sampleRate: 44_100, channels: 2 },
    });
  });

  it('takes the rest of the source when the data chunk has no length, or too much of it', () => {
    const unfinished = Buffer.from('data\0\0\0\0', 'latin1');
    const piped = Buffer.from('data\xff\xff\xff\xff', 'latin1');
    const cutOff = Buffer.from('data\x40\0\0\0', 'latin1');
    for (const header of [unfinished, piped, cutOff]) {
      const outcome = locate(RIFF, chunk('fmt ', formatBody()), header, SAMPLES, Buffer.from([9]));
      expect(outcome).toMatchObject({ kind: 'wav', dataOffset: 44, dataLength: 8 });
    }
  });

  it.each([
    ['nothing at all', Buffer.alloc(0), 'not a WAV file'],
    ['another file', Buffer.from('%PDF-1.7 something'), 'not a WAV file'],
    ['RF64', Buffer.from('RF64\0\0\0\0WAVEds64', 'latin1'), 'RF64 files are not supported'],
    ['no chunks', RIFF, 'the WAV file has no format chunk'],
    ['no data', Buffer.concat([RIFF, chunk('fmt ', formatBody())]), 'the WAV file has no data chunk'],
    [
      'data first',
      Buffer.concat([RIFF, chunk('data', SAMPLES)]),
      'the WAV file has its data before its format',
    ],
    [
      'a short format',
      Buffer.concat([RIFF, chunk('fmt ', Buffer.alloc(10))]),
      'the format chunk of the WAV file is too short',
    ],
    [
      'floating point',
      Buffer.concat([RIFF, chunk('fmt ', formatBody({ tag: 3, bits: 32 }))]),
      'floating point WAV files are not supported; expected 16-bit PCM',
    ],
    [
      'extensible floating point',
      Buffer.concat([RIFF, chunk('fmt ', extensibleBody(`03${PCM_SUBFORMAT.slice(2)}`, { bits: 32 }))]),
      'floating point WAV files are not supported; expected 16-bit PCM',
    ],
    [
      'an extension of its own kind',
      Buffer.concat([RIFF, chunk('fmt ', extensibleBody('ff'.repeat(16)))]),
      'encoding 0xfffe WAV files are not supported; expected 16-bit PCM',
    ],
    [
      '24 bits',
      Buffer.concat([RIFF, chunk('fmt ', formatBody({ bits: 24 }))]),
      '24-bit WAV files are not supported; expected 16-bit PCM',
    ],
    [
      'six channels',
      Buffer.concat([RIFF, chunk('fmt ', formatBody({ channels: 6 }))]),
      'WAV files with 6 channels are not supported; expected 1 or 2',
    ],
    [
      'no sample rate',
      Buffer.concat([RIFF, chunk('fmt ', formatBody({ rate: 0 }))]),
      'a sample rate of 0 Hz is not supported; expected 1000 to 384000',
    ],
    [
      'endless empty chunks',
      Buffer.concat([RIFF, Buffer.alloc(8 * 5000, 'junk\0\0\0\0', 'latin1')]),
      'the WAV file has no data among its first 4096 chunks',
    ],
  ])('says what is wrong with %s', (_name, bytes, message) => {
    expect(locate(bytes)).toEqual({ kind: 'error', message });
  });

  it('never throws, and never points outside the bytes', () => {
    const body = fc.uint8Array({ maxLength: 64 });
    const name = fc.constantFrom('fmt ', 'data', 'LIST', 'RIFF', 'junk');
    const pieces = fc.array(
      fc.oneof(
        body,
        fc.tuple(name, body).map(([kind, bytes]) => chunk(kind, bytes)),
        fc
          .record({ tag: fc.nat(3), channels: fc.nat(3), rate: fc.nat(50_000), bits: fc.constant(16) })
          .map((fields) => chunk('fmt ', formatBody(fields))),
      ),
    );
    fc.assert(
      fc.property(fc.boolean(), pieces, (isRiff, parts) => {
        const bytes = Buffer.concat(isRiff ? [RIFF, ...parts] : parts);
        const outcome = locateWavSamples(bytesSource(bytes));
        if (outcome.kind === 'error') {
          expect(outcome.message).not.toBe('');
          return;
        }
        expect(outcome.dataOffset + outcome.dataLength).toBeLessThanOrEqual(bytes.length);
        expect(outcome.dataLength % (outcome.format.channels * 2)).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('WAV files', () => {
  it('reads back what it wrote, however it was cut', () => {
    const format = fc.record({
      sampleRate: fc.integer({ min: 1000, max: 384_000 }),
      channels: fc.constantFrom(1, 2),
    });
    const pieces = fc.array(fc.uint8Array({ maxLength: 50 }));
    const path = join(directory, 'round-trip.wav');
    fc.assert(
      fc.property(format, pieces, (written, parts) => {
        const writer = new WavFileWriter(path, written);
        for (const part of parts) writer.append(part);
        writer.close();
        const all = Buffer.concat(parts);
        const expected = all.subarray(0, all.length - (all.length % (written.channels * 2)));
        expect(locateWavSamples(bytesSource(readFileSync(path)))).toEqual({
          kind: 'wav',
          format: written,
          dataOffset: 44,
          dataLength: expected.length,
        });
        const reader = new WavFileReader(path);
        const read: Uint8Array[] = [];
        for (let piece = reader.read(7); piece.length > 0; piece = reader.read(7)) read.push(piece);
        reader.close();
        expect(Buffer.concat(read)).toEqual(expected);
      }),
    );
  });

  it('takes back the newest samples and goes on from there', () => {
    const path = join(directory, 'truncated.wav');
    const writer = new WavFileWriter(path, { sampleRate: 24_000, channels: 1 });
    writer.append(Buffer.from([1, 0, 2, 0, 3, 0]));
    writer.truncate(4);
    expect(writer.dataBytes).toBe(4);
    writer.append(Buffer.from([9, 0]));
    writer.close();
    writer.close();
    const format = { sampleRate: 24_000, channels: 1 };
    expect(readFileSync(path)).toEqual(
      Buffer.concat([wavHeader(format, 6), Buffer.from([1, 0, 2, 0, 9, 0])]),
    );
  });

  it('can be played before it is closed', () => {
    const path = join(directory, 'unfinished.wav');
    const writer = new WavFileWriter(path, { sampleRate: 1000, channels: 1 });
    for (let second = 0; second < 3; second += 1) writer.append(Buffer.alloc(2000, second));
    expect(locateWavSamples(bytesSource(readFileSync(path)))).toMatchObject({
      kind: 'wav',
      dataLength: 6000,
    });
    writer.close();
  });

  it('refuses what is no file and what is no WAV', () => {
    expect(() => new WavFileReader(join(directory, 'absent.wav'))).toThrow(/ENOENT/);
    expect(() => new WavFileReader(directory)).toThrow('not a regular file');
    const path = join(directory, 'text.wav');
    writeFileSync(path, 'only words');
    expect(() => new WavFileReader(path)).toThrow('not a WAV file');
  });
});
