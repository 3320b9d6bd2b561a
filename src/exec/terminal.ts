/** The part of the `node-pty` package that is used here. */
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

/** Gives the package, or null where it is not installed or was not built for this machine. */
export type LoadTerminalModule = () => Promise<TerminalModule | null>;

/** Loads `node-pty`, which is installed only by those who want terminals. */
export async function loadTerminalModule(): Promise<TerminalModule | null> {
  // Not a literal: the compiler must not look for what need not be there.
  const name: string = 'node-pty';
  try {
    const loaded = (await import(name)) as { default?: TerminalModule } & Partial<TerminalModule>;
    return isTerminalModule(loaded) ? loaded : (loaded.default ?? null);
  } catch {
    return null;
  }
}

function isTerminalModule(loaded: Partial<TerminalModule>): loaded is TerminalModule {
  return typeof loaded.spawn === 'function';
}
