import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { SkillMetadata } from '../../protocol/index.ts';
import type { SkillRule } from '../config/index.ts';

export interface RulePlaces {
  /** What relative paths in rules are relative to. */
  readonly codexHome: string;
  /** What `~` stands for; null where it is not known. */
  readonly home: string | null;
}

/**
 * The skills with what the rules say of them; the last rule that is about a skill decides. A rule is about the skills that have
 * its name, and are where its path leads, be that the folder or the `SKILL.md`. One with neither is about none.
 */
export async function withRules(
  skills: readonly SkillMetadata[],
  rules: readonly SkillRule[],
  places: RulePlaces,
): Promise<SkillMetadata[]> {
  if (rules.length === 0) return [...skills];
  const placed = await Promise.all(rules.map((rule) => place(rule, places)));
  return Promise.all(
    skills.map(async (skill) => {
      const own = await pathsOf(skill.path);
      const rule = placed.findLast(({ name, paths }) => {
        if (name === null && paths === null) return false;
        const isNamed = name === null || name === skill.name;
        return isNamed && (paths === null || own.some((path) => leadsTo(paths, path)));
      });
      return rule === undefined ? skill : { ...skill, enabled: rule.enabled };
    }),
  );
}

/** Whether a path is that of a skill, or that of its folder. */
export function isSkillAt({ path }: Pick<SkillMetadata, 'path'>, asked: string): boolean {
  return leadsTo([resolve(asked)], path);
}

interface PlacedRule {
  readonly name: string | null;
  readonly paths: readonly string[] | null;
  readonly enabled: boolean;
}

async function place(
  { enabled, name, path }: SkillRule,
  { codexHome, home }: RulePlaces,
): Promise<PlacedRule> {
  if (path === null) return { name, paths: null, enabled };
  const whole = home !== null && /^~(?:$|\/)/u.test(path) ? join(home, path.slice(1)) : path;
  return { name, paths: await pathsOf(resolve(codexHome, whole)), enabled };
}

/** The path as it is written, and where it leads if links are followed. */
async function pathsOf(path: string): Promise<string[]> {
  try {
    return [path, await realpath(path)];
  } catch {
    // There is nothing at the place, so that only the words of the path count.
    return [path];
  }
}

function leadsTo(paths: readonly string[], skillPath: string): boolean {
  return paths.some((path) => path === skillPath || path === dirname(skillPath));
}
