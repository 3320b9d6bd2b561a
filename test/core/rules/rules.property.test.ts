import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAmendment, proposedAmendment } from '../../../src/core/rules/amendment.ts';
import { exampleWords } from '../../../src/core/rules/example-words.ts';
import { parseRules } from '../../../src/core/rules/parse-rules.ts';
import { DECISIONS, fits, ruleText } from '../../../src/core/rules/rule.ts';
import type { PrefixRule } from '../../../src/core/rules/rule.ts';
import { RuleSet } from '../../../src/core/rules/rule-set.ts';
import { shellQuoted } from '../../../src/exec/index.ts';

const word = fc.string({ unit: 'grapheme-composite', maxLength: 12 });
const anyRule: fc.Arbitrary<PrefixRule> = fc.record({
  pattern: fc.array(fc.array(word, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 }),
  decision: fc.constantFrom(...DECISIONS),
  justification: fc.option(word.map((text) => text.trim()).filter((text) => text !== '')),
});

/** Pieces of which texts consist that are nearly rules. */
const PIECES = [
  'prefix_rule(',
  'host_executable(',
  'network_rule(',
  'pattern=',
  'decision=',
  'match=',
  'justification=',
  '"git"',
  "'allow'",
  '"""',
  '\\',
  '[',
  ']',
  ')',
  ',',
  ';',
  '+',
  '=',
  '\n',
  '# x',
  'None',
  '7',
  '\u0000',
];

const nearlyRules = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) => pieces.join(''));

test('any text is rules, or has a fault at a place in it', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), nearlyRules), (text) => {
      const outcome = parseRules(text);
      if (outcome.ok) return;
      const { column, line } = outcome.place;
      const lines = text.split('\n');
      expect(outcome.message).not.toBe('');
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
      expect(Math.min(line, column)).toBeGreaterThan(0);
    }),
    { numRuns: 1_000 },
  );
});

test('rules that were written down are read as they were', () => {
  fc.assert(
    fc.property(fc.array(anyRule), fc.constantFrom('\n', '\n\n', ' # more\n', '; '), (rules, between) => {
      const text = rules.map(ruleText).join(between);
      expect(parseRules(text)).toEqual({ ok: true, rules, hosts: [] });
    }),
  );
});

test('an example in quotes has the words that were quoted', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), (words) => {
      expect(exampleWords(shellQuoted(words))).toEqual(words);
    }),
  );
});

test('a rule fits the commands that begin with its words', () => {
  fc.assert(
    fc.property(anyRule, fc.array(word), fc.nat(), (rule, rest, choice) => {
      const words = rule.pattern.map((alternatives) => alternatives[choice % alternatives.length] ?? '');
      expect(fits(rule, [...words, ...rest])).toBe(true);
      expect(fits(rule, words.slice(0, -1))).toBe(false);
    }),
  );
});

test('more rules make the judgement of a bare command milder never', () => {
  const kinds = ['none', 'allowed', 'prompt', 'forbidden'];
  const few = fc.constantFrom('a', 'b', 'c');
  const rules = fc.array(
    fc.record({
      pattern: fc.array(fc.array(few, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
      decision: fc.constantFrom(...DECISIONS),
      justification: fc.constant(null),
    }),
  );
  fc.assert(
    fc.property(rules, rules, fc.array(few, { minLength: 1 }), (some, more, argv) => {
      const before = new RuleSet(some).judge(argv, '/bin/sh').kind;
      const after = new RuleSet([...some, ...more]).judge(argv, '/bin/sh').kind;
      expect(kinds.indexOf(after)).toBeGreaterThanOrEqual(kinds.indexOf(before));
    }),
  );
});

test('what is proposed allows the command that it is proposed for', () => {
  const argv = fc.oneof(
    fc.array(word, { minLength: 1 }),
    fc.array(word, { minLength: 1 }).map((words) => ['/bin/sh', '-lc', shellQuoted(words)]),
    fc.string().map((script) => ['bash', '-c', script]),
  );
  fc.assert(
    fc.property(argv, fc.option(fc.nat(3)), (command, length) => {
      const whole = proposedAmendment(command, null, '/bin/sh');
      const proposed = proposedAmendment(command, whole?.slice(0, length ?? 0) ?? null, '/bin/sh');
      if (proposed === null) return;
      expect(isAmendment(proposed)).toBe(true);
      const pattern = proposed.map((each) => [each]);
      const set = new RuleSet([{ pattern, decision: 'allow', justification: null }]);
      expect(set.judge(command, '/bin/sh')).toEqual({ kind: 'allowed' });
    }),
  );
});
