import type { PlanType } from '../../protocol/index.ts';
import { DEFAULT_LIMIT_ID } from '../event/rate-limit-headers.ts';

export interface UsageLimitFacts {
  readonly limitName: string | null;
  /** A sentence of the provider's own that says what to do. */
  readonly promotion: string | null;
  readonly planType: PlanType | null;
  /** Unix seconds. */
  readonly resetsAt: number | null;
}

/** Says that a usage limit is reached, what can be done about it, and when it resets, in local time. */
export function usageLimitText(facts: UsageLimitFacts, now: number): string {
  const { limitName, planType, promotion, resetsAt } = facts;
  const again = resetsAt === null ? 'later' : `at ${localTime(resetsAt * 1000, now)}`;
  if (limitName !== null && limitName.toLowerCase() !== DEFAULT_LIMIT_ID) {
    return `You have reached the usage limit of ${limitName}. Switch to another model, or try again ${again}.`;
  }
  const reached = 'You have reached your usage limit.';
  if (promotion !== null) return `${reached} ${promotion} Or try again ${again}.`;
  const advice = ADVICE[planType ?? 'unknown'];
  return advice === '' ? `${reached} Try again ${again}.` : `${reached} ${advice}, or try again ${again}.`;
}

const UPGRADE = 'Upgrade your plan';
const CREDITS = 'Buy more credits';
const ADMIN = 'Ask the administrator of your workspace for more';

const ADVICE: Readonly<Record<PlanType, string>> = {
  free: UPGRADE,
  go: UPGRADE,
  plus: 'Upgrade your plan or buy more credits',
  pro: CREDITS,
  prolite: CREDITS,
  team: ADMIN,
  self_serve_business_usage_based: ADMIN,
  business: ADMIN,
  enterprise_cbp_usage_based: ADMIN,
  enterprise: '',
  edu: '',
  unknown: '',
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `h:mm AM` on the same local day, else `Mon dth, yyyy h:mm AM`. Both are Unix milliseconds. */
function localTime(time: number, now: number): string {
  const date = new Date(time);
  const hours = date.getHours();
  const minutes = String(date.getMinutes()).padStart(2, '0');
  const clock = `${hours % 12 === 0 ? 12 : hours % 12}:${minutes} ${hours < 12 ? 'AM' : 'PM'}`;
  if (date.toDateString() === new Date(now).toDateString()) return clock;
  const day = date.getDate();
  return `${MONTHS[date.getMonth()]} ${day}${ordinalSuffix(day)}, ${date.getFullYear()} ${clock}`;
}

function ordinalSuffix(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}
