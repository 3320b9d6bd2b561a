import { errorMessage } from '../../util/errors.ts';
import { VoiceCallError } from './errors.ts';
import type { ReleaseStack } from './release-stack.ts';

export interface MicrophoneOptions {
  readonly microphone?: MediaStream | null;
  readonly deviceId?: string;
}

/**
 * Gives the microphone's stream, or null for a call without one. It is stopped with the rest; of a stream that was given a
 * copy is used, so that the original stays as it is. Rejects with a `VoiceCallError` that says what the user can do about it.
 */
export async function openMicrophone(
  { microphone, deviceId }: MicrophoneOptions,
  releases: ReleaseStack,
): Promise<MediaStream | null> {
  if (microphone === null) return null;
  if (microphone !== undefined) {
    if (microphone.getAudioTracks().length === 0) {
      throw new VoiceCallError('microphone', 'the stream that was given has no audio');
    }
    return stoppedWith(releases, microphone.clone());
  }
  // Pages that came over plain HTTP from another machine have no such member.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) {
    throw new VoiceCallError(
      'microphone',
      'the browser gives microphones to pages from https or localhost only',
    );
  }
  try {
    const stream = await devices.getUserMedia({
      audio: {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        channelCount: 1,
        ...(deviceId === undefined ? {} : { deviceId: { exact: deviceId } }),
      },
    });
    return stoppedWith(releases, stream);
  } catch (error) {
    throw new VoiceCallError('microphone', `the microphone cannot be used: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

function stoppedWith(releases: ReleaseStack, stream: MediaStream): MediaStream {
  releases.add(() => {
    for (const track of stream.getTracks()) track.stop();
  });
  return stream;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof DOMException)) return errorMessage(error);
  switch (error.name) {
    case 'NotAllowedError':
      return 'the page was not allowed to';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'there is no such device';
    case 'NotReadableError':
      return 'another program may be using it';
    default:
      return errorMessage(error);
  }
}
