import type { ConfigWarningNotification } from '../../protocol/index.ts';
import { isAmendment } from './amendment.ts';
import { appendRule } from './append-rule.ts';
import { ruleText } from './rule.ts';
import type { PrefixRule } from './rule.ts';
import { RuleSet } from './rule-set.ts';
import type { Judgement } from './rule-set.ts';
import { readRules, rulesFolder, rulesStamp } from './rules-folder.ts';
import type { RulesFileFault } from './rules-folder.ts';

export interface CommandRulesOptions {
  readonly codexHome: string;
  /** Tells the user something. */
  readonly warn: (message: string) => void;
}

/** The rules for commands as the files have them at any time. They are read again when a file has changed. */
export class CommandRules {
  readonly #folder: string;
  readonly #warn: (message: string) => void;
  #set = new RuleSet([]);
  #stamp: string | null = null;
  #faults: readonly RulesFileFault[] = [];
  #told: ReadonlySet<string> = new Set();

  constructor({ codexHome, warn }: CommandRulesOptions) {
    this.#folder = rulesFolder(codexHome);
    this.#warn = warn;
  }

  /** Judges a command by the rules of now, and tells the user of files whose rules do not count. */
  judge(argv: readonly string[], userShell: string): Judgement {
    const rules = this.#current();
    this.#tellNew();
    return rules.judge(argv, userShell);
  }

  /** The rules that allow something, in the order of the files. */
  get allowing(): readonly PrefixRule[] {
    return this.#current().rules.filter(({ decision }) => decision === 'allow');
  }

  /** Tells the user of every fault in the files that has not been told since it is there. */
  tellFaults(): void {
    this.#current();
    this.#tellNew();
  }

  /**
   * Allows commands that begin with these words from now on, in all threads, by a line in a file. Gives whether they hold; a
   * failure to write them is told to the user.
   */
  allow(words: readonly string[]): boolean {
    if (!isAmendment(words)) return false;
    const rule: PrefixRule = {
      pattern: words.map((word) => [word]),
      decision: 'allow',
      justification: null,
    };
    const appended = appendRule(this.#folder, rule);
    if (!appended.ok) this.#warn(`The rule was not saved in ${appended.path}: ${appended.reason}.`);
    const text = ruleText(rule);
    return this.allowing.some((other) => ruleText(other) === text);
  }

  #tellNew(): void {
    const texts = new Set(this.#faults.map((fault) => `${faultText(fault)}.`));
    for (const text of texts) if (!this.#told.has(text)) this.#warn(text);
    this.#told = texts;
  }

  #current(): RuleSet {
    const stamp = rulesStamp(this.#folder);
    if (stamp === this.#stamp) return this.#set;
    const { faults, hosts, rules } = readRules(this.#folder);
    this.#stamp = stamp;
    this.#faults = faults;
    this.#set = new RuleSet(rules, hosts);
    return this.#set;
  }
}

/** What clients are warned of when they connect, for each file whose rules do not count. */
export function rulesWarnings(codexHome: string): ConfigWarningNotification[] {
  return readRules(rulesFolder(codexHome)).faults.map((fault) => {
    const { path, place } = fault;
    const summary = 'Rules for commands are left out until their file is corrected.';
    const range = place === null ? {} : { range: { start: place, end: place } };
    return { summary, details: faultText(fault), path, ...range };
  });
}

function faultText({ message, path, place }: RulesFileFault): string {
  const where = place === null ? path : `${path}:${place.line}:${place.column}`;
  return `The rules in ${where} do not count: ${message}`;
}
