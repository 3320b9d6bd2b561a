import { pcm16Bytes } from '../../util/pcm.ts';
import { SAMPLE_RATE } from './audio-format.ts';

/** Pitches of a pentatonic scale, in hertz, so that any sequence of words sounds harmless. */
const PITCHES = [330, 392, 440, 523, 587, 659];

const LOUDNESS = 0.12;
const TONE_SAMPLES = 0.14 * SAMPLE_RATE;
const GAP_SAMPLES = 0.06 * SAMPLE_RATE;
const FADE_SAMPLES = 0.03 * SAMPLE_RATE;

/** Soft tones, one for each word and the same for the same word: an answer that nobody can take for a voice. */
export function tonesFor(words: readonly string[]): Uint8Array {
  const samples = new Float32Array(words.length * (TONE_SAMPLES + GAP_SAMPLES));
  for (const [index, word] of words.entries()) {
    const step = (2 * Math.PI * pitchOf(word)) / SAMPLE_RATE;
    const start = index * (TONE_SAMPLES + GAP_SAMPLES);
    for (let sample = 0; sample < TONE_SAMPLES; sample += 1) {
      samples[start + sample] = LOUDNESS * fade(sample) * Math.sin(step * sample);
    }
  }
  return pcm16Bytes(samples);
}

function pitchOf(word: string): number {
  let sum = 0;
  for (const character of word.trim()) sum += character.codePointAt(0) ?? 0;
  return PITCHES[sum % PITCHES.length]!;
}

/** Rises from 0 to 1 at the beginning of a tone and falls at its end, without a corner that would click. */
function fade(sample: number): number {
  const edge = Math.min(sample, TONE_SAMPLES - 1 - sample) / FADE_SAMPLES;
  return edge >= 1 ? 1 : (1 - Math.cos(Math.PI * edge)) / 2;
}
