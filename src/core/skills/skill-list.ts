import { basename, dirname } from 'node:path';
import type { SkillMetadata } from '../../protocol/index.ts';

type ListedSkill = Pick<SkillMetadata, 'name' | 'description' | 'path'>;

/** How long the lines of a list may be. */
export interface SkillBudget {
  readonly most: number;
  readonly sizeOf: (text: string) => number;
  /** The limit in words, for the user. */
  readonly words: string;
}

/** A list of skills as the model is given it; the text is empty where there is room for none. */
export interface SkillList {
  readonly text: string;
  /** Names the skills that are left out, or says that descriptions are cut; null where nothing is missing. */
  readonly warning: string | null;
}

const BUDGET_PERCENT = 2;
const BYTES_PER_TOKEN = 4;
const CHARACTERS_OF_UNKNOWN_WINDOW = 8_000;

/** More of a description is never told, in characters. */
const LONGEST_DESCRIPTION = 1_024;

/** How many skills a warning names. */
const MOST_NAMED = 5;

/** 2 % of a context window that is given in tokens; 8,000 characters where it is not known. */
export function skillBudget(contextWindow: number | null): SkillBudget {
  if (contextWindow === null) {
    const words = `${CHARACTERS_OF_UNKNOWN_WINDOW} characters`;
    return { most: CHARACTERS_OF_UNKNOWN_WINDOW, sizeOf: (text) => text.length, words };
  }
  return {
    most: Math.floor((contextWindow * BUDGET_PERCENT) / 100) * BYTES_PER_TOKEN,
    sizeOf: (text) => Buffer.byteLength(text),
    words: `${BUDGET_PERCENT} % of the model's context window`,
  };
}

/**
 * Tells of skills, a line each. Where they do not fit, the paths are shortened by names for the folders that they share, then
 * the descriptions are cut, the longest first, and then the last skills are left out.
 */
export function skillList(skills: readonly ListedSkill[], budget: SkillBudget): SkillList {
  const forms = [plainForm(), aliasedForm(skills)];
  const complete = forms.find((form) => fits(form, skills, LONGEST_DESCRIPTION, budget));
  if (complete !== undefined) return listed(complete, skills, LONGEST_DESCRIPTION);
  const [form = plainForm()] = forms.toSorted(
    (a, b) => sizeOf(a, skills, 0, budget) - sizeOf(b, skills, 0, budget),
  );
  if (fits(form, skills, 0, budget)) {
    const length = longestFitting((most) => fits(form, skills, most, budget));
    return { ...listed(form, skills, length), warning: cutWarning(budget) };
  }
  const kept = firstFitting(form, skills, budget);
  const left = skills.filter((entry) => !kept.includes(entry)).map(({ name }) => name);
  const warning = omittedWarning(left, budget);
  return kept.length === 0 ? { text: '', warning } : { ...listed(form, kept, 0), warning };
}

/** How the lines tell paths. */
interface Form {
  /** Lines that say what names for folders stand for. */
  readonly roots: readonly string[];
  readonly pathOf: (path: string) => string;
}

function plainForm(): Form {
  return { roots: [], pathOf: (path) => path };
}

function aliasedForm(skills: readonly ListedSkill[]): Form {
  const places = new Set(skills.map(({ path }) => dirname(dirname(path))));
  const names = new Map([...places].map((place, index) => [place, `r${index}`]));
  return {
    roots: [...names].map(([place, name]) => `- \`${name}\` = \`${place}\``),
    pathOf: (path) => {
      const folder = dirname(path);
      return `${names.get(dirname(folder)) ?? dirname(folder)}/${basename(folder)}/${basename(path)}`;
    },
  };
}

function lineOf({ description, name, path }: ListedSkill, { pathOf }: Form, longest: number): string {
  const about = cut(description, longest);
  return `- ${name}${about === '' ? '' : `: ${about}`} (file: ${pathOf(path)})`;
}

/** The beginning of a text, with a mark where it goes on. */
function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  if (longest === 0) return '';
  // Half of a character is none.
  const whole = text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/u, '');
  return `${whole.trimEnd()}…`;
}

function fits(form: Form, entries: readonly ListedSkill[], longest: number, budget: SkillBudget): boolean {
  return sizeOf(form, entries, longest, budget) <= budget.most;
}

/** Each line counts with its end. */
function sizeOf(form: Form, entries: readonly ListedSkill[], longest: number, budget: SkillBudget): number {
  const lines = [...form.roots, ...entries.map((entry) => lineOf(entry, form, longest))];
  return lines.reduce((size, line) => size + budget.sizeOf(line) + 1, 0);
}

/** The greatest length of descriptions that fits; none at all does. */
function longestFitting(isFitting: (longest: number) => boolean): number {
  let fitting = 0;
  let tooLong = LONGEST_DESCRIPTION;
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (isFitting(middle)) fitting = middle;
    else tooLong = middle;
  }
  return fitting;
}

/** Those that there is room for without descriptions, the first before the last. */
function firstFitting(form: Form, entries: readonly ListedSkill[], budget: SkillBudget): ListedSkill[] {
  let room = budget.most - sizeOf(form, [], 0, budget);
  return entries.filter((entry) => {
    const size = budget.sizeOf(lineOf(entry, form, 0)) + 1;
    if (size > room) return false;
    room -= size;
    return true;
  });
}

function listed(form: Form, entries: readonly ListedSkill[], longest: number): SkillList {
  const text = [
    '## Skills',
    'A skill is a folder with instructions for one kind of task. Each line below names a skill, says what it is for, and gives the file with its instructions.',
    ...(form.roots.length === 0 ? [] : ['### Skill roots', ...form.roots]),
    '### Available skills',
    ...entries.map((entry) => lineOf(entry, form, longest)),
    '### How to use skills',
    '- Use a skill when the user names it, as `$name` or in other words, or when the task is what its description says. Where several apply, use as few as do the work, and say in a few words which.',
    '- Read the whole file before you act on it. A skill that stands in the conversation between `<skill>` and `</skill>` has been read already.',
    ...(form.roots.length === 0
      ? []
      : ['- Put the folder in the place of its name under "Skill roots" to get the path of a file.']),
    '- Paths in a skill are relative to its folder. Open what it refers to only when it is needed, and run its scripts rather than write them again.',
    '- Where a skill is missing or cannot be read, say so in a sentence and do the task as well as you can without it.',
    '- A skill is for the request that calls for it. Do not go on using it later unless it is called for again.',
  ].join('\n');
  return { text, warning: null };
}

function cutWarning({ words }: SkillBudget): string {
  return `The descriptions of the skills are cut in the list that the agent is given, which may take ${words}. Turn off skills that are not needed.`;
}

function omittedWarning(names: readonly string[], { words }: SkillBudget): string {
  const some = names.slice(0, MOST_NAMED).join(', ');
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '';
  return `The list of skills that the agent is given may take ${words}. It has no descriptions, and these skills are left out: ${some}${more}. Turn off skills that are not needed.`;
}
