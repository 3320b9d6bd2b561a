import { isHeaderValue } from '../util/header-value.ts';

/** Headers to send, by name. Two names that differ in case only are one header. */
export type HeaderMap = Readonly<Record<string, string>>;

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u;

/**
 * Puts layers of headers together; a later layer replaces what an earlier one says, by name whatever its case. Names
 * and values that HTTP does not allow, and values that are null, are left out.
 */
export function mergeHeaders(
  ...layers: readonly Readonly<Record<string, string | null>>[]
): Record<string, string> {
  const merged = new Map<string, readonly [name: string, value: string]>();
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value === null || !HEADER_NAME.test(name) || !isHeaderValue(value)) continue;
      merged.set(name.toLowerCase(), [name, value]);
    }
  }
  return Object.fromEntries(merged.values());
}

export function hasHeader(headers: HeaderMap, name: string): boolean {
  return Object.keys(headers).some((other) => other.toLowerCase() === name);
}
