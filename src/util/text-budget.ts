const BYTES_PER_TOKEN = 4;

/** The tokens that a text is likely to take: one for four bytes of UTF-8. */
export function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/**
 * A text that fits into so many tokens, besides a mark of what is left out: its beginning and its end, cut between
 * characters. A text that fits is left alone.
 */
export function truncated(text: string, tokens: number): string {
  const bytes = Buffer.from(text);
  const kept = tokens * BYTES_PER_TOKEN;
  if (bytes.length <= kept) return text;
  const headBytes = Math.floor(kept / 2);
  const head = bytes
    .subarray(0, headBytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
  const tail = bytes
    .subarray(bytes.length - (kept - headBytes))
    .toString('utf8')
    .replace(/^\uFFFD+/, '');
  return `${head}…${Math.ceil((bytes.length - kept) / BYTES_PER_TOKEN)} tokens truncated…${tail}`;
}

/** A text that fits into a budget of tokens, the mark of what is left out included; empty where not even that fits. */
export function fitted(text: string, budget: number): string {
  for (let tokens = budget; tokens >= 0;) {
    const shorter = truncated(text, tokens);
    const excess = textTokens(shorter) - budget;
    if (excess <= 0) return shorter;
    tokens = tokens === 0 ? -1 : Math.max(tokens - Math.max(1, excess), 0);
  }
  return '';
}
