/** The shape of interleaved 16-bit little-endian PCM. */
export interface PcmFormat {
  /** Samples a second of one channel. */
  readonly sampleRate: number;
  readonly channels: number;
}

/** Bytes that can be read at any offset, so that a long file need not be in memory. */
export interface ByteSource {
  readonly length: number;
  /** Gives `length` bytes from `offset`, or fewer where the source ends. */
  read(offset: number, length: number): Uint8Array;
}

/** Where the samples of a WAV are, or a sentence that says why there are none to read. */
export type WavOutcome =
  | {
      readonly kind: 'wav';
      readonly format: PcmFormat;
      readonly dataOffset: number;
      /** A whole number of sample frames, never past the end of the source. */
      readonly dataLength: number;
    }
  | { readonly kind: 'error'; readonly message: string };

export const WAV_HEADER_BYTES = 44;

const BYTES_PER_SAMPLE = 2;
const SAMPLE_RATES = { min: 1_000, max: 384_000 };

/** A real file has a handful; the limit ends the walk through a crafted one. */
const MAX_CHUNKS = 4_096;

const PCM = 0x0001;
const EXTENSIBLE = 0xfffe;
const ENCODING_NAMES = new Map([
  [0x0002, 'Microsoft ADPCM'],
  [0x0003, 'floating point'],
  [0x0006, 'A-law'],
  [0x0007, 'mu-law'],
  [0x0011, 'IMA ADPCM'],
  [0x0055, 'MP3'],
]);

/** The tail of the sub-format identifiers that stand for a plain format tag (`KSDATAFORMAT_SUBTYPE_*`). */
const SUBFORMAT_TAIL = [0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xaa, 0x00, 0x38, 0x9b, 0x71];

/** A byte source over bytes in memory. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return { length: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/**
 * Finds the samples of a 16-bit PCM WAV, mono or stereo, plain or `WAVE_FORMAT_EXTENSIBLE`. Chunks of other kinds are
 * skipped. A data chunk that claims more bytes than there are, or that was never given its length by a program that
 * writes to a pipe, extends to the end of the source. Never throws for what the bytes say.
 */
export function locateWavSamples(source: ByteSource): WavOutcome {
  const riff = viewOf(source.read(0, 12));
  if (riff.byteLength < 12 || text(riff, 8) !== 'WAVE') return failed('not a WAV file');
  const container = text(riff, 0);
  if (container === 'RF64' || container === 'RIFX') return failed(`${container} files are not supported`);
  if (container !== 'RIFF') return failed('not a WAV file');

  let format: PcmFormat | null = null;
  let offset = 12;
  for (let count = 0; count < MAX_CHUNKS; count += 1) {
    const header = viewOf(source.read(offset, 8));
    if (header.byteLength < 8) {
      return failed(`the WAV file has no ${format === null ? 'format' : 'data'} chunk`);
    }
    const name = text(header, 0);
    const length = header.getUint32(4, true);
    const start = offset + 8;
    if (name === 'fmt ') {
      const outcome = readFormat(viewOf(source.read(start, Math.min(length, 40))));
      if (typeof outcome === 'string') return failed(outcome);
      format = outcome;
    } else if (name === 'data') {
      if (format === null) return failed('the WAV file has its data before its format');
      return located(format, start, length, source.length - start);
    }
    offset = start + length + (length % 2);
  }
  return failed(`the WAV file has no data among its first ${MAX_CHUNKS} chunks`);
}

/** The header of a WAV with `dataBytes` bytes of samples behind it. */
export function wavHeader(format: PcmFormat, dataBytes: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(WAV_HEADER_BYTES));
  const blockAlign = format.channels * BYTES_PER_SAMPLE;
  writeText(header, 0, 'RIFF');
  header.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes, true);
  writeText(header, 8, 'WAVE');
  writeText(header, 12, 'fmt ');
  header.setUint32(16, 16, true);
  header.setUint16(20, PCM, true);
  header.setUint16(22, format.channels, true);
  header.setUint32(24, format.sampleRate, true);
  header.setUint32(28, format.sampleRate * blockAlign, true);
  header.setUint16(32, blockAlign, true);
  header.setUint16(34, BYTES_PER_SAMPLE * 8, true);
  writeText(header, 36, 'data');
  header.setUint32(40, dataBytes, true);
  return new Uint8Array(header.buffer);
}

/** True for a sample rate this project reads and resamples. */
export function isSupportedSampleRate(rate: number): boolean {
  return Number.isInteger(rate) && rate >= SAMPLE_RATES.min && rate <= SAMPLE_RATES.max;
}

function readFormat(chunk: DataView): PcmFormat | string {
  if (chunk.byteLength < 16) return 'the format chunk of the WAV file is too short';
  const tag = encodingTag(chunk);
  const channels = chunk.getUint16(2, true);
  const sampleRate = chunk.getUint32(4, true);
  const bits = chunk.getUint16(14, true);
  if (tag !== PCM) return `${encodingName(tag)} WAV files are not supported; expected 16-bit PCM`;
  if (bits !== BYTES_PER_SAMPLE * 8) return `${bits}-bit WAV files are not supported; expected 16-bit PCM`;
  if (channels !== 1 && channels !== 2) {
    return `WAV files with ${channels} channels are not supported; expected 1 or 2`;
  }
  if (!isSupportedSampleRate(sampleRate)) {
    return `a sample rate of ${sampleRate} Hz is not supported; expected ${SAMPLE_RATES.min} to ${SAMPLE_RATES.max}`;
  }
  return { sampleRate, channels };
}

/** The format tag; for the extensible format the one its sub-format stands for, or that of the extension itself. */
function encodingTag(chunk: DataView): number {
  const tag = chunk.getUint16(0, true);
  if (tag !== EXTENSIBLE || chunk.byteLength < 40) return tag;
  const isPlain = SUBFORMAT_TAIL.every((byte, index) => chunk.getUint8(28 + index) === byte);
  return isPlain && chunk.getUint16(26, true) === 0 ? chunk.getUint16(24, true) : tag;
}

function encodingName(tag: number): string {
  return ENCODING_NAMES.get(tag) ?? `encoding 0x${tag.toString(16).padStart(4, '0')}`;
}

function located(format: PcmFormat, dataOffset: number, claimed: number, available: number): WavOutcome {
  const isOpenEnded = claimed === 0 || claimed >= 0xffff_fff0 || claimed > available;
  const bytes = isOpenEnded ? available : claimed;
  return {
    kind: 'wav',
    format,
    dataOffset,
    dataLength: bytes - (bytes % (format.channels * BYTES_PER_SAMPLE)),
  };
}

function failed(message: string): WavOutcome {
  return { kind: 'error', message };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function text(view: DataView, offset: number): string {
  let result = '';
  for (let index = 0; index < 4; index += 1) result += String.fromCharCode(view.getUint8(offset + index));
  return result;
}

function writeText(view: DataView, offset: number, value: string): void {
  for (let index = 0; index < value.length; index += 1)
    view.setUint8(offset + index, value.charCodeAt(index));
}
