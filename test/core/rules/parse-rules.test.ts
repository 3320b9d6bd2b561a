import { describe, expect, it } from 'vitest';
import { exampleWords } from '../../../src/core/rules/example-words.ts';
import { parseRules } from '../../../src/core/rules/parse-rules.ts';

function rule(pattern: readonly (readonly string[])[], decision = 'allow', justification?: string): object {
  return { pattern, decision, justification: justification ?? null };
}

/** What is wrong with a text, behind the place as line and column. */
function fault(text: string): string {
  const outcome = parseRules(text);
  if (outcome.ok) return 'nothing';
  return `${outcome.place.line}:${outcome.place.column} ${outcome.message}`;
}

describe('the text of a file with rules', () => {
  it('has rules with everything that they can say', () => {
    const text = `
# Comments count for nothing.
prefix_rule(
    pattern = ["gh", "pr", ["view", "list"]],  # alternatives
    decision = "prompt",
    justification = "Pull requests " + 'are looked at',
    match = ["gh pr view 7", ["gh", "pr", "list"], "gh pr 'view' --json \\"a b\\""],
    not_match = ["gh pr create", ["gh"]],
)
prefix_rule(["ls"]); prefix_rule(pattern=["rm"], decision='forbidden', match=None)
network_rule(host = "example.com", protocol = "https", decision = "deny")
host_executable(name = "gh", paths = ["/opt/bin/gh", "/usr/local/bin/gh",])
`;
    expect(parseRules(text)).toEqual({
      ok: true,
      rules: [
        rule([['gh'], ['pr'], ['view', 'list']], 'prompt', 'Pull requests are looked at'),
        rule([['ls']]),
        rule([['rm']], 'forbidden'),
      ],
      hosts: [{ name: 'gh', paths: ['/opt/bin/gh', '/usr/local/bin/gh'] }],
    });
  });

  it.each(['', '\n\n', '# nothing', '\uFEFF# nothing\r\n'])('may have none: %j', (text) => {
    expect(parseRules(text)).toEqual({ ok: true, rules: [], hosts: [] });
  });

  it.each([
    [`"a\\n\\t\\x41\\u00e9\\U0001F600\\101\\\\\\"\\'"`, `a\n\tAé😀A\\"'`],
    [`'it"s'`, 'it"s'],
    [`r'\\d+\\''`, String.raw`\d+\'`],
    [`"""two\nlines "quoted" """`, 'two\nlines "quoted" '],
    [`'''it's'''`, "it's"],
    [`"on\\\ne"`, 'one'],
    [`""`, ''],
  ])('has strings as %s', (literal, meant) => {
    expect(parseRules(`prefix_rule(pattern=["x", ${literal}])`)).toEqual({
      ok: true,
      rules: [rule([['x'], [meant]])],
      hosts: [],
    });
  });

  it.each([
    ['prefix_rule(pattern=["a"', '1:25 expected ",", found the end of the file'],
    ['prefix_rule(pattern=["a"]', '1:26 expected ",", found the end of the file'],
    ['\n  prefix_rule(pattern=["a)', '2:24 a string is not closed'],
    ['prefix_rule(pattern=["a\n"])', '1:22 a string is not closed'],
    ['prefix_rule(pattern=["""a"])', '1:22 a string is not closed'],
    ['prefix_rule(pattern=["\\q"])', '1:23 an escape that there is not; write \\\\ for a backslash'],
    ['prefix_rule(pattern=["\\U00110000"])', '1:23 there is no such character'],
    [
      'prefix_rule(pattern=["a"]) prefix_rule(pattern=["b"])',
      '1:28 expected a new line, found "prefix_rule"',
    ],
    ['x = ["a"]', '1:3 expected "(", found "="'],
    ['"text"', '1:1 expected the name of a rule, found a string'],
    ['prefix_rule(pattern=[name])', '1:22 expected a string or a list, found "name"'],
    ['prefix_rule(pattern={})', '1:21 "{" means nothing here'],
    ['\n\nprefix_rules(pattern=["a"])', '3:1 there is no rule of the name "prefix_rules"'],
    ['toString()', '1:1 there is no rule of the name "toString"'],
    ['prefix_rule()', '1:1 prefix_rule needs pattern'],
    ['prefix_rule(decision="allow")', '1:1 prefix_rule needs pattern'],
    ['prefix_rule(pattern="ls")', '1:21 pattern has to be a list'],
    ['prefix_rule(pattern=[])', '1:21 pattern is empty, and would fit every command'],
    ['prefix_rule(pattern=["a", []])', '1:27 an element of pattern is empty'],
    ['prefix_rule(pattern=["a", 7])', '1:27 an element of pattern has to be a string or a list of strings'],
    ['prefix_rule(pattern=[["a", ["b"]]])', '1:28 what is in an element of pattern has to be a string'],
    ['prefix_rule(pattern=["a" + ["b"]])', '1:28 only strings can be put together'],
    ['prefix_rule(["a"], pattern=["b"])', '1:20 pattern is given twice'],
    ['prefix_rule(pattern=["a"], why="x")', '1:28 prefix_rule takes no argument "why"'],
    ['host_executable("a", ["/a"], "b")', '1:30 host_executable takes no more than 2 arguments'],
    ['host_executable("a", [])', '1:22 paths is empty'],
    ['prefix_rule(["a"], "deny")', '1:20 decision is "deny"; it can be allow, prompt, forbidden'],
    ['prefix_rule(["a"], True)', '1:20 decision has to be a string'],
    ['prefix_rule(["a"], justification=" ")', '1:34 justification is empty'],
    ['prefix_rule(["a"], match="a b")', '1:26 match has to be a list'],
    ['prefix_rule(["a"], match=["a", ""])', '1:32 this example is empty'],
    ['prefix_rule(["a"], match=["a \'b"])', '1:27 a quote of this example is not closed'],
    [
      'prefix_rule(["a", "b"], match=["a b", "a c"])',
      '1:39 the pattern ["a", "b"] does not fit this example',
    ],
    [
      'prefix_rule(["a"], not_match=[["a", "b"]])',
      '1:31 the pattern ["a"] fits this example, and should not',
    ],
    [`prefix_rule(${'['.repeat(20)}`, '1:21 lists lie too deep in each other'],
  ])('is refused as a whole: %j', (text, wrong) => {
    expect(fault(text)).toBe(wrong);
    expect(fault(`prefix_rule(["fine"])\n${text}`)).toBe(
      wrong.replace(/^\d+/u, (line) => `${Number(line) + 1}`),
    );
  });
});

it.each([
  ['git  status\t-s', ['git', 'status', '-s']],
  [`a 'b c' "d \\" $e" f\\ g`, ['a', 'b c', 'd " $e', 'f g']],
  [`a'b'"c"`, ['abc']],
  [`'' ""`, ['', '']],
  ['a && b > $C', ['a', '&&', 'b', '>', '$C']],
  ['', []],
  ['a "b', null],
  ['a \\', null],
])('the words of the example %j are told apart by blanks and quotes', (text, words) => {
  expect(exampleWords(text)).toEqual(words);
});
