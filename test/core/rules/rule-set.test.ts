import { describe, expect, it } from 'vitest';
import { parseRules } from '../../../src/core/rules/parse-rules.ts';
import { RuleSet } from '../../../src/core/rules/rule-set.ts';

function setOf(text: string): RuleSet {
  const outcome = parseRules(text);
  if (!outcome.ok) throw new Error(outcome.message);
  return new RuleSet(outcome.rules, outcome.hosts);
}

const RULES = setOf(`
prefix_rule(["git", ["status", "pull"]])
prefix_rule(["make"])
prefix_rule(["git"], "prompt", justification="It is asked about")
prefix_rule(["git", "push"], "forbidden", justification="Nobody pushes")
prefix_rule(["git", "push", "--dry-run"], "forbidden", justification="Not even so")
prefix_rule(["tool"])
prefix_rule(["known"])
host_executable("known", ["/opt/bin/known"])
`);

/** The kind of a judgement, with the reason of the rule that decides. */
function judged(argv: readonly string[], rules = RULES): string {
  const judgement = rules.judge(argv, '/opt/bin/zsh');
  return 'rule' in judgement ? `${judgement.kind}: ${judgement.rule.justification}` : judgement.kind;
}

function script(text: string, shell = '/bin/bash'): string {
  return judged([shell, '-lc', text]);
}

describe('the judgement of a command', () => {
  it.each([
    ['cat x', 'none'],
    ['make', 'allowed'],
    ['make -k test', 'allowed'],
    ['makes', 'none'],
    ['git status', 'prompt: It is asked about'],
    ['git push origin', 'forbidden: Nobody pushes'],
    ['git push --dry-run x', 'forbidden: Not even so'],
    ['git', 'prompt: It is asked about'],
  ])('is that of the strictest rule: %s', (command, expected) => {
    expect(judged(command.split(' '))).toBe(expected);
    expect(script(command)).toBe(expected);
  });

  it.each([
    ['make && make test', 'allowed'],
    ['make; cat x', 'partlyAllowed'],
    ['cat x | wc', 'none'],
    ['cat x && git push', 'forbidden: Nobody pushes'],
    ['make || git log\ngit push', 'forbidden: Nobody pushes'],
    ['make > file', 'none'],
    ['make $X', 'none'],
    ['X=1 make', 'none'],
    ['make &', 'none'],
  ])('looks at every plain command of a script: %s', (text, expected) => {
    expect(script(text)).toBe(expected);
  });

  it('names the parts that no rule fits', () => {
    expect(RULES.judge(['sh', '-c', 'make && ls *.ts; git log'], '')).toEqual({
      kind: 'prompt',
      rule: { pattern: [['git']], decision: 'prompt', justification: 'It is asked about' },
      words: ['git', 'log'],
      others: [{ words: ['ls', '*.ts'], hasPattern: true, canBeAllowed: true }],
    });
  });

  it('lets no shell run a script that is not the user’s or the system’s', () => {
    for (const shell of ['bash', '/usr/bin/bash', '/opt/bin/zsh'])
      expect(script('make', shell)).toBe('allowed');
    for (const shell of ['./bash', '/tmp/bash', '/opt/bin/bash', '/bin/../tmp/bash']) {
      expect(script('make', shell)).toBe('none');
      expect(script('git push', shell)).toBe('forbidden: Nobody pushes');
    }
    const shells = setOf('prefix_rule(["/tmp/bash"])');
    expect(judged(['/tmp/bash', '-c', 'make'], shells)).toBe('allowed');
    expect(judged(['/tmp/bash', '-c', 'make > x'], shells)).toBe('allowed');
  });

  it('takes the whole command where there is no script that could be split', () => {
    const shells = setOf('prefix_rule(["bash", "-lc"])');
    expect(judged(['bash', '-lc', 'a > b'], shells)).toBe('allowed');
    expect(judged(['bash', '-lc', 'a'], shells)).toBe('none');
    expect(judged(['bash', '-lc', 'a', 'b'], shells)).toBe('allowed');
  });

  it('allows a program by its path only where it is known to be that program', () => {
    const allowed = ['/bin/tool', '/usr/bin/tool', '/opt/bin/known', 'known'];
    for (const program of allowed) expect(judged([program, 'x'])).toBe('allowed');
    const others = ['./tool', '/tmp/tool', '/usr/bin/../../tmp/tool', '/usr/bin/known', 'bin/tool'];
    for (const program of others) expect(judged([program, 'x'])).toBe('none');
    for (const program of ['./git', '/tmp/git', '/usr/bin/git']) {
      expect(judged([program, 'push'])).toBe('forbidden: Nobody pushes');
    }
  });
});
