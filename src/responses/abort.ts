/** An abort that follows other signals for as long as it is needed. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  /** Aborts this signal alone. */
  readonly abort: () => void;
  /** Stops following the others. */
  readonly release: () => void;
}

/** `AbortSignal.any` without the listeners that it leaves behind on signals that live long. */
export function linkedAbort(...signals: readonly AbortSignal[]): LinkedAbort {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const signal of signals) {
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  }
  return {
    signal: controller.signal,
    abort,
    release: () => {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    },
  };
}
