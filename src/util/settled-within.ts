/** What a promise gives, or null when it takes longer, or when the signal aborts before. */
export async function settledWithin<T>(
  promise: Promise<T>,
  milliseconds: number,
  signal?: AbortSignal,
): Promise<T | null> {
  if (signal?.aborted === true) return null;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const late = new Promise<null>((resolve) => {
    onAbort = () => resolve(null);
    timer = setTimeout(onAbort, Math.min(milliseconds, LONGEST_TIMER_MS));
    signal?.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

/** A timer that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
