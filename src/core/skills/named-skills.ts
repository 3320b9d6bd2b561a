import type { SkillMetadata, SkillsListEntry, UserInput } from '../../protocol/index.ts';
import { isSkillAt } from './skill-rules.ts';

/** Which skills an input asks for. */
export interface NamedSkills {
  /** In the order of the input, each once. */
  readonly skills: readonly SkillMetadata[];
  /** Sentences for the user about names that lead to none. */
  readonly warnings: readonly string[];
}

const NAME = /\$([A-Za-z0-9_:-]+)/gu;

/** Whether an input may ask for skills, so that it is worth looking for them. */
export function mayNameSkills(input: readonly UserInput[]): boolean {
  return input.some(
    (part) => part.type === 'skill' || (part.type === 'text' && part.text.search(NAME) !== -1),
  );
}

/**
 * The skills that an input gives as items of their own, and those that `$name` in its text names. Many a `$word` is no skill,
 * so that only a name of several skills is told. What an item gives counts for the same name in the text as well.
 */
export function namedSkills(
  input: readonly UserInput[],
  { errors, skills }: Pick<SkillsListEntry, 'errors' | 'skills'>,
): NamedSkills {
  const found = new Set<SkillMetadata>();
  const warnings = new Set<string>();
  const given = new Set<string>();
  for (const part of input) {
    if (part.type !== 'skill') continue;
    given.add(part.name);
    const skill = skills.find((each) => isSkillAt(each, part.path));
    const error = errors.find(({ path }) => isSkillAt({ path }, part.path));
    if (error !== undefined)
      warnings.add(`The skill ${part.name} at ${part.path} is left out: ${error.message}.`);
    else if (skill === undefined) warnings.add(`There is no skill ${part.name} at ${part.path}.`);
    else if (!skill.enabled) warnings.add(`The skill ${part.name} at ${part.path} is turned off.`);
    else found.add(skill);
  }
  const enabled = skills.filter((skill) => skill.enabled);
  for (const name of namesIn(input)) {
    const named = given.has(name) ? [] : enabled.filter((skill) => skill.name === name);
    const [only] = named;
    if (named.length > 1) {
      const paths = named.map(({ path }) => path).join(', ');
      warnings.add(`$${name} may be any of several skills (${paths}), so that none of them is used for it.`);
    } else if (only !== undefined) found.add(only);
  }
  return { skills: [...found], warnings: [...warnings] };
}

/** The names that a text may mean: what follows a `$`, and that without marks at its end that may belong to the sentence. */
function namesIn(input: readonly UserInput[]): Set<string> {
  const names = new Set<string>();
  for (const part of input) {
    if (part.type !== 'text') continue;
    for (const [, name = ''] of part.text.matchAll(NAME)) {
      names.add(name);
      names.add(name.replace(/[:-]+$/u, ''));
    }
  }
  return names;
}
