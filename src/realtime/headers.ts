export type Headers = Readonly<Record<string, string>>;

/**
 * Merges the headers of a realtime handshake by name, whatever its case: `extra` replaces what the provider sets,
 * and `defaults` fill only names that neither of them has.
 */
export function mergeHeaders(provider: Headers, extra: Headers, defaults: Headers): Record<string, string> {
  const merged = new Map<string, [name: string, value: string]>();
  for (const layer of [defaults, provider, extra]) {
    for (const [name, value] of Object.entries(layer)) merged.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(merged.values());
}
