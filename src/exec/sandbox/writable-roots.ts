import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isInside } from '../../util/inside.ts';
import { followed, nearestThere } from './followed-links.ts';
import type { RestrictedPolicy, SandboxEnvironment } from './policy.ts';

/** A directory that may be written to, without links, and what in it may not. */
export interface WritableRoot {
  readonly path: string;
  /** Paths that stay read-only if they are there. */
  readonly protectedPaths: readonly string[];
}

/** The folders in a writable one that stay read-only: what a command could change there to have more rights the next time. */
export const PROTECTED_FOLDERS: readonly string[] = ['.git', '.agents', '.codex'];

/** Named roots that are remembered, those that were used last. */
const MAX_REMEMBERED = 16_384;

/** A `.git` file or the like that is longer is none. */
const LONGEST_POINTER = 4_096;

/**
 * Finds out where the writable roots of a policy really are. The first answer for a path is remembered, for all threads:
 * a command that may write around a root must not, by a link in its place, make the next command write elsewhere.
 *
 * The memory is bounded: the root that was not used for the longest time is forgotten for a new one. No command can
 * bring that about, because roots are named by clients alone; what it had led elsewhere counts only when clients have
 * used thousands of other roots since.
 */
export class RootResolver {
  readonly #maxRemembered: number;
  /** The least recently used first. */
  readonly #remembered = new Map<string, string>();

  constructor(maxRemembered: number = MAX_REMEMBERED) {
    this.#maxRemembered = maxRemembered;
  }

  /** The roots that exist, outer ones first, or a sentence that says what is wrong with them. */
  async resolve(
    policy: RestrictedPolicy,
    environment: Omit<SandboxEnvironment, 'cwd'>,
  ): Promise<WritableRoot[] | string> {
    const paths = new Set<string>();
    for (const named of namedRoots(policy, environment)) {
      if (!isAbsolute(named)) return `the writable root ${named} is not an absolute path`;
      const path = await this.#realPath(resolve(named));
      if (path !== null && typeof path === 'object') return path.problem;
      if (path !== null) paths.add(path);
    }
    const home = await realpath(environment.codexHome).catch(() => resolve(environment.codexHome));
    const sorted = [...paths].sort((one, other) => depthOf(one) - depthOf(other));
    return Promise.all(
      sorted.map(async (path) => ({ path, protectedPaths: await protectedIn(path, sorted, home) })),
    );
  }

  /** Null for a path that is not there. */
  async #realPath(named: string): Promise<string | null | { problem: string }> {
    const path = await realpath(named).catch(() => null);
    if (path === null) return null;
    const before = this.#remembered.get(named);
    // Moved to the end, also when it was led elsewhere: trying must not make it be forgotten.
    this.#remembered.delete(named);
    this.#remembered.set(named, before ?? path);
    if (before !== undefined && before !== path) {
      return { problem: `the writable root ${named} led to ${before} before and leads to ${path} now` };
    }
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > this.#maxRemembered && oldest !== undefined) this.#remembered.delete(oldest);
    return path;
  }
}

/**
 * Whether a command that has these roots could write to a path, which has to be real: what lies deepest around it counts,
 * a root or something protected. Unlike a command, nobody may write to `.git` and the like deeper in a root, nor to what
 * is protected but is not there yet.
 */
export function isWritable(path: string, roots: readonly WritableRoot[]): boolean {
  const root = deepestAround(
    path,
    roots.map((candidate) => candidate.path),
  );
  if (root === null || isInProtectedFolder(relative(root, path))) return false;
  const guarded = deepestAround(
    path,
    roots.flatMap(({ protectedPaths }) => protectedPaths),
  );
  return guarded === null || depthOf(guarded) < depthOf(root);
}

/** No patch has to touch such folders deeper in a root either. */
function isInProtectedFolder(path: string): boolean {
  return path.split(/[\\/]/u).some((name) => PROTECTED_FOLDERS.includes(name));
}

function deepestAround(path: string, folders: readonly string[]): string | null {
  let deepest: string | null = null;
  for (const folder of folders) {
    if (isInside(folder, path) && (deepest === null || depthOf(folder) > depthOf(deepest))) deepest = folder;
  }
  return deepest;
}

/** How many names a path consists of. */
export function depthOf(path: string): number {
  return path.split(sep).filter((name) => name !== '').length;
}

/** The folders that a policy lets commands write in, as they are named; some may be missing, or lead elsewhere. */
function namedRoots(
  policy: RestrictedPolicy,
  { env, workspace }: Pick<SandboxEnvironment, 'env' | 'workspace'>,
): string[] {
  if (policy.type === 'readOnly') return [];
  const roots = [workspace, ...policy.writableRoots];
  if (!policy.excludeSlashTmp) roots.push('/tmp');
  const temporary = env['TMPDIR'];
  if (!policy.excludeTmpdirEnvVar && temporary !== undefined && isAbsolute(temporary)) roots.push(temporary);
  return roots;
}

async function protectedIn(root: string, roots: readonly string[], home: string): Promise<string[]> {
  const paths = PROTECTED_FOLDERS.map((name) => join(root, name));
  if (isInside(root, home)) paths.push(home);
  // What a rule allows runs without a sandbox, so the rules are guarded even where a root lies in them, or a link leads to them.
  const rules = await followed(join(home, 'rules'));
  if (isInside(rules.end, root)) paths.push(root);
  const targets = [
    ...(await linkTargets(paths)),
    ...(await gitFolders(join(root, '.git'))),
    ...(await settingsElsewhere(home)),
  ];
  // What a link or a pointer leads to is read-only anyhow where it lies in no root.
  const reachable = targets.filter((target) => roots.some((other) => isInside(other, target)));
  return [...new Set([...paths, ...reachable])];
}

/** What of the directory of settings says what the next command may do, or what the agent is told. */
const SETTINGS: readonly string[] = ['rules', 'config.toml', 'auth.json', 'AGENTS.md', 'AGENTS.override.md'];

/**
 * Where settings lie that are links, and the folders of further links on the way there, in which no other link may be put. In
 * the place of what is missing stands the folder in which it could be made.
 */
async function settingsElsewhere(home: string): Promise<string[]> {
  const found = await Promise.all(
    SETTINGS.map(async (name) => {
      const { end, folders } = await followed(join(home, name));
      return folders.length === 0 ? [] : [end, await nearestThere(end), ...folders];
    }),
  );
  return found.flat();
}

async function linkTargets(paths: readonly string[]): Promise<string[]> {
  const targets = await Promise.all(paths.map((path) => realpath(path).catch(() => path)));
  return targets.filter((target, index) => target !== paths[index]);
}

/** Where a `.git` file of a work tree or a submodule points to, and the repository that this belongs to. */
async function gitFolders(pointer: string): Promise<string[]> {
  const folder = await pointedTo(pointer, resolve(pointer, '..'), /^gitdir: (.+)$/mu);
  if (folder === null) return [];
  const common = await pointedTo(join(folder, 'commondir'), folder, /^(.+)$/mu);
  return common === null ? [folder] : [folder, common];
}

async function pointedTo(file: string, base: string, pattern: RegExp): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  if (text === null || text.length > LONGEST_POINTER) return null;
  const target = pattern.exec(text)?.[1]?.trim();
  if (target === undefined || target === '') return null;
  return realpath(resolve(base, target)).catch(() => null);
}
