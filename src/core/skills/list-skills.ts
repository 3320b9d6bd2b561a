import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SkillErrorInfo, SkillMetadata, SkillScope, SkillsListEntry } from '../../protocol/index.ts';
import { errorCode, isMissing } from '../../util/error-code.ts';
import type { SkillRule } from '../config/index.ts';
import { parseSkillHead } from './front-matter.ts';
import { readSkillFile } from './skill-file.ts';
import { withRules } from './skill-rules.ts';

/** Where skills are looked for besides the working directory. */
export interface SkillSources {
  readonly codexHome: string;
  /** What a relative working directory is relative to. */
  readonly workingDirectory: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Folders in one place beyond this many are not looked into. */
const MOST_FOLDERS = 500;

/** How much of a `SKILL.md` is read, in bytes; its head has to end within. */
const LONGEST_HEAD = 64 * 1024;

interface FoundSkills {
  readonly skills: readonly SkillMetadata[];
  readonly errors: readonly SkillErrorInfo[];
}

const NOTHING: FoundSkills = { skills: [], errors: [] };

/**
 * Lists the skills for each working directory: those of `skills/<folder>/SKILL.md` in the home directory, and those
 * below `.codex` in the working directory. The rules say which of them are not enabled. Nothing is cached. What cannot be read
 * or understood is told in `errors`.
 */
export async function listSkills(
  cwds: readonly string[],
  sources: SkillSources,
  rules: readonly SkillRule[],
): Promise<SkillsListEntry[]> {
  const { codexHome, variables, workingDirectory } = sources;
  const places = { codexHome, home: variables['HOME'] || null };
  const userPlace = join(codexHome, 'skills');
  const user = await findSkills(userPlace, 'user');
  const entries: SkillsListEntry[] = [];
  for (const cwd of cwds) {
    const place = resolve(workingDirectory, cwd, '.codex', 'skills');
    // The working directory may be the one that the home directory is in.
    const repo = place === userPlace ? NOTHING : await findSkills(place, 'repo');
    const skills = await withRules([...repo.skills, ...user.skills], rules, places);
    entries.push({ cwd, skills, errors: [...repo.errors, ...user.errors] });
  }
  return entries;
}

async function findSkills(place: string, scope: SkillScope): Promise<FoundSkills> {
  const skills: SkillMetadata[] = [];
  const errors: SkillErrorInfo[] = [];
  const folders = await foldersIn(place, errors);
  for (const folder of folders) {
    const path = join(place, folder, 'SKILL.md');
    const file = await readSkillFile(path, LONGEST_HEAD);
    if (file.kind === 'unusable') errors.push({ path, message: file.reason });
    if (file.kind !== 'text') continue;
    const outcome = parseSkillHead(file.text);
    if (outcome.ok) skills.push(skill(outcome.head, path, scope));
    else errors.push({ path, message: outcome.message });
  }
  return { skills, errors };
}

/** Names in order; hidden folders are none. */
async function foldersIn(place: string, errors: SkillErrorInfo[]): Promise<string[]> {
  try {
    const entries = await readdir(place, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
    const names = folders.map((entry) => entry.name).filter((name) => !name.startsWith('.'));
    if (names.length > MOST_FOLDERS) {
      errors.push({ path: place, message: `only the first ${MOST_FOLDERS} folders are looked into` });
    }
    return names.toSorted().slice(0, MOST_FOLDERS);
  } catch (error) {
    const code = errorCode(error);
    if (!isMissing(code)) errors.push({ path: place, message: `cannot be read (${code})` });
    return [];
  }
}

function skill(head: { name: string; description: string }, path: string, scope: SkillScope): SkillMetadata {
  return { ...head, shortDescription: null, interface: null, dependencies: null, path, scope, enabled: true };
}
