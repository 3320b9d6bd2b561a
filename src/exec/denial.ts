import { constants } from 'node:os';
import type { SandboxKind } from './sandbox/policy.ts';

/** What programs say when they were not let do something. */
const WORDS = [
  'operation not permitted',
  'permission denied',
  'read-only file system',
  'seccomp',
  'sandbox',
  'landlock',
  'failed to write file',
];

/** The end of a command, as far as it tells whether the sandbox was in its way. */
export interface EndedCommand {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly aggregated: string;
}

/** A guess whether a command failed because of the sandbox that it ran in. */
export function looksDenied(result: EndedCommand, sandbox: SandboxKind): boolean {
  if (sandbox === 'none' || result.exitCode === 0) return false;
  const texts = [result.stderr, result.stdout, result.aggregated].map((text) => text.toLowerCase());
  if (WORDS.some((word) => texts.some((text) => text.includes(word)))) return true;
  // A forbidden system call ends a command on Linux.
  return process.platform === 'linux' && result.exitCode === 128 + constants.signals.SIGSYS;
}
