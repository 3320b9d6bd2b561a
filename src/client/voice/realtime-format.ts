/** Samples a second of the audio that a realtime session takes: 16-bit little-endian PCM of one channel. */
export const REALTIME_SAMPLE_RATE = 24_000;
