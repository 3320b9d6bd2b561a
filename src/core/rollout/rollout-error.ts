/** `empty`: no line at all. `noSessionMeta`: no usable first line. `unreadable`: the file system refused. */
export type RolloutErrorCode = 'empty' | 'noSessionMeta' | 'unreadable';

/** A rollout file that cannot be read as a thread. The message names the file and what is wrong with it. */
export class RolloutError extends Error {
  readonly code: RolloutErrorCode;
  readonly path: string;

  constructor(code: RolloutErrorCode, path: string, problem: string, options: { cause?: unknown } = {}) {
    super(`rollout file ${path} ${problem}`, options);
    this.name = 'RolloutError';
    this.code = code;
    this.path = path;
  }
}
