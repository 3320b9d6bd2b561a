import { basename } from 'node:path';
import { isSystemProgram } from '../../exec/index.ts';
import { commandParts } from './command-parts.ts';
import type { CommandPart } from './command-parts.ts';
import type { HostExecutable } from './parse-rules.ts';
import { fits, strictness } from './rule.ts';
import type { PrefixRule } from './rule.ts';

/** What rules say of a command, of which each part is judged by itself. */
export type Judgement =
  /** No rule fits any part. */
  | { readonly kind: 'none' }
  /** Rules allow every part. */
  | { readonly kind: 'allowed' }
  /** Rules allow some parts, and say nothing of the others. */
  | { readonly kind: 'partlyAllowed'; readonly others: readonly CommandPart[] }
  /** The strictest rule is one of these; `words` are the command that it fits, `others` those that no rule fits. */
  | {
      readonly kind: 'prompt' | 'forbidden';
      readonly rule: PrefixRule;
      readonly words: readonly string[];
      readonly others: readonly CommandPart[];
    };

interface Match {
  readonly rule: PrefixRule;
  readonly words: readonly string[];
}

/** All rules that hold at one time. */
export class RuleSet {
  readonly rules: readonly PrefixRule[];
  readonly #byFirstWord = new Map<string, PrefixRule[]>();
  readonly #hosts = new Map<string, Set<string>>();

  constructor(rules: readonly PrefixRule[], hosts: readonly HostExecutable[] = []) {
    this.rules = rules;
    for (const rule of rules) {
      for (const word of new Set(rule.pattern[0])) {
        const others = this.#byFirstWord.get(word);
        if (others === undefined) this.#byFirstWord.set(word, [rule]);
        else others.push(rule);
      }
    }
    for (const { name, paths } of hosts) {
      this.#hosts.set(name, new Set([...(this.#hosts.get(name) ?? []), ...paths]));
    }
  }

  /** Judges a command, of which the strictest rule counts. */
  judge(argv: readonly string[], userShell: string): Judgement {
    let strictest: Match | null = null;
    let allowed = 0;
    const others: CommandPart[] = [];
    for (const part of commandParts(argv, userShell)) {
      const rule = this.#strictestFor(part.words);
      if (rule === null || (rule.decision === 'allow' && !part.canBeAllowed)) {
        if (part.canBeAllowed) others.push(part);
      } else if (rule.decision === 'allow') {
        allowed += 1;
      } else if (strictest === null || strictness(rule.decision) > strictness(strictest.rule.decision)) {
        strictest = { rule, words: part.words };
      }
    }
    if (strictest !== null && strictest.rule.decision !== 'allow') {
      return { kind: strictest.rule.decision, ...strictest, others };
    }
    if (allowed === 0) return { kind: 'none' };
    return others.length === 0 ? { kind: 'allowed' } : { kind: 'partlyAllowed', others };
  }

  /** Of rules that are equally strict, the one that says most counts. */
  #strictestFor(words: readonly string[]): PrefixRule | null {
    let found: PrefixRule | null = null;
    for (const rule of this.#fitting(words)) {
      const isStricter =
        found === null ||
        strictness(rule.decision) > strictness(found.decision) ||
        (rule.decision === found.decision && rule.pattern.length > found.pattern.length);
      if (isStricter) found = rule;
    }
    return found;
  }

  /**
   * A rule for a name fits a program of that name wherever it lies; but what it allows has to lie where the rules say, or
   * where only the system's administrator could have put it.
   */
  *#fitting(words: readonly string[]): Generator<PrefixRule> {
    const [program = '', ...rest] = words;
    for (const rule of this.#byFirstWord.get(program) ?? []) if (fits(rule, words)) yield rule;
    const name = basename(program);
    if (name === program) return;
    const isVouched = this.#hosts.get(name)?.has(program) ?? isSystemProgram(program);
    const named = [name, ...rest];
    for (const rule of this.#byFirstWord.get(name) ?? []) {
      if ((rule.decision !== 'allow' || isVouched) && fits(rule, named)) yield rule;
    }
  }
}
