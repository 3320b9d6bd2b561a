import { lexRules } from './lex-rules.ts';
import type { Token } from './lex-rules.ts';
import { RulesFault } from './rules-fault.ts';

/** A value that is written down in a call, and where. */
export type Value = { readonly position: number } & (
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  /** `None`, `True`, `False` and whole numbers. */
  | { readonly kind: 'other'; readonly text: string }
);

interface Argument {
  /** Null for one that is known by its place. */
  readonly name: string | null;
  readonly value: Value;
  readonly position: number;
}

/** Such as `name("a", key=["b"])`. */
export interface Call {
  readonly name: string;
  readonly arguments: readonly Argument[];
  readonly position: number;
}

/** Lists in lists beyond this are refused. */
const MAX_DEPTH = 8;

const CONSTANTS = new Set(['None', 'True', 'False']);

/** Reads a text that consists of nothing but calls with written-down values. Throws `RulesFault`. */
export function parseCalls(text: string): Call[] {
  return new CallParser(lexRules(text)).read();
}

class CallParser {
  readonly #tokens: readonly Token[];
  #index = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): Call[] {
    const calls: Call[] = [];
    for (;;) {
      const isSeparated = calls.length === 0 || this.#take(';') || this.#next.startsLine;
      if (this.#next.kind === 'end') return calls;
      if (!isSeparated) throw this.#fault('a new line');
      calls.push(this.#call());
    }
  }

  get #next(): Token {
    const token = this.#tokens[Math.min(this.#index, this.#tokens.length - 1)];
    if (token === undefined) throw new RulesFault('there is nothing to read', 0);
    return token;
  }

  #call(): Call {
    const { kind, position, text } = this.#next;
    if (kind !== 'name') throw this.#fault('the name of a rule');
    this.#index += 1;
    this.#expect('(');
    const given: Argument[] = [];
    while (!this.#take(')')) {
      given.push(this.#argument());
      if (this.#take(')')) break;
      this.#expect(',');
    }
    return { name: text, arguments: given, position };
  }

  #argument(): Argument {
    const { kind, position, text } = this.#next;
    const after = this.#tokens[this.#index + 1];
    if (kind !== 'name' || after?.kind !== 'symbol' || after.text !== '=') {
      return { name: null, value: this.#value(0), position };
    }
    this.#index += 2;
    return { name: text, value: this.#value(0), position };
  }

  /** Strings may be put together by `+`. */
  #value(depth: number): Value {
    let value = this.#simpleValue(depth);
    while (this.#take('+')) {
      const more = this.#simpleValue(depth);
      if (value.kind !== 'string' || more.kind !== 'string') {
        throw new RulesFault('only strings can be put together', more.position);
      }
      value = { kind: 'string', text: value.text + more.text, position: value.position };
    }
    return value;
  }

  #simpleValue(depth: number): Value {
    const { kind, position, text } = this.#next;
    if (kind === 'string') {
      this.#index += 1;
      return { kind: 'string', text, position };
    }
    if (kind === 'number' || (kind === 'name' && CONSTANTS.has(text))) {
      this.#index += 1;
      return { kind: 'other', text, position };
    }
    if (!this.#take('[')) throw this.#fault('a string or a list');
    if (depth >= MAX_DEPTH) throw new RulesFault('lists lie too deep in each other', position);
    const items: Value[] = [];
    while (!this.#take(']')) {
      items.push(this.#value(depth + 1));
      if (this.#take(']')) break;
      this.#expect(',');
    }
    return { kind: 'list', items, position };
  }

  #take(symbol: string): boolean {
    const { kind, text } = this.#next;
    if (kind !== 'symbol' || text !== symbol) return false;
    this.#index += 1;
    return true;
  }

  #expect(symbol: string): void {
    if (!this.#take(symbol)) throw this.#fault(JSON.stringify(symbol));
  }

  #fault(expected: string): RulesFault {
    const { kind, position, text } = this.#next;
    const found = kind === 'string' ? 'a string' : kind === 'end' ? text : JSON.stringify(text);
    return new RulesFault(`expected ${expected}, found ${found}`, position);
  }
}
