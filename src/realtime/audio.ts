import type { ThreadRealtimeAudioChunk } from '../protocol/index.ts';

/** How long a chunk of PCM16 plays, in whole milliseconds; 0 when its length is no base64 length. */
export function chunkDurationMs({
  data,
  sampleRate,
  numChannels,
  samplesPerChannel,
}: ThreadRealtimeAudioChunk): number {
  const samples =
    samplesPerChannel ?? Math.floor(Math.floor(base64Bytes(data) / 2) / Math.max(numChannels, 1));
  return Math.floor((samples * 1000) / Math.max(sampleRate, 1));
}

/** The decoded length of padded base64, in bytes, without decoding it. */
function base64Bytes(data: string): number {
  if (data.length === 0 || data.length % 4 !== 0) return 0;
  const padding = data.endsWith('==') ? 2 : data.endsWith('=') ? 1 : 0;
  return (data.length / 4) * 3 - padding;
}
