import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, resolve, sep } from 'node:path';
import { isInside } from '../../util/inside.ts';
import type { RestrictedPolicy, SandboxEnvironment } from './policy.ts';

/** A directory that may be written to, without links, and what in it may not. */
export interface WritableRoot {
  readonly path: string;
  /** Paths that stay read-only if they are there. */
  readonly protectedPaths: readonly string[];
}

/** What a command could change in order to have more rights the next time. */
const PROTECTED_NAMES = ['.git', '.agents', '.codex'];

/** Named roots that are remembered; more are not resolved any more. */
const MAX_REMEMBERED = 1_024;

/** A `.git` file or the like that is longer is none. */
const LONGEST_POINTER = 4_096;

/**
 * Finds out where the writable roots of a policy really are. The first answer for a path is remembered: a command that
 * may write to one root must not lead another one elsewhere by a link.
 */
export class RootResolver {
  readonly #remembered = new Map<string, string>();

  /** The roots that exist, outer ones first, or a sentence that says what is wrong with them. */
  async resolve(policy: RestrictedPolicy, environment: SandboxEnvironment): Promise<WritableRoot[] | string> {
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
    if (before === undefined) {
      if (this.#remembered.size >= MAX_REMEMBERED)
        return { problem: 'too many different writable roots were used' };
      this.#remembered.set(named, path);
    } else if (before !== path) {
      return { problem: `the writable root ${named} led to ${before} before and leads to ${path} now` };
    }
    return path;
  }
}

/** How many names a path consists of. */
export function depthOf(path: string): number {
  return path.split(sep).filter((name) => name !== '').length;
}

/** The folders that a policy lets commands write in, as they are named; some may be missing, or lead elsewhere. */
export function namedRoots(
  policy: RestrictedPolicy,
  { cwd, env }: Pick<SandboxEnvironment, 'cwd' | 'env'>,
): string[] {
  if (policy.type === 'readOnly') return [];
  const roots = [cwd, ...policy.writableRoots];
  if (!policy.excludeSlashTmp) roots.push('/tmp');
  const temporary = env['TMPDIR'];
  if (!policy.excludeTmpdirEnvVar && temporary !== undefined && isAbsolute(temporary)) roots.push(temporary);
  return roots;
}

async function protectedIn(root: string, roots: readonly string[], home: string): Promise<string[]> {
  const paths = PROTECTED_NAMES.map((name) => join(root, name));
  if (isInside(root, home)) paths.push(home);
  const targets = [...(await linkTargets(paths)), ...(await gitFolders(join(root, '.git')))];
  // What a link or a pointer leads to is read-only anyhow where it lies in no root.
  const reachable = targets.filter((target) => roots.some((other) => isInside(other, target)));
  return [...new Set([...paths, ...reachable])];
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
