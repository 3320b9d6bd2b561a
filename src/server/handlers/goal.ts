import { refusal } from '../errors.ts';

/** Threads have no goals; clients ask all the same. Throws always. */
export function goalsDisabled(): never {
  throw refusal('featureDisabled', 'goals feature is disabled', { feature: 'goals' });
}
