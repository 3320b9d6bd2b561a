import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { WAV_HEADER_BYTES, locateWavSamples, wavHeader } from './wav.ts';
import type { ByteSource, PcmFormat } from './wav.ts';

/** The most sample bytes a WAV header can state. */
const MAX_DATA_BYTES = 0xffff_ffff - WAV_HEADER_BYTES;

/**
 * Reads the samples of a WAV file piece by piece. The reads are synchronous: a piece is small, and most come from the
 * cache of the operating system.
 */
export class WavFileReader {
  readonly format: PcmFormat;
  /** Bytes of samples in the file. */
  readonly dataLength: number;
  readonly #descriptor: number;
  readonly #source: ByteSource;
  readonly #dataOffset: number;
  #position = 0;
  #isClosed = false;

  /** Throws with a sentence when the file cannot be opened, is no regular file, or holds no 16-bit PCM. */
  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
    try {
      const stat = fstatSync(this.#descriptor);
      if (!stat.isFile()) throw new Error('not a regular file');
      this.#source = fileSource(this.#descriptor, stat.size);
      const outcome = locateWavSamples(this.#source);
      if (outcome.kind === 'error') throw new Error(outcome.message);
      this.format = outcome.format;
      this.dataLength = outcome.dataLength;
      this.#dataOffset = outcome.dataOffset;
    } catch (error) {
      closeSync(this.#descriptor);
      throw error;
    }
  }

  /** Gives the next `length` bytes of samples, or fewer at the end, where an empty array follows. */
  read(length: number): Uint8Array {
    const wanted = Math.min(length, this.dataLength - this.#position);
    const bytes = this.#source.read(this.#dataOffset + this.#position, wanted);
    this.#position = bytes.length < wanted ? this.dataLength : this.#position + bytes.length;
    return bytes;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }
}

/**
 * Writes a WAV file as its samples come, and can take back the newest ones. The header is brought up to date each
 * second of audio and at the end, so that the file can be played even if the process is killed. The writes are
 * synchronous, so that nothing queues up in memory.
 */
export class WavFileWriter {
  readonly #descriptor: number;
  readonly #format: PcmFormat;
  #dataBytes = 0;
  #statedBytes = 0;
  #isClosed = false;

  /** Creates or empties the file; throws what the file system says when it cannot. */
  constructor(path: string, format: PcmFormat) {
    this.#format = format;
    this.#descriptor = openSync(path, 'w');
    this.#writeHeader();
  }

  /** Bytes of samples in the file. */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /** Throws what the file system says, and when the file would be longer than the format allows. */
  append(bytes: Uint8Array): void {
    if (this.#dataBytes + bytes.length > MAX_DATA_BYTES) throw new Error('the WAV file has reached 4 GiB');
    writeAll(this.#descriptor, bytes, WAV_HEADER_BYTES + this.#dataBytes);
    this.#dataBytes += bytes.length;
    const bytesPerSecond = this.#format.sampleRate * this.#format.channels * 2;
    if (this.#dataBytes - this.#statedBytes >= bytesPerSecond) this.#writeHeader();
  }

  /** Takes back everything after the first `dataBytes` bytes of samples. */
  truncate(dataBytes: number): void {
    if (dataBytes >= this.#dataBytes) return;
    this.#dataBytes = Math.max(0, dataBytes);
    ftruncateSync(this.#descriptor, WAV_HEADER_BYTES + this.#dataBytes);
    this.#writeHeader();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#writeHeader();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #writeHeader(): void {
    writeAll(this.#descriptor, wavHeader(this.#format, this.#dataBytes), 0);
    this.#statedBytes = this.#dataBytes;
  }
}

function fileSource(descriptor: number, length: number): ByteSource {
  return {
    length,
    read: (offset, wanted) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(wanted, length - offset)));
      let filled = 0;
      while (filled < bytes.length) {
        const count = readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    },
  };
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}
