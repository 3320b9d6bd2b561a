import { RulesFault } from './rules-fault.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '\n': '',
};

const NUMERIC_ESCAPE = /x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})/uy;

/** Reads the string that begins at a place, in single, double or triple quotes, raw after an `r`. Throws `RulesFault`. */
export function readStringLiteral(text: string, start: number): { value: string; end: number } {
  const isRaw = /[rR]/u.test(text.charAt(start));
  const open = start + (isRaw ? 1 : 0);
  const mark = text.charAt(open);
  const quote = text.startsWith(mark.repeat(3), open) ? mark.repeat(3) : mark;
  let value = '';
  let position = open + quote.length;
  while (position < text.length) {
    if (text.startsWith(quote, position)) return { value, end: position + quote.length };
    const character = text.charAt(position);
    if (character === '\n' && quote.length === 1) break;
    if (character !== '\\') {
      value += character;
      position += 1;
    } else if (isRaw) {
      value += text.slice(position, position + 2);
      position += 2;
    } else {
      const escaped = readEscape(text, position);
      value += escaped.value;
      position = escaped.end;
    }
  }
  throw new RulesFault('a string is not closed', start);
}

function readEscape(text: string, start: number): { value: string; end: number } {
  const simple = ESCAPES[text.charAt(start + 1)];
  if (simple !== undefined) return { value: simple, end: start + 2 };
  NUMERIC_ESCAPE.lastIndex = start + 1;
  const [whole, byte, short, long, octal] = NUMERIC_ESCAPE.exec(text) ?? [];
  if (whole === undefined)
    throw new RulesFault('an escape that there is not; write \\\\ for a backslash', start);
  const digits = byte ?? short ?? long;
  const code = digits === undefined ? Number.parseInt(octal ?? '', 8) : Number.parseInt(digits, 16);
  if (code > 0x10_ff_ff) throw new RulesFault('there is no such character', start);
  return { value: String.fromCodePoint(code), end: start + 1 + whole.length };
}
