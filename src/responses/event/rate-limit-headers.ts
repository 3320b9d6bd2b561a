import type { CreditsSnapshot, RateLimitSnapshot, RateLimitWindow } from '../../protocol/index.ts';
import type { ResponseHeaders } from '../http/transport.ts';
import { percentOf } from './rate-limit-window.ts';

/** The family of limits that every answer tells of. */
export const DEFAULT_LIMIT_ID = 'codex';

const FAMILY = /^x-(.+)-primary-used-percent$/u;

/**
 * The rate limits that the headers of an answer tell: always one snapshot for the default family, then one for each
 * other family that holds data, sorted by id.
 */
export function rateLimitsOfHeaders(headers: ResponseHeaders): RateLimitSnapshot[] {
  const ids = new Set<string>();
  for (const name of headers.keys()) {
    const family = FAMILY.exec(name)?.[1];
    if (family !== undefined) ids.add(limitId(family));
  }
  ids.delete(DEFAULT_LIMIT_ID);
  const others = [...ids].sort().map((id) => rateLimitsOfFamily(headers, id));
  return [rateLimitsOfFamily(headers, DEFAULT_LIMIT_ID), ...others.filter(holdsData)];
}

/** The rate limits of one family, all null where the headers do not tell them. */
export function rateLimitsOfFamily(headers: ResponseHeaders, id: string): RateLimitSnapshot {
  const prefix = `x-${id.replaceAll('_', '-')}`;
  return {
    limitId: id,
    limitName: headers.get(`${prefix}-limit-name`)?.trim() || null,
    primary: window(headers, `${prefix}-primary`),
    secondary: window(headers, `${prefix}-secondary`),
    credits: credits(headers),
    planType: null,
    rateLimitReachedType: null,
  };
}

/** The id of a limit out of a name that is spelled as a header or by a person. */
export function limitId(name: string): string {
  return name.trim().toLowerCase().replaceAll('-', '_');
}

function holdsData({ primary, secondary, credits: money }: RateLimitSnapshot): boolean {
  return primary !== null || secondary !== null || money !== null;
}

/** A window that nothing has been used of, that has no length and never resets, says nothing. */
function window(headers: ResponseHeaders, prefix: string): RateLimitWindow | null {
  const usedPercent = decimal(headers.get(`${prefix}-used-percent`));
  if (usedPercent === null) return null;
  const windowDurationMins = integer(headers.get(`${prefix}-window-minutes`));
  const resetsAt = integer(headers.get(`${prefix}-reset-at`));
  if (usedPercent === 0 && (windowDurationMins ?? 0) === 0 && resetsAt === null) return null;
  return { usedPercent: percentOf(usedPercent), windowDurationMins, resetsAt };
}

/** The names carry the default family's prefix, and the credits belong to every family. */
function credits(headers: ResponseHeaders): CreditsSnapshot | null {
  const hasCredits = flag(headers.get('x-codex-credits-has-credits'));
  const unlimited = flag(headers.get('x-codex-credits-unlimited'));
  if (hasCredits === null || unlimited === null) return null;
  return { hasCredits, unlimited, balance: headers.get('x-codex-credits-balance')?.trim() || null };
}

function flag(text: string | null): boolean | null {
  switch (text?.toLowerCase()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return null;
  }
}

function decimal(text: string | null): number | null {
  if (text === null || !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu.test(text)) return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

function integer(text: string | null): number | null {
  if (text === null || !/^[+-]?\d+$/u.test(text)) return null;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : null;
}
