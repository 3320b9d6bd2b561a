/** Waits for something, but no longer than its time; says whether it came. What it rejects with is passed on. */
export async function within(milliseconds: number, step: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  try {
    return await Promise.race([step.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
