/** What goes to the daemon and into the answer file: 16-bit little-endian PCM, one channel. */
export const SAMPLE_RATE = 24_000;

export const BYTES_PER_SECOND = SAMPLE_RATE * 2;

/** The length of an input frame. */
export const FRAME_MS = 20;

export const FRAME_BYTES = (BYTES_PER_SECOND * FRAME_MS) / 1000;
