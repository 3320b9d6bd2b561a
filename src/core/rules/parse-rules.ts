import { exampleWords } from './example-words.ts';
import { parseCalls } from './parse-calls.ts';
import type { Call, Value } from './parse-calls.ts';
import { DECISIONS, fits, patternText } from './rule.ts';
import type { PrefixRule } from './rule.ts';
import { placeOf, RulesFault } from './rules-fault.ts';
import type { Place } from './rules-fault.ts';

/** Where a program lies that rules for its name may allow. */
export interface HostExecutable {
  readonly name: string;
  /** Absolute. */
  readonly paths: readonly string[];
}

export type RulesOutcome =
  | { readonly ok: true; readonly rules: readonly PrefixRule[]; readonly hosts: readonly HostExecutable[] }
  | { readonly ok: false; readonly message: string; readonly place: Place };

/** Longer words are not repeated in a message. */
const LONGEST_SHOWN = 200;

/** The calls that count, with the names of their arguments in the order in which these can be given without a name. */
const CALLS = {
  prefix_rule: ['pattern', 'decision', 'match', 'not_match', 'justification'],
  host_executable: ['name', 'paths'],
  network_rule: ['host', 'protocol', 'decision', 'justification'],
} as const;

type CallName = keyof typeof CALLS;

/**
 * Reads the rules in the text of a file, and checks them by their own examples. Rules for the network are accepted and
 * count for nothing. Never throws; the first thing that is wrong makes the whole text invalid.
 */
export function parseRules(text: string): RulesOutcome {
  try {
    const rules: PrefixRule[] = [];
    const hosts: HostExecutable[] = [];
    for (const call of parseCalls(text)) {
      const name = nameOf(call);
      const values = namedValues(call, CALLS[name]);
      if (name === 'prefix_rule') rules.push(prefixRule(call, values));
      if (name === 'host_executable') hosts.push(hostExecutable(call, values));
    }
    return { ok: true, rules, hosts };
  } catch (error) {
    if (!(error instanceof RulesFault)) throw error;
    return { ok: false, message: error.message, place: placeOf(text, error.position) };
  }
}

type Values = ReadonlyMap<string, Value>;

function nameOf({ name, position }: Call): CallName {
  if (Object.hasOwn(CALLS, name)) return name as CallName;
  throw new RulesFault(`there is no rule of the name ${shown(name)}`, position);
}

/** The values by their names, without those that are `None`. */
function namedValues(call: Call, names: readonly string[]): Values {
  const values = new Map<string, Value>();
  for (const [index, { name, position, value }] of call.arguments.entries()) {
    const key = name ?? names[index];
    if (key === undefined)
      throw new RulesFault(`${call.name} takes no more than ${names.length} arguments`, position);
    if (!names.includes(key)) throw new RulesFault(`${call.name} takes no argument ${shown(key)}`, position);
    if (values.has(key)) throw new RulesFault(`${key} is given twice`, position);
    values.set(key, value);
  }
  return new Map([...values].filter(([, value]) => value.kind !== 'other' || value.text !== 'None'));
}

function prefixRule(call: Call, values: Values): PrefixRule {
  const rule = {
    pattern: patternOf(required(call, values, 'pattern')),
    decision: decisionOf(values.get('decision')),
    justification: justificationOf(values.get('justification')),
  };
  for (const { position, words } of examplesOf(values.get('match'), 'match')) {
    if (!fits(rule, words)) {
      throw new RulesFault(`the pattern ${patternText(rule.pattern)} does not fit this example`, position);
    }
  }
  for (const { position, words } of examplesOf(values.get('not_match'), 'not_match')) {
    if (fits(rule, words)) {
      throw new RulesFault(
        `the pattern ${patternText(rule.pattern)} fits this example, and should not`,
        position,
      );
    }
  }
  return rule;
}

function patternOf(value: Value): PrefixRule['pattern'] {
  const pattern = listOf(value, 'pattern').map((element) =>
    element.kind === 'string' ? [element.text] : stringsOf(element, 'an element of pattern'),
  );
  if (pattern.length === 0)
    throw new RulesFault('pattern is empty, and would fit every command', value.position);
  return pattern;
}

function decisionOf(value: Value | undefined): PrefixRule['decision'] {
  if (value === undefined) return 'allow';
  const text = stringOf(value, 'decision');
  const decision = DECISIONS.find((known) => known === text);
  if (decision !== undefined) return decision;
  throw new RulesFault(`decision is ${shown(text)}; it can be ${DECISIONS.join(', ')}`, value.position);
}

function justificationOf(value: Value | undefined): string | null {
  if (value === undefined) return null;
  const text = stringOf(value, 'justification').trim();
  if (text === '') throw new RulesFault('justification is empty', value.position);
  return text;
}

interface Example {
  readonly words: readonly string[];
  readonly position: number;
}

function examplesOf(value: Value | undefined, name: string): Example[] {
  if (value === undefined) return [];
  return listOf(value, name).map((item) => {
    const words = item.kind === 'string' ? exampleWords(item.text) : stringsOf(item, `an example of ${name}`);
    if (words === null) throw new RulesFault('a quote of this example is not closed', item.position);
    if (words.length === 0) throw new RulesFault('this example is empty', item.position);
    return { words, position: item.position };
  });
}

function hostExecutable(call: Call, values: Values): HostExecutable {
  const name = required(call, values, 'name');
  const paths = required(call, values, 'paths');
  return { name: stringOf(name, 'name'), paths: stringsOf(paths, 'paths') };
}

function required(call: Call, values: Values, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new RulesFault(`${call.name} needs ${name}`, call.position);
  return value;
}

function stringOf(value: Value, name: string): string {
  if (value.kind !== 'string') throw new RulesFault(`${name} has to be a string`, value.position);
  return value.text;
}

function listOf(value: Value, name: string): readonly Value[] {
  if (value.kind !== 'list') throw new RulesFault(`${name} has to be a list`, value.position);
  return value.items;
}

/** The strings of a list that is not empty. */
function stringsOf(value: Value, name: string): string[] {
  if (value.kind !== 'list')
    throw new RulesFault(`${name} has to be a string or a list of strings`, value.position);
  if (value.items.length === 0) throw new RulesFault(`${name} is empty`, value.position);
  return value.items.map((item) => stringOf(item, `what is in ${name}`));
}

function shown(word: string): string {
  return word.length > LONGEST_SHOWN ? 'a very long one' : JSON.stringify(word);
}
