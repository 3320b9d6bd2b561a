import { VoiceCallError } from './errors.ts';
import type { ReleaseStack } from './release-stack.ts';
import { audioWorkletSource } from './worklet-source.ts';

/** How long a browser may take to begin with the audio, in milliseconds. It waits for ever for a click that never comes. */
const RUNNING_TIMEOUT_MS = 5_000;

/** Opens the page's audio. It is closed with the rest. */
export function openAudioContext(releases: ReleaseStack): AudioContext {
  const context = new AudioContext({ latencyHint: 'interactive' });
  releases.add(() => {
    // Closing fails only for a context that is closed already.
    context.close().catch(() => {});
  });
  return context;
}

/** Resolves when the audio runs. Rejects with `VoiceCallError` where the browser does not let it. */
export async function audioRunning(context: AudioContext): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new VoiceCallError('audio', 'the browser plays no audio before the user has clicked something'),
        ),
      RUNNING_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([context.resume(), timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** Loads the worklets, from the address that is given, else out of this module. */
export async function loadWorklets(context: AudioContext, workletUrl: string | undefined): Promise<void> {
  // A page that came over plain HTTP from another machine has no worklets.
  const worklets = context.audioWorklet as AudioWorklet | undefined;
  if (worklets === undefined) {
    throw new VoiceCallError(
      'audio',
      'the browser gives audio worklets to pages from https or localhost only',
    );
  }
  const url =
    workletUrl ?? URL.createObjectURL(new Blob([audioWorkletSource()], { type: 'text/javascript' }));
  try {
    await worklets.addModule(url);
  } catch (error) {
    const hint = workletUrl === undefined ? '; a policy without `blob:` needs `workletUrl`' : '';
    throw new VoiceCallError('audio', `the audio worklets could not be loaded${hint}`, { cause: error });
  } finally {
    if (workletUrl === undefined) URL.revokeObjectURL(url);
  }
}
