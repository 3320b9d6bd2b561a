/** Compares two texts by their UTF-8 bytes, for `sort`. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
