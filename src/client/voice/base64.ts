const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PADDING = 61;

const CODES = Uint8Array.from(ALPHABET, (letter) => letter.charCodeAt(0));

/** The value of each letter by its code, and 255 for any other character. */
const VALUES = new Uint8Array(256).fill(255);
CODES.forEach((code, value) => (VALUES[code] = value));

/**
 * Decodes standard base64 with its padding, or gives null for anything else: other characters, gaps, a cut end. It runs
 * wherever JavaScript does.
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const letters = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let bits = 0;
  for (let index = 0, at = 0; index < letters; index += 1) {
    // A code beyond the table is no letter either.
    const value = VALUES[text.charCodeAt(index)] ?? 255;
    if (value === 255) return null;
    bits = (bits << 6) | value;
    const place = index % 4;
    if (place === 0) continue;
    bytes[at] = bits >> (6 - 2 * place);
    at += 1;
  }
  return bytes;
}

/** Standard base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
  for (let index = 0, at = 0; index < bytes.length; index += 3, at += 4) {
    const left = bytes.length - index;
    const group = (bytes[index]! << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    codes[at] = CODES[group >> 18]!;
    codes[at + 1] = CODES[(group >> 12) & 63]!;
    if (left > 1) codes[at + 2] = CODES[(group >> 6) & 63]!;
    if (left > 2) codes[at + 3] = CODES[group & 63]!;
  }
  return new TextDecoder('latin1').decode(codes);
}
