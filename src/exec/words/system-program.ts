import { basename } from 'node:path';

/** Whether a program is named by its name alone, or by a path that only the system's administrator changes. */
export function isSystemProgram(program: string): boolean {
  const name = basename(program);
  return program === name || program === `/bin/${name}` || program === `/usr/bin/${name}`;
}
