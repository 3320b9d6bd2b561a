import { userInfo } from 'node:os';
import { basename } from 'node:path';
import type { CommandEnvironment } from './command-environment.ts';

/** Shells that take a script behind `-c`, and their profile with `-l`. */
const SHELLS: ReadonlySet<string> = new Set(['bash', 'zsh', 'sh']);

/**
 * The user's shell: that of `SHELL`, else that of the account, as far as it takes a script; else the system's. `ofAccount` is
 * null for an account without a shell.
 */
export function userShell(variables: CommandEnvironment, ofAccount = accountShell()): string {
  const shell = [variables['SHELL'], ofAccount].find((path) => path != null && SHELLS.has(basename(path)));
  return shell ?? '/bin/sh';
}

/** Null for a user who has no account here, as in some containers. */
function accountShell(): string | null {
  try {
    return userInfo().shell;
  } catch {
    return null;
  }
}

/** A script as the user's shell is given it. A login shell reads the user's profile first. */
export function shellArgv(
  script: string,
  variables: CommandEnvironment,
  { isLogin, shell }: { readonly isLogin: boolean; readonly shell?: string | undefined },
): string[] {
  return [shell ?? userShell(variables), isLogin ? '-lc' : '-c', script];
}
