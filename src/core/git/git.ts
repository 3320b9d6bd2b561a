import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GitRun {
  /** Absolute. */
  readonly cwd: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a command printed, or that it printed more than is taken, or that it failed, which is how git says no. */
export type GitOutput =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'long' } | { readonly kind: 'failed' };

/** Runs no program that the repository names, and holds no lock that the user's own commands would meet. */
const CAUTIOUS = ['--no-optional-locks', '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null'];

/** Runs a command of git's that only looks. Never rejects. */
export async function runGit(
  { cwd, signal, timeoutMs }: GitRun,
  ...parameters: readonly string[]
): Promise<GitOutput> {
  try {
    const options = {
      cwd,
      timeout: timeoutMs,
      windowsHide: true,
      ...(signal === undefined ? {} : { signal }),
    };
    const { stdout } = await run('git', [...CAUTIOUS, ...parameters], options);
    return { kind: 'text', text: stdout.trim() };
  } catch (error) {
    const isLong = (error as { code?: unknown }).code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
    return { kind: isLong ? 'long' : 'failed' };
  }
}

/** What a command printed; null where that is nothing, or it failed. */
export async function gitText(options: GitRun, ...parameters: readonly string[]): Promise<string | null> {
  const output = await runGit(options, ...parameters);
  return (output.kind === 'text' && output.text) || null;
}

/** A remote may be written with a password in it, which is nobody's business. A name alone is a token in some places. */
export function withoutPassword(url: string): string {
  return url
    .replace(/^(https?:\/\/)[^/]*@/i, '$1')
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^/:@]*):[^/]*@/i, '$1@');
}
