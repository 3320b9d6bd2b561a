import { textTokens, truncated } from '../util/text-budget.ts';

/** How much of a text may stay: tokens of about four bytes, or bytes of UTF-8. */
export type TextLimit = { readonly tokens: number } | { readonly bytes: number };

/**
 * A text whose middle is replaced by the number of tokens or characters that it had, where the text is longer than the
 * limit. The mark comes on top of the limit.
 */
export function truncatedForModel(text: string, limit: TextLimit): string {
  if ('tokens' in limit) return truncated(text, limit.tokens);
  const bytes = Buffer.from(text);
  if (bytes.length <= limit.bytes) return text;
  const [headEnd, tailStart] = cutOut(bytes, limit.bytes);
  const left = characters(bytes.subarray(headEnd, tailStart).toString());
  return `${bytes.subarray(0, headEnd).toString()}…${left} chars truncated…${bytes.subarray(tailStart).toString()}`;
}

/**
 * The same, behind the number of lines of the whole, where it had to be cut. `lines` is that number where the text
 * itself lacks some of them.
 */
export function truncatedWithLineCount(
  text: string,
  limit: TextLimit,
  lines: number = lineCount(text),
): string {
  if (fits(text, limit)) return text;
  return `Total output lines: ${lines}\n\n${truncatedForModel(text, limit)}`;
}

/** Whether a text need not be cut. */
export function fits(text: string, limit: TextLimit): boolean {
  return 'tokens' in limit ? textTokens(text) <= limit.tokens : Buffer.byteLength(text) <= limit.bytes;
}

/** Lines of a text; a line break at its end begins no other one. */
export function lineCount(text: string): number {
  if (text === '') return 0;
  let count = text.endsWith('\n') ? 0 : 1;
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) count += 1;
  return count;
}

/** Where the kept beginning ends and the kept end begins, between characters. */
function cutOut(bytes: Buffer, kept: number): [headEnd: number, tailStart: number] {
  let headEnd = Math.floor(kept / 2);
  let tailStart = bytes.length - (kept - headEnd);
  while (headEnd > 0 && isContinuation(bytes[headEnd])) headEnd -= 1;
  while (tailStart < bytes.length && isContinuation(bytes[tailStart])) tailStart += 1;
  return [headEnd, tailStart];
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function characters(text: string): number {
  let count = 0;
  for (const _character of text) count += 1;
  return count;
}
