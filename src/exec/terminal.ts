/** The part of the package `@lydell/node-pty`, which is `node-pty` built for the usual machines, that is used here. */
export interface TerminalModule {
  spawn(
    file: string,
    args: string[],
    options: {
      readonly name: string;
      readonly cols: number;
      readonly rows: number;
      readonly cwd: string;
      readonly env: Record<string, string>;
    },
  ): Terminal;
}

/** A process behind a pseudo-terminal. */
export interface Terminal {
  readonly pid: number;
  readonly onData: (listener: (text: string) => void) => unknown;
  readonly onExit: (listener: (exit: { exitCode: number; signal?: number }) => void) => unknown;
  write(text: string): void;
}

/** Gives the package, or null where it does not run. */
export type LoadTerminalModule = () => Promise<TerminalModule | null>;

/** Loads the package. It is optional: there may be no build of it for this machine. */
export async function loadTerminalModule(): Promise<TerminalModule | null> {
  try {
    const { spawn } = await import('@lydell/node-pty');
    return { spawn };
  } catch {
    return null;
  }
}
