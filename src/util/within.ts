import { settledWithin } from './settled-within.ts';

/** Waits for something, but no longer than its time; says whether it came. What it rejects with is passed on. */
export async function within(milliseconds: number, step: Promise<unknown>): Promise<boolean> {
  return (
    (await settledWithin(
      step.then(() => true),
      milliseconds,
    )) ?? false
  );
}
