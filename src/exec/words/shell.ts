import { basename } from 'node:path';

/** Programs that take a script. */
export const SHELLS = new Set(['bash', 'sh', 'zsh', 'dash', 'ksh']);

/** The script of a command such as `bash -lc SCRIPT`, or null for any other command. */
export function scriptOf(argv: readonly string[]): string | null {
  const [shell = '', option = '', script] = argv;
  if (argv.length !== 3 || script === undefined) return null;
  if (!SHELLS.has(basename(shell))) return null;
  return option === '-c' || option === '-lc' ? script : null;
}
