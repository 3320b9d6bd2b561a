/** As many files as may be looked at in one moment. */
const CONCURRENCY = 16;

/** Maps entries, a few at a time, to results in the entries' order. Rejects with the first error. */
export async function mapConcurrently<T, R>(
  entries: readonly T[],
  map: (entry: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const waiting = entries.entries();
  const worker = async (): Promise<void> => {
    for (const [index, entry] of waiting) results[index] = await map(entry);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  return results;
}
