import { basename } from 'node:path';
import type { CommandEnvironment } from '../../exec/index.ts';

/** A script as the user's shell is given it. A login shell reads the user's profile first. */
export function shellArgv(
  script: string,
  variables: CommandEnvironment,
  { isLogin, shell }: { readonly isLogin: boolean; readonly shell?: string | undefined },
): string[] {
  return [shell ?? userShell(variables), isLogin ? '-lc' : '-c', script];
}

/** The user's shell, where it takes a script as these do; else the system's. */
function userShell(variables: CommandEnvironment): string {
  const shell = variables['SHELL'] ?? '';
  return ['bash', 'zsh', 'sh'].includes(basename(shell)) ? shell : '/bin/sh';
}
