import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ThreadSkills } from '../../../src/core/skills/index.ts';
import type { Config } from '../../../src/core/config/index.ts';
import type { UserInput } from '../../../src/protocol/index.ts';

interface Place {
  readonly at: (...names: string[]) => string;
  readonly skills: ThreadSkills;
}

/** A home and a repository with these skills, which are removed after the test. */
function place(names: readonly string[], settings: Partial<Config['skills']> = {}): Place {
  const root = mkdtempSync(join(tmpdir(), 'parley-skills-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const at = (...parts: string[]): string => join(root, ...parts);
  for (const name of names) write(at(name, 'SKILL.md'), name.split('/').at(-1) ?? '');
  const sources = { codexHome: at('home'), workingDirectory: root, variables: { HOME: root } };
  return { at, skills: new ThreadSkills({ sources, settings: { areListed: true, rules: [], ...settings } }) };
}

function write(path: string, name: string, body = `How to ${name}.`): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `---\nname: ${name}\ndescription: Does ${name}.\n---\n${body}\n`);
}

/** The names in the list for a folder. */
async function listed({ at, skills }: Place, cwd = 'repo'): Promise<string[]> {
  await skills.load(at(cwd));
  const text = skills.list(at(cwd), 272_000) ?? 'not looked for';
  return [...text.matchAll(/^- (\w+): Does/gmu)].map(([, name = '']) => name);
}

function words(text: string): UserInput {
  return { type: 'text', text, text_elements: [] };
}

function given(name: string, path: string): UserInput {
  return { type: 'skill', name, path };
}

function told(path: string, name: string): string {
  return `<skill>\n<name>${name}</name>\n<path>${path}</path>\n---\nname: ${name}\ndescription: Does ${name}.\n---\nHow to ${name}.\n</skill>`;
}

const HOME = ['home/skills/mail', 'home/skills/pdf'];
const BOTH = ['repo/.codex/skills/build', ...HOME];

describe('the skills of a thread', () => {
  it('are not known before they were looked for, and are those of the folder and the home', async () => {
    const it = place(BOTH);
    expect(it.skills.list(it.at('repo'), 272_000)).toBeNull();
    expect(await listed(it)).toEqual(['build', 'mail', 'pdf']);
    expect(it.skills.list(it.at('other'), 272_000)).toBeNull();
    expect(await listed(it, 'other')).toEqual(['mail', 'pdf']);
  });

  it('stay as they are until they are looked for in another folder, or may have changed', async () => {
    const it = place(HOME);
    expect(await listed(it)).toEqual(['mail', 'pdf']);
    write(it.at('home/skills/web/SKILL.md'), 'web');
    expect(await listed(it)).toEqual(['mail', 'pdf']);
    it.skills.expire();
    expect(it.skills.list(it.at('repo'), 272_000)).toContain('- pdf');
    expect(await listed(it)).toEqual(['mail', 'pdf', 'web']);
    rmSync(it.at('home/skills/mail/SKILL.md'));
    expect(await listed(it, 'other')).toEqual(['pdf', 'web']);
  });

  it('are not told where that is turned off, and can be named all the same', async () => {
    const it = place(HOME, { areListed: false });
    expect(it.skills.list(it.at('repo'), 272_000)).toBe('');
    const path = it.at('home/skills/pdf/SKILL.md');
    expect(await it.skills.attach([words('use $pdf')], it.at('repo'))).toEqual({
      texts: [told(path, 'pdf')],
      warnings: [],
    });
  });

  it('are too many for their room in one warning only', async () => {
    const it = place(HOME);
    await it.skills.load(it.at('repo'));
    expect(it.skills.list(it.at('repo'), 100)).toBe('');
    expect(it.skills.list(it.at('repo'), 101)).toBe('');
    expect(it.skills.takeWarnings()).toEqual([expect.stringContaining('left out: mail, pdf.')]);
    expect(it.skills.takeWarnings()).toEqual([]);
  });

  it('can be turned off by name, and by path in any form; the last rule counts', async () => {
    const off = (rule: { path?: string; name?: string }) => ({
      path: null,
      name: null,
      ...rule,
      enabled: false,
    });
    for (const rule of [
      { name: 'pdf' },
      { path: 'skills/pdf' },
      { path: '~/home/skills/pdf/SKILL.md' },
      { path: 'skills/pdf/SKILL.md', name: 'pdf' },
    ]) {
      expect(await listed(place(BOTH, { rules: [off(rule)] }))).toEqual(['build', 'mail']);
    }
    for (const rules of [
      [off({})],
      [off({ path: 'skills' })],
      [off({ path: 'skills/pdf', name: 'mail' })],
      [off({ name: 'pdf' }), { path: null, name: 'pdf', enabled: true }],
    ]) {
      expect(await listed(place(BOTH, { rules }))).toEqual(['build', 'mail', 'pdf']);
    }
  });

  it('can be turned off by where a link leads', async () => {
    const it = place(['src/pdf', 'home/skills/mail'], {
      rules: [{ path: '~/src/pdf/SKILL.md', name: null, enabled: false }],
    });
    symlinkSync(it.at('src/pdf'), it.at('home/skills/pdf'));
    expect(await listed(it)).toEqual(['mail']);
  });
});

