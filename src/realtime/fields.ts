import type { RealtimeEvent } from './events.ts';

/** The outcome for an event of a known type that lacks a member it must have. */
export const MISSING_FIELD: RealtimeEvent = { type: 'ignored', reason: 'missingField' };

const UINT16_MAX = 0xffff;
const UINT32_MAX = 0xffff_ffff;

export function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function object(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  return value as Record<string, unknown>;
}

export function uint32(value: unknown): number | null {
  return unsigned(value, UINT32_MAX);
}

export function uint16(value: unknown): number | null {
  return unsigned(value, UINT16_MAX);
}

function unsigned(value: unknown, max: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max ? value : null;
}
