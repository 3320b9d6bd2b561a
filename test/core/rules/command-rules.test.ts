import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandRules, rulesWarnings } from '../../../src/core/rules/index.ts';

interface Place {
  readonly codexHome: string;
  readonly rules: CommandRules;
  readonly warnings: string[];
  readonly path: (name: string) => string;
  readonly write: (name: string, text: string | Uint8Array) => void;
}

function place(): Place {
  const codexHome = mkdtempSync(join(tmpdir(), 'parley-rules-'));
  onTestFinished(() => rmSync(codexHome, { recursive: true, force: true }));
  const warnings: string[] = [];
  const path = (name: string): string => join(codexHome, 'rules', name);
  const write = (name: string, text: string | Uint8Array): void => {
    mkdirSync(join(codexHome, 'rules'), { recursive: true });
    writeFileSync(path(name), text);
  };
  const rules = new CommandRules({ codexHome, warn: (message) => warnings.push(message) });
  return { codexHome, rules, warnings, path, write };
}

function kindOf({ rules }: Place, ...argv: string[]): string {
  return rules.judge(argv, '/bin/sh').kind;
}

describe('the files with rules', () => {
  it('need not be there', () => {
    const where = place();
    expect(kindOf(where, 'make')).toBe('none');
    expect(where.rules.allowing).toEqual([]);
    expect(where.warnings).toEqual([]);
  });

  it('are those of the folder whose names end so, and are read again when they change', () => {
    const where = place();
    where.write('a.rules', 'prefix_rule(["make"])');
    where.write('b.txt', 'prefix_rule(["make"], "forbidden")');
    expect(kindOf(where, 'make')).toBe('allowed');
    where.write('b.rules', 'prefix_rule(["make"], "forbidden")');
    expect(kindOf(where, 'make')).toBe('forbidden');
    where.write('b.rules', 'prefix_rule(["make"], "prompt")');
    expect(kindOf(where, 'make')).toBe('prompt');
    rmSync(where.path('b.rules'));
    expect(kindOf(where, 'make')).toBe('allowed');
  });

  it('do not count where they are broken, which is told once until they change', () => {
    const where = place();
    where.write('a.rules', 'prefix_rule(["make"])\n\nprefix_rule(["rm"], "never")\n');
    where.write('b.rules', 'prefix_rule(["ls"])');
    expect(kindOf(where, 'make')).toBe('none');
    expect(kindOf(where, 'ls')).toBe('allowed');
    where.rules.tellFaults();
    const told = `The rules in ${where.path('a.rules')}:3:21 do not count: decision is "never"; it can be allow, prompt, forbidden`;
    expect(where.warnings).toEqual([`${told}.`]);
    expect(rulesWarnings(where.codexHome)).toEqual([
      {
        summary: 'Rules for commands are left out until their file is corrected.',
        details: told,
        path: where.path('a.rules'),
        range: { start: { line: 3, column: 21 }, end: { line: 3, column: 21 } },
      },
    ]);
    where.write('a.rules', 'prefix_rule(');
    kindOf(where, 'make');
    expect(where.warnings[1]).toBe(
      `The rules in ${where.path('a.rules')}:1:13 do not count: expected a string or a list, found the end of the file.`,
    );
  });

  it('do not count where they cannot be read', () => {
    const where = place();
    where.write('binary.rules', Buffer.from([0x23, 0xff, 0xfe]));
    where.write('large.rules', '#'.repeat(256 * 1024 + 1));
    mkdirSync(where.path('folder.rules'));
    where.write('many.rules', 'prefix_rule(["x"])\n'.repeat(5_001));
    where.rules.tellFaults();
    const told = (name: string, why: string): string =>
      `The rules in ${where.path(name)} do not count: ${why}.`;
    expect(where.warnings).toEqual([
      told('binary.rules', 'it is not valid UTF-8'),
      told('folder.rules', 'it is not a regular file'),
      told('large.rules', 'it is larger than 262144 bytes'),
      told('many.rules', 'there are more than 5000 rules, with those of the files before it'),
    ]);
  });

  it('do not count where they lie elsewhere, which may be writable for commands', () => {
    const where = place();
    const [target, twin] = ['target', 'twin'].map((name) => join(where.codexHome, name));
    if (target === undefined || twin === undefined) throw new Error('no paths');
    where.write('own.rules', 'prefix_rule(["own"])');
    writeFileSync(twin, 'prefix_rule(["make"])');
    linkSync(twin, where.path('a.rules'));
    symlinkSync(target, where.path('b.rules'));
    expect(kindOf(where, 'make')).toBe('none');
    writeFileSync(target, 'prefix_rule(["make"])');
    expect([kindOf(where, 'make'), kindOf(where, 'own')]).toEqual(['none', 'allowed']);
    const ownPlace = 'files with rules have to lie in the folder themselves';
    expect(where.warnings).toEqual([
      `The rules in ${where.path('a.rules')} do not count: it has a second name; ${ownPlace}.`,
      `The rules in ${where.path('b.rules')} do not count: it is a link; ${ownPlace}.`,
    ]);
    rmSync(twin);
    expect(kindOf(where, 'make')).toBe('allowed');
  });

  it('are no more than 64', () => {
    const where = place();
    for (let index = 100; index < 165; index += 1)
      where.write(`${index}.rules`, `prefix_rule(["x${index}"])`);
    expect([kindOf(where, 'x163'), kindOf(where, 'x164')]).toEqual(['allowed', 'none']);
    expect(where.warnings).toEqual([expect.stringContaining('more than 64 files; those from 164.rules on')]);
  });

  it('are looked for in a folder', () => {
    const where = place();
    writeFileSync(join(where.codexHome, 'rules'), '');
    expect(kindOf(where, 'x')).toBe('none');
    expect(where.warnings).toEqual([
      `The rules in ${join(where.codexHome, 'rules')} do not count: it cannot be read (ENOTDIR).`,
    ]);
  });
});

