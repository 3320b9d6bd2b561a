import { realpathSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { isSupportedSampleRate } from '../../util/wav.ts';
import type { Output } from './screen.ts';

/** A stream that may be a terminal, whose keys can then be read one by one. */
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };

export interface TalkOptions {
  /** The path of a WAV file, or `-` for raw PCM on stdin. Absent: there is only text. */
  readonly in?: string | undefined;
  /** Where the answers go as WAV. */
  readonly out?: string | undefined;
  /** Sample rate and channels (1 or 2) of raw PCM; 24000 and 1 if absent. A WAV file has its own. */
  readonly rate?: number | undefined;
  readonly channels?: number | undefined;
  /** Texts to send at the start. Without `in` the call ends when they are answered, and stdin is not read. */
  readonly text?: readonly string[] | undefined;
  readonly modality: 'audio' | 'text';
  readonly version?: 'v1' | 'v2' | undefined;
  readonly voice?: string | undefined;
  /** The realtime model. */
  readonly model?: string | undefined;
  /** Makes the daemon use its embedded upstream. */
  readonly loopback: boolean;
  /** Overrides such as `key=value`, handed to the daemon with `-c`. */
  readonly config?: readonly string[] | undefined;
  /** What starts a daemon on stdio; `--loopback` and `-c` are added behind `args`. */
  readonly daemon: { readonly command: string; readonly args: readonly string[] };
  /** The version that this client tells the daemon. */
  readonly clientVersion: string;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The environment, also of the daemon. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborted by the first Ctrl-C: ends the call as it should end. */
  readonly signal: AbortSignal;
  /**
   * Called for each Ctrl-C that comes as a key, since a terminal whose keys are read one by one sends no signal. It
   * should do what the signal would have done.
   */
  readonly interrupt: () => void;
}

/** What is wrong with a combination of options, or null. */
export function usageProblem(options: TalkOptions): string | null {
  const { rate, channels, out } = options;
  if (options.in === '-' && options.stdin.isTTY) {
    return '--in - reads raw PCM from a pipe, but standard input is a terminal';
  }
  if (options.in !== '-' && (rate !== undefined || channels !== undefined)) {
    return '--rate and --channels are for raw PCM (--in -); a WAV file has its own';
  }
  if (rate !== undefined && !isSupportedSampleRate(rate)) {
    return `--rate ${rate} is not supported; expected 1000 to 384000`;
  }
  if (channels !== undefined && channels !== 1 && channels !== 2) {
    return `--channels ${channels} is not supported; expected 1 or 2`;
  }
  if (options.modality === 'text' && out !== undefined) {
    return '--out needs audio, but the answers are to be text';
  }
  if (options.in !== undefined && out !== undefined && isSameFile(options.in, out)) {
    return '--out would overwrite the file that --in reads';
  }
  return null;
}

function isSameFile(left: string, right: string): boolean {
  try {
    return realpathSync(left) === realpathSync(right);
  } catch {
    return false; // One that does not exist is not the other.
  }
}