describe('the skills that an input names', () => {
  it('are added once each, those of items first, as they are now', async () => {
    const it = place(BOTH);
    await it.skills.load(it.at('repo'));
    write(it.at('home/skills/new/SKILL.md'), 'new');
    const [build, mail, fresh] = ['repo/.codex/skills/build', 'home/skills/mail', 'home/skills/new'].map(
      (name) => it.at(name, 'SKILL.md'),
    ) as [string, string, string];
    const input = [
      words('Take $build: then $mail-, $build and $HOME for $5.'),
      given('new', fresh),
      given('mail', dirname(mail)),
    ];
    expect(await it.skills.attach(input, it.at('repo'))).toEqual({
      texts: [told(fresh, 'new'), told(mail, 'mail'), told(build, 'build')],
      warnings: [],
    });
    expect(await it.skills.attach([words('nothing')], it.at('repo'))).toEqual({ texts: [], warnings: [] });
  });

  it('that cannot be used are named in warnings', async () => {
    const it = place(['repo/.codex/skills/pdf', ...HOME], {
      rules: [{ path: null, name: 'mail', enabled: false }],
    });
    const at = (name: string): string => it.at('home/skills', name, 'SKILL.md');
    mkdirSync(it.at('home/skills/broken'));
    writeFileSync(at('broken'), 'words');
    const input = [
      given('mail', at('mail')),
      given('none', '/none/SKILL.md'),
      given('broken', at('broken')),
      words('$pdf and $mail and $none'),
    ];
    expect(await it.skills.attach(input, it.at('repo'))).toEqual({
      texts: [],
      warnings: [
        `The skill mail at ${at('mail')} is turned off.`,
        'There is no skill none at /none/SKILL.md.',
        `The skill broken at ${at('broken')} is left out: there is no front matter between two lines of \`---\`.`,
        `$pdf may be any of several skills (${it.at('repo/.codex/skills/pdf/SKILL.md')}, ${at('pdf')}), so that none of them is used for it.`,
      ],
    });
    expect((await it.skills.attach([given('pdf', at('pdf')), words('$pdf')], it.at('repo'))).texts).toEqual([
      told(at('pdf'), 'pdf'),
    ]);
  });

  it('that cannot be read are named in warnings', async () => {
    const it = place(HOME);
    const path = it.at('home/skills/pdf/SKILL.md');
    rmSync(path);
    mkdirSync(path);
    expect(await it.skills.attach([given('pdf', path)], it.at('repo'))).toEqual({
      texts: [],
      warnings: [`The skill pdf at ${path} is left out: not a regular file.`],
    });
  });

  it('are cut where they are long, and left out where they are many', async () => {
    const names = Array.from({ length: 18 }, (_, index) => `s${index + 10}`);
    const it = place(names.map((name) => `home/skills/${name}`));
    const long = it.at('home/skills/long/SKILL.md');
    write(long, 'long', 'x'.repeat(70_000));
    const cut = await it.skills.attach([words('$long')], it.at('repo'));
    expect(cut.warnings).toEqual([]);
    expect(cut.texts).toEqual([
      expect.stringMatching(/x\n\[[^\n]+SKILL\.md goes on here, beyond the limit for skills\]\n<\/skill>$/u),
    ]);
    expect(cut.texts[0]?.length).toBeLessThan(66_000);
    const many = await it.skills.attach([words(names.map((name) => `$${name}`).join(' '))], it.at('repo'));
    expect(many.texts).toHaveLength(16);
    expect(many.warnings).toEqual(['One input can name 16 skills; these are left out: s26, s27.']);
  });
});
