import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skillBudget, skillList } from '../../../src/core/skills/skill-list.ts';

interface Skill {
  readonly name: string;
  readonly description: string;
  readonly path: string;
}

const PLACE = '/home/ada/.codex/skills';

function skill(name: string, description: string, place = PLACE): Skill {
  return { name, description, path: `${place}/${name}/SKILL.md` };
}

function many(count: number, description: string, place = PLACE): Skill[] {
  return Array.from({ length: count }, (_, index) => skill(`s${index}`, description, place));
}

/** The lines that count for the budget. */
function linesOf(text: string): string[] {
  const [roots = '', available = ''] = ['### Skill roots', '### Available skills'].map(
    (title) => new RegExp(`^${title}\n((?:- .*\n)*)`, 'm').exec(text)?.[1] ?? '',
  );
  return `${roots}${available}`.split('\n').slice(0, -1);
}

const CUT =
  "The descriptions of the skills are cut in the list that the agent is given, which may take 2 % of the model's context window. Turn off skills that are not needed.";

describe('the list of skills', () => {
  it('names each with what it is for and its file', () => {
    const list = skillList(
      [skill('pdf', 'Reads forms.'), skill('web', 'Tests pages.', '/repo/.codex/skills')],
      {
        ...skillBudget(272_000),
      },
    );
    expect(list.warning).toBeNull();
    expect(list.text).toMatch(/^## Skills\n/u);
    expect(linesOf(list.text)).toEqual([
      '- pdf: Reads forms. (file: /home/ada/.codex/skills/pdf/SKILL.md)',
      '- web: Tests pages. (file: /repo/.codex/skills/web/SKILL.md)',
    ]);
    expect(list.text).not.toContain('roots');
  });

  it('may take 2 % of the context window in tokens, and 8,000 characters where that is not known', () => {
    expect(skillBudget(272_000).most).toBe(5_440 * 4);
    expect(skillBudget(null).most).toBe(8_000);
    expect(skillBudget(272_000).sizeOf('ä')).toBe(2);
    expect(skillBudget(null).sizeOf('ä')).toBe(1);
  });

  it('has names for shared folders where the paths take too much room', () => {
    const place = `/${'long/'.repeat(40)}skills`;
    const list = skillList(many(50, 'Does it.', place), skillBudget(100_000));
    expect(list.warning).toBeNull();
    expect(linesOf(list.text).slice(0, 2)).toEqual([
      `- \`r0\` = \`${place}\``,
      '- s0: Does it. (file: r0/s0/SKILL.md)',
    ]);
    expect(linesOf(list.text)).toHaveLength(51);
    expect(list.text).toContain('"Skill roots"');
  });

  it('has shorter descriptions where they take too much room', () => {
    const skills = [skill('brief', 'Brief.'), ...many(49, 'word '.repeat(100))];
    const list = skillList(skills, skillBudget(100_000));
    expect(list.warning).toBe(CUT);
    const [root, brief, ...others] = linesOf(list.text);
    expect(root).toBe(`- \`r0\` = \`${PLACE}\``);
    expect(brief).toBe('- brief: Brief. (file: r0/brief/SKILL.md)');
    expect(others).toHaveLength(49);
    for (const line of others) expect(line).toMatch(/^- s\d+: word [a-z ]+… \(file: r0\/s\d+\/SKILL\.md\)$/u);
  });

  it('leaves out the last skills where even their names take too much room', () => {
    const list = skillList(many(400, 'Does it.'), skillBudget(100_000));
    const [, ...lines] = linesOf(list.text);
    const left = 400 - lines.length;
    expect(lines).toEqual(many(lines.length, '').map(({ name }) => `- ${name} (file: r0/${name}/SKILL.md)`));
    const named = [0, 1, 2, 3, 4].map((index) => `s${lines.length + index}`).join(', ');
    expect(list.warning).toBe(
      `The list of skills that the agent is given may take 2 % of the model's context window. It has no descriptions, and these skills are left out: ${named} and ${left - 5} more. Turn off skills that are not needed.`,
    );
  });

  it('is empty where there is room for none', () => {
    const list = skillList([skill('pdf', 'Reads forms.')], skillBudget(500));
    expect(list.text).toBe('');
    expect(list.warning).toContain('these skills are left out: pdf.');
  });

  it('tells at most 1,024 characters of a description', () => {
    const [line = ''] = linesOf(skillList([skill('a', '𝄞'.repeat(600))], skillBudget(272_000)).text);
    expect(line).toBe(`- a: ${'𝄞'.repeat(511)}… (file: ${PLACE}/a/SKILL.md)`);
  });

  it('stays within its room, whatever the skills are, and is the same each time', () => {
    const any = fc.record({
      name: fc.stringMatching(/^[a-z0-9-]{1,20}$/u),
      description: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 300 })
        .map((text) => text.replace(/\s/gu, '')),
      place: fc.constantFrom(PLACE, '/repo/.codex/skills', `/${'deep/'.repeat(30)}skills`),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 60 }), fc.nat(200_000), (drawn, window) => {
        const skills = drawn.map(({ description, name, place }) => skill(name, description, place));
        const budget = skillBudget(window === 0 ? null : window);
        const list = skillList(skills, budget);
        const size = linesOf(list.text).reduce((sum, line) => sum + budget.sizeOf(line) + 1, 0);
        expect(size).toBeLessThanOrEqual(budget.most);
        expect(skillList(skills, budget)).toEqual(list);
      }),
    );
  });
});
