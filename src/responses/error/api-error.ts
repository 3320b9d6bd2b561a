import { PlanType } from '../../protocol/index.ts';
import { integerOf, objectOf, textOf } from '../json.ts';

/** What the API says of an error, in a body or in an event. */
export interface ApiError {
  readonly type: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly planType: PlanType | null;
  /** Unix seconds. */
  readonly resetsAt: number | null;
}

/** Reads an `error` object; members of a wrong type count as absent. Null if it is no object. */
export function readApiError(value: unknown): ApiError | null {
  const error = objectOf(value);
  if (error === null) return null;
  return {
    type: textOf(error['type']),
    code: textOf(error['code']),
    message: textOf(error['message']),
    planType: readPlanType(error['plan_type']),
    resetsAt: integerOf(error['resets_at']),
  };
}

/** A plan that this version has no word for is `unknown`. */
export function readPlanType(value: unknown): PlanType | null {
  if (typeof value !== 'string') return null;
  const plan = PlanType.safeParse(value);
  return plan.success ? plan.data : 'unknown';
}
