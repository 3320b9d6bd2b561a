import type { PacedStep } from '../paced-run.ts';
import { BYTES_PER_MS, bytesToMs } from './audio-format.ts';

export interface PlaybackOptions {
  readonly audio: Uint8Array;
  /** The pieces of the transcript, spread evenly over the audio. */
  readonly words: readonly string[];
  readonly onWord: (word: string) => void;
  readonly onChunk: (chunk: Uint8Array) => void;
}

const CHUNK_MS = 100;

/** How far ahead of its own playing audio is sent, so that a player never runs dry. */
const LEAD_MS = 300;

/**
 * The steps that send audio and its transcript at the pace at which the audio plays. The last one comes when all of it
 * can have been played, so that what follows does not run ahead.
 */
export function playbackSteps({ audio, words, onWord, onChunk }: PlaybackOptions): PacedStep[] {
  const chunkBytes = CHUNK_MS * BYTES_PER_MS;
  const chunkCount = Math.ceil(audio.length / chunkBytes);
  const steps: PacedStep[] = [];
  let nextWord = 0;
  for (let index = 0; index < Math.max(1, chunkCount); index += 1) {
    const atMs = Math.max(0, index * CHUNK_MS - LEAD_MS);
    const wordsByNow = Math.ceil(((index + 1) * words.length) / Math.max(1, chunkCount));
    for (; nextWord < Math.min(wordsByNow, words.length); nextWord += 1) {
      const word = words[nextWord]!;
      steps.push({ atMs, run: () => onWord(word) });
    }
    const chunk = audio.subarray(index * chunkBytes, (index + 1) * chunkBytes);
    if (chunk.length > 0) steps.push({ atMs, run: () => onChunk(chunk) });
  }
  steps.push({ atMs: bytesToMs(audio.length), run: () => {} });
  return steps;
}
