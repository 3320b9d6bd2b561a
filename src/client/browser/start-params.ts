import type { ParamsInputOf, ThreadRealtimeStartTransport } from '../../protocol/index.ts';
import type { VoiceCallOptions } from './voice-call-options.ts';

/** What the start of a call asks for. An option that is left out is left out here: for a prompt null means another thing. */
export function startParams(
  options: VoiceCallOptions,
  transport: ThreadRealtimeStartTransport,
): ParamsInputOf<'thread/realtime/start'> {
  const { threadId, outputModality, voice, version, prompt, model } = options;
  return {
    threadId,
    outputModality,
    transport,
    ...(voice === undefined ? {} : { voice }),
    ...(version === undefined ? {} : { version }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(model === undefined ? {} : { model }),
  };
}