describe('a rule that is added', () => {
  it('is a line of the file for that, and holds at once, for others too', () => {
    const where = place();
    const other = new CommandRules({ codexHome: where.codexHome, warn: () => {} });
    expect(other.judge(['touch', 'x1', 'x2'], '').kind).toBe('none');
    expect(where.rules.allow(['touch', 'x1'])).toBe(true);
    expect(where.rules.allow(['echo', 'a "b"\n', 'é\\'])).toBe(true);
    expect(readFileSync(where.path('default.rules'), 'utf8')).toBe(
      'prefix_rule(pattern=["touch", "x1"], decision="allow")\n' +
        'prefix_rule(pattern=["echo", "a \\"b\\"\\n", "é\\\\"], decision="allow")\n',
    );
    for (const rules of [where.rules, other]) {
      expect(rules.judge(['touch', 'x1', 'x2'], '').kind).toBe('allowed');
      expect(rules.judge(['echo', 'a "b"\n', 'é\\'], '').kind).toBe('allowed');
    }
    expect(where.rules.allowing.map(({ pattern }) => pattern[0])).toEqual([['touch'], ['echo']]);
  });

  it('is not added twice, and begins a line of its own', () => {
    const where = place();
    where.write('default.rules', '# mine\r\nprefix_rule(["ls"])');
    for (const words of [['a'], ['a'], ['b'], ['a']]) expect(where.rules.allow(words)).toBe(true);
    expect(readFileSync(where.path('default.rules'), 'utf8')).toBe(
      '# mine\r\nprefix_rule(["ls"])\n' +
        'prefix_rule(pattern=["a"], decision="allow")\nprefix_rule(pattern=["b"], decision="allow")\n',
    );
  });

  it('does not hold where its file has a fault', () => {
    const where = place();
    where.write('default.rules', 'what?');
    expect(where.rules.allow(['a'])).toBe(false);
    expect(kindOf(where, 'a')).toBe('none');
    expect(where.warnings).toEqual([expect.stringContaining('default.rules:1:5 do not count')]);
  });

  it('that cannot be written is told', () => {
    const where = place();
    writeFileSync(join(where.codexHome, 'rules'), '');
    expect(where.rules.allow(['a'])).toBe(false);
    expect(where.warnings).toEqual([`The rule was not saved in ${where.path('default.rules')}: EEXIST.`]);
    rmSync(join(where.codexHome, 'rules'));
    mkdirSync(where.path('default.rules'), { recursive: true });
    expect(where.rules.allow(['a'])).toBe(false);
    expect(where.warnings[1]).toBe(`The rule was not saved in ${where.path('default.rules')}: EISDIR.`);
  });

  it.each(['link', 'second name'])('is not added to a file that has a %s', (kind) => {
    const where = place();
    const target = join(where.codexHome, 'target');
    mkdirSync(join(where.codexHome, 'rules'));
    if (kind === 'link') symlinkSync(target, where.path('default.rules'));
    else {
      writeFileSync(target, '');
      linkSync(target, where.path('default.rules'));
    }
    expect(where.rules.allow(['a'])).toBe(false);
    const reason = kind === 'link' ? 'it is a link' : 'it has a second name';
    expect(where.warnings).toEqual([
      `The rule was not saved in ${where.path('default.rules')}: ${reason}; files with rules have to lie in the folder themselves.`,
    ]);
    expect(existsSync(target) ? readFileSync(target, 'utf8') : '').toBe('');
  });

  it('does not make the file too large to be read', () => {
    const where = place();
    where.write('default.rules', '#'.repeat(256 * 1024 - 20));
    expect(where.rules.allow(['a'])).toBe(false);
    expect(where.warnings).toEqual([expect.stringContaining('it would be larger than 262144 bytes')]);
    expect(readFileSync(where.path('default.rules'), 'utf8')).toHaveLength(256 * 1024 - 20);
  });

  it('is for the user alone', () => {
    const where = place();
    where.rules.allow(['a']);
    const rights = [where.path('.'), where.path('default.rules')].map((path) => statSync(path).mode & 0o777);
    expect(rights).toEqual(process.platform === 'win32' ? expect.anything() : [0o700, 0o600]);
  });

  it.each([[[]], [['']], [['a\0']]])('is none with the words %j', (words) => {
    const where = place();
    expect(where.rules.allow(words)).toBe(false);
    expect(rulesWarnings(where.codexHome)).toEqual([]);
    expect(where.warnings).toEqual([]);
  });
});
