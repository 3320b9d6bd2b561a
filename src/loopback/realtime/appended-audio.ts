import { decodeBase64 } from '../../util/base64.ts';
import { invalidRequest } from '../api-error.ts';
import type { ApiProblem } from '../api-error.ts';

/** The most audio that one `input_audio_buffer.append` may carry, in bytes. */
const APPEND_LIMIT_BYTES = 15 * 1024 * 1024;

export type AppendedAudioOutcome =
  { readonly ok: true; readonly samples: Uint8Array } | { readonly ok: false; readonly problem: ApiProblem };

/** Reads the audio of an append: base64 of whole 16-bit samples. */
export function readAppendedAudio(audio: string): AppendedAudioOutcome {
  const samples = decodeBase64(audio);
  if (samples === null) return refused("'audio' has to be base64 with its padding.");
  if (samples.length > APPEND_LIMIT_BYTES) return refused('One append can carry 15 MiB of audio at most.');
  if (samples.length % 2 !== 0)
    return refused("'audio' has to be whole 16-bit samples, an even number of bytes.");
  return { ok: true, samples };
}

function refused(message: string): AppendedAudioOutcome {
  return { ok: false, problem: invalidRequest('invalid_value', message, 'audio') };
}
