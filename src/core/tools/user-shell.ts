import { basename } from 'node:path';
import type { CommandEnvironment } from '../../exec/index.ts';

/** The user's shell, where it takes a script as these do; else the system's. */
export function userShell(variables: CommandEnvironment): string {
  const shell = variables['SHELL'] ?? '';
  return ['bash', 'zsh', 'sh'].includes(basename(shell)) ? shell : '/bin/sh';
}
