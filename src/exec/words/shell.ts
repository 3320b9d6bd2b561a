import { basename } from 'node:path';

/** Programs that take a script. */
export const SHELLS = new Set(['bash', 'sh', 'zsh', 'dash', 'ksh']);

/** The script of a command such as `bash -lc SCRIPT`, or null for any other command. */
export function scriptOf(argv: readonly string[]): string | null {
  const [shell = '', option = '', script] = argv;
  if (argv.length !== 3 || script === undefined) return null;
  const name = basename(shell);
  if (!SHELLS.has(name)) return null;
  return option === '-c' || option === '-lc' || option === optionWithoutProfile(name) ? script : null;
}

/** The same command, but a shell with a script does not read the user's profile first. */
export function withoutProfile(argv: readonly string[]): readonly string[] {
  const [shell = ''] = argv;
  const script = scriptOf(argv);
  return script === null ? argv : [shell, optionWithoutProfile(basename(shell)), script];
}

/** Zsh reads a file of the user's with every script. */
function optionWithoutProfile(name: string): string {
  return name === 'zsh' ? '-fc' : '-c';
}
