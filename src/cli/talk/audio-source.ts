import type { Readable } from 'node:stream';
import { errorMessage } from '../../util/errors.ts';
import { WavFileReader } from '../../util/wav-file.ts';
import type { PcmFormat } from '../../util/wav.ts';
import { FRAME_BYTES, FRAME_MS } from './audio-format.ts';
import { MonoConverter } from './mono-converter.ts';

/** Where PCM comes from, read by polling: `pending` when more will come, `ended` when none will. */
export interface PcmReader {
  readonly format: PcmFormat;
  /** Gives at most `length` bytes. */
  read(length: number): Uint8Array | 'pending' | 'ended';
  close(): void;
}

/** The input audio of a call, cut into frames of 20 ms. It is read no further ahead than one frame. */
export class AudioSource {
  readonly #reader: PcmReader;
  readonly #converter: MonoConverter;
  readonly #bytesPerRead: number;
  #buffered: Uint8Array = new Uint8Array(0);
  #hasEnded = false;

  constructor(reader: PcmReader) {
    const { sampleRate, channels } = reader.format;
    this.#reader = reader;
    this.#converter = new MonoConverter(reader.format);
    this.#bytesPerRead = Math.ceil((sampleRate * FRAME_MS) / 1000) * channels * 2;
  }

  /** Gives the next frame; the last one is filled up with silence. Throws when the source cannot be read. */
  next(): Uint8Array | 'pending' | 'ended' {
    while (this.#buffered.length < FRAME_BYTES && !this.#hasEnded) {
      const piece = this.#reader.read(this.#bytesPerRead);
      if (piece === 'pending') return 'pending';
      if (piece === 'ended') this.#hasEnded = true;
      const converted = piece === 'ended' ? this.#converter.end() : this.#converter.push(piece);
      this.#buffered = Buffer.concat([this.#buffered, converted]);
    }
    if (this.#buffered.length === 0) return 'ended';
    const frame = new Uint8Array(FRAME_BYTES);
    frame.set(this.#buffered.subarray(0, FRAME_BYTES));
    this.#buffered = this.#buffered.subarray(FRAME_BYTES);
    return frame;
  }

  close(): void {
    this.#reader.close();
  }
}

/** Reads a WAV file. Throws with a sentence that names the file when it cannot. */
export function openWavFile(path: string): PcmReader {
  try {
    const reader = new WavFileReader(path);
    return {
      format: reader.format,
      read: (length) => {
        const bytes = reader.read(length);
        return bytes.length === 0 ? 'ended' : bytes;
      },
      close: () => reader.close(),
    };
  } catch (error) {
    throw new Error(`cannot read ${path}: ${errorMessage(error)}`, { cause: error });
  }
}

/** Reads raw PCM from a pipe. What is not asked for stays in the pipe, so its writer is held up. */
export function readPcmStream(stream: Readable, format: PcmFormat): PcmReader {
  let failure: Error | null = null;
  let isFirst = true;
  const onError = (error: Error): void => {
    failure = error;
  };
  // With this listener the stream fills its own buffer and no more.
  const onReadable = (): void => {};
  stream.on('readable', onReadable);
  stream.on('error', onError);
  return {
    format,
    read: (length) => {
      if (failure !== null) throw new Error(`cannot read standard input: ${failure.message}`);
      const bytes = stream.read(length) as Buffer | null;
      if (bytes === null) return stream.readableEnded || stream.destroyed ? 'ended' : 'pending';
      if (isFirst && bytes.toString('latin1', 0, 4) === 'RIFF') {
        throw new Error(
          'standard input is a WAV file; expected raw PCM (give the path of a WAV file instead)',
        );
      }
      isFirst = false;
      return bytes;
    },
    close: () => {
      stream.off('readable', onReadable);
      stream.destroy();
    },
  };
}
