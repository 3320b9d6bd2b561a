import { exitProcess } from './exit.ts';

const SIGNAL_NUMBERS = { SIGINT: 2, SIGTERM: 15 } as const;

/** SIGINT and SIGTERM of this process: the first asks to stop, the second ends the process at once. */
export interface StopSignals {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** Does what a SIGINT would do. */
  readonly interrupt: () => void;
}

/** The second signal exits with `secondExitCode`, or where none is given as a signal does. */
export function watchStopSignals({ secondExitCode }: { secondExitCode?: number } = {}): StopSignals {
  const stop = new AbortController();
  const receive = (name: keyof typeof SIGNAL_NUMBERS): void => {
    if (stop.signal.aborted) exitProcess(secondExitCode ?? 128 + SIGNAL_NUMBERS[name]);
    else stop.abort();
  };
  process.on('SIGINT', () => receive('SIGINT'));
  process.on('SIGTERM', () => receive('SIGTERM'));
  return { signal: stop.signal, interrupt: () => receive('SIGINT') };
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
