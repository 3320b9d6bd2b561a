/** One channel of 16-bit little-endian PCM as numbers of the same scale; several channels are averaged. */
export function pcm16ToMono(bytes: Uint8Array, channels: number): Float32Array {
  const samples = new Float32Array(Math.floor(bytes.length / (2 * channels)));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < samples.length; index += 1) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel += 1) {
      sum += view.getInt16((index * channels + channel) * 2, true);
    }
    samples[index] = sum / channels;
  }
  return samples;
}

/** The other way round, for one channel: rounds, and limits what is out of range. */
export function monoToPcm16(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2);
  const view = new DataView(bytes.buffer);
  samples.forEach((sample, index) => {
    view.setInt16(index * 2, Math.max(-32_768, Math.min(32_767, Math.round(sample))), true);
  });
  return bytes;
}
