import { RulesFault } from './rules-fault.ts';
import { readStringLiteral } from './string-literal.ts';

export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'end';
  /** What stands there; of a string, what it means. */
  readonly text: string;
  readonly position: number;
  /** Whether it is the first one of its line. */
  readonly startsLine: boolean;
}

const BLANK = /[ \t\r\n]+|#[^\n]*|\\\r?\n/uy;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/uy;
const NUMBER = /-?\d+/uy;
const STRING = /[rR]?(?:'|")/uy;
const SYMBOLS = '()[],=;+';

/** The tokens of a text with rules, with an end behind them. Throws `RulesFault`. */
export function lexRules(text: string): Token[] {
  const tokens: Token[] = [];
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  let startsLine = true;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = position;
    return pattern.exec(text)?.[0] ?? null;
  };
  const push = (kind: Token['kind'], content: string, length: number): void => {
    tokens.push({ kind, text: content, position, startsLine });
    position += length;
    startsLine = false;
  };
  while (position < text.length) {
    const blank = take(BLANK);
    if (blank !== null) {
      position += blank.length;
      startsLine ||= blank.includes('\n') && !blank.startsWith('\\');
      continue;
    }
    if (take(STRING) !== null) {
      const { end, value } = readStringLiteral(text, position);
      push('string', value, end - position);
      continue;
    }
    const name = take(NAME);
    const number = name === null ? take(NUMBER) : null;
    const character = text.charAt(position);
    if (name !== null) push('name', name, name.length);
    else if (number !== null) push('number', number, number.length);
    else if (SYMBOLS.includes(character)) push('symbol', character, 1);
    else throw new RulesFault(`${JSON.stringify(character)} means nothing here`, position);
  }
  push('end', 'the end of the file', 0);
  return tokens;
}
