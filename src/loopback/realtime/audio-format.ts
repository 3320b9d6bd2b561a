/** The only audio that the loopback takes and gives: little-endian 16-bit samples, one channel. */
export const SAMPLE_RATE = 24_000;
export const BYTES_PER_MS = (SAMPLE_RATE / 1000) * 2;

/** Milliseconds of audio in so many bytes, rounded down. */
export function bytesToMs(bytes: number): number {
  return Math.floor(bytes / BYTES_PER_MS);
}
