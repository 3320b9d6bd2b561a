import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { SkillErrorInfo, SkillMetadata, SkillScope, SkillsListEntry } from '../../protocol/index.ts';
import { errorCode } from '../../util/error-code.ts';
import { parseSkillHead } from './front-matter.ts';

/** Where skills are looked for besides the working directory. */
export interface SkillSources {
  readonly codexHome: string;
  /** What a relative working directory is relative to. */
  readonly workingDirectory: string;
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
 * below `.codex` in the working directory. Nothing is cached. What cannot be read or understood is told in `errors`.
 */
export async function listSkills(cwds: readonly string[], sources: SkillSources): Promise<SkillsListEntry[]> {
  const userPlace = join(sources.codexHome, 'skills');
  const user = await findSkills(userPlace, 'user');
  const entries: SkillsListEntry[] = [];
  for (const cwd of cwds) {
    const place = resolve(sources.workingDirectory, cwd, '.codex', 'skills');
    // The working directory may be the one that the home directory is in.
    const repo = place === userPlace ? NOTHING : await findSkills(place, 'repo');
    const skills = [...repo.skills, ...user.skills];
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
    const text = await readHead(path, errors);
    if (text === null) continue;
    const outcome = parseSkillHead(text);
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
    if (!isMissing(error)) errors.push({ path: place, message: `cannot be read (${errorCode(error)})` });
    return [];
  }
}

/** The beginning of a file; null if there is none, and if it cannot be read, which is told. */
async function readHead(path: string, errors: SkillErrorInfo[]): Promise<string | null> {
  try {
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await file.stat();
      if (!stats.isFile()) {
        errors.push({ path, message: 'not a regular file' });
        return null;
      }
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_HEAD), 0, LONGEST_HEAD, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (!isMissing(error)) errors.push({ path, message: `cannot be read (${errorCode(error)})` });
    return null;
  }
}

function skill(head: { name: string; description: string }, path: string, scope: SkillScope): SkillMetadata {
  return { ...head, shortDescription: null, interface: null, dependencies: null, path, scope, enabled: true };
}

function isMissing(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}
