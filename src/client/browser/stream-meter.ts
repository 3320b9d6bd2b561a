import type { ReleaseStack } from './release-stack.ts';

/** How often a stream is looked at, in milliseconds. */
const POLL_MS = 100;

/** Measures a stream that the browser itself sends or plays; `onLevel` hears its root mean square as a part of full scale. */
export function meterStream(
  context: AudioContext,
  stream: MediaStream,
  onLevel: (rms: number) => void,
  releases: ReleaseStack,
): void {
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  // Some 85 ms at the usual rate, so that hardly anything falls between two looks.
  analyser.fftSize = 4_096;
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    let squares = 0;
    for (const sample of samples) squares += sample * sample;
    onLevel(Math.sqrt(squares / samples.length));
  }, POLL_MS);
  releases.add(() => {
    clearInterval(timer);
    source.disconnect();
  });
}
