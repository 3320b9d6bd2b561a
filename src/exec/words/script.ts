/** A word of a script, without its quotes. */
export interface ScriptWord {
  readonly text: string;
  /** True if the shell may make other words, or several, of it: it has an unquoted pattern, brace or tilde. */
  readonly isPattern: boolean;
}

/** A command that is nothing but words. */
export interface ScriptCommand {
  readonly words: readonly ScriptWord[];
  /** What stands between this command and the one before it; null for the first one. */
  readonly operator: ScriptOperator | null;
}

export type ScriptOperator = '&&' | '||' | ';' | '|';

/** Words by which a shell begins something else than a plain command. */
const RESERVED = new Set(
  '! [[ ]] { } case coproc do done elif else esac fi for function if in select then time until while'.split(
    ' ',
  ),
);

/** A word that sets a variable for what follows it. */
export const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*(?:\[[^\]]*\])?\+?=/u;

const PATTERN = /[*?[\]{}~]/u;

/**
 * The plain commands of a script, or null for anything that is more than words joined by `&&`, `||`, `;`, `|` or line
 * breaks: redirections, substitutions, variables, assignments, comments, jobs, loops, and mistakes. Never throws.
 */
export function splitScript(script: string): ScriptCommand[] | null {
  return new ScriptReader(script).read();
}

/** The words of a command that is nothing else, or null. */
export function splitWords(command: string): string[] | null {
  const commands = splitScript(command);
  if (commands === null || commands.length !== 1) return null;
  return commands[0]?.words.map(({ text }) => text) ?? null;
}

class ScriptReader {
  readonly #script: string;
  #position = 0;
  #commands: ScriptCommand[] = [];
  #words: ScriptWord[] = [];
  #operator: ScriptOperator | null = null;

  constructor(script: string) {
    this.#script = script;
  }

  read(): ScriptCommand[] | null {
    if (this.#script.includes('\0')) return null;
    while (this.#position < this.#script.length) {
      if (this.#skipBlanks()) continue;
      const operator = this.#readOperator();
      if (operator === null) {
        if (!this.#readWord()) return null;
      } else if (!this.#endCommand(operator)) {
        return null;
      }
    }
    if (this.#words.length > 0) this.#push();
    // A script that ends with a separator is whole, one that ends with a conjunction is not.
    else if (this.#operator !== null && this.#operator !== ';') return null;
    return this.#commands.length === 0 ? null : this.#commands;
  }

  #skipBlanks(): boolean {
    const start = this.#position;
    for (;;) {
      if (this.#at(' ') || this.#at('\t')) this.#position += 1;
      else if (this.#at('\\\n')) this.#position += 2;
      else return this.#position > start;
    }
  }

  #readOperator(): ScriptOperator | '\n' | null {
    for (const operator of ['&&', '||', ';', '|', '\n'] as const) {
      if (!this.#at(operator)) continue;
      this.#position += operator.length;
      return operator;
    }
    return null;
  }

  #endCommand(operator: ScriptOperator | '\n'): boolean {
    if (this.#words.length === 0) return operator === '\n';
    this.#push();
    this.#operator = operator === '\n' ? ';' : operator;
    return true;
  }

  #push(): void {
    this.#commands.push({ words: this.#words, operator: this.#operator });
    this.#words = [];
    this.#operator = null;
  }

  /** Reads a word, or tells that what stands here is none. */
  #readWord(): boolean {
    let text = '';
    let plain = '';
    const start = this.#position;
    while (this.#position < this.#script.length) {
      const character = this.#script[this.#position] ?? '';
      if (/[ \t\n;|&]/u.test(character)) break;
      if (/[<>()$`]/u.test(character) || (character === '#' && this.#position === start)) return false;
      const part = this.#readPart(character);
      if (part === null) return false;
      text += part.text;
      // What was quoted stands for something harmless, so that it is not taken for syntax.
      plain += part.isQuoted ? '"' : part.text;
    }
    // Nothing was read in front of a lone ampersand.
    if (this.#position === start) return false;
    const isFirst = this.#words.length === 0;
    if (isFirst && (RESERVED.has(plain) || ASSIGNMENT.test(plain))) return false;
    this.#words.push({ text, isPattern: PATTERN.test(plain) });
    return true;
  }

  #readPart(character: string): { text: string; isQuoted: boolean } | null {
    if (character === "'") return this.#readSingleQuoted();
    if (character === '"') return this.#readDoubleQuoted();
    if (character !== '\\') {
      this.#position += 1;
      return { text: character, isQuoted: false };
    }
    const escaped = this.#script[this.#position + 1];
    if (escaped === undefined) return null;
    this.#position += 2;
    if (escaped === '\n') return { text: '', isQuoted: true };
    return { text: escaped, isQuoted: true };
  }

  #readSingleQuoted(): { text: string; isQuoted: boolean } | null {
    const end = this.#script.indexOf("'", this.#position + 1);
    if (end === -1) return null;
    const text = this.#script.slice(this.#position + 1, end);
    this.#position = end + 1;
    return { text, isQuoted: true };
  }

  #readDoubleQuoted(): { text: string; isQuoted: boolean } | null {
    let text = '';
    this.#position += 1;
    while (this.#position < this.#script.length) {
      const character = this.#script[this.#position] ?? '';
      this.#position += 1;
      if (character === '"') return { text, isQuoted: true };
      if (character === '$' || character === '`') return null;
      if (character !== '\\') {
        text += character;
        continue;
      }
      const escaped = this.#script[this.#position];
      if (escaped === undefined) return null;
      this.#position += 1;
      if (escaped === '\n') continue;
      text += /["\\$`]/u.test(escaped) ? escaped : `\\${escaped}`;
    }
    return null;
  }

  #at(text: string): boolean {
    return this.#script.startsWith(text, this.#position);
  }
}
