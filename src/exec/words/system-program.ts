/** Whether a program is named by its name alone, or by a path that only the system's administrator changes. */
export function isSystemProgram(program: string, name: string): boolean {
  return program === name || program === `/bin/${name}` || program === `/usr/bin/${name}`;
}
