import { basename, dirname, isAbsolute, resolve, sep } from 'node:path';
import { readRegularFile, textOfFile } from '../../util/regular-file.ts';
import { nearestMark } from './repository-root.ts';

/** The root of the repository that a folder lies in, or null. */
export type FindGitRoot = (cwd: string) => Promise<string | null>;

/** The part of a `.git` file that is read, in bytes; it holds one path. */
const LINK_BYTES = 8192;

/** Looks for roots and remembers what it found, so that every folder is looked at once. */
export function rememberedGitRoots(signal: AbortSignal): FindGitRoot {
  const roots = new Map<string, Promise<string | null>>();
  return (cwd) => {
    const root = roots.get(cwd) ?? gitRoot(cwd, signal);
    roots.set(cwd, root);
    return root;
  };
}

/**
 * The nearest folder at or above an absolute path that has a `.git`, whether the path exists or not. For a linked
 * worktree it is the root of the main repository; a submodule has none. Throws the signal's reason.
 */
export async function gitRoot(cwd: string, signal: AbortSignal): Promise<string | null> {
  if (!isAbsolute(cwd)) return null;
  const mark = await nearestMark(resolve(cwd), signal);
  if (mark?.kind !== 'file') return mark?.folder ?? null;
  return mainRoot(resolve(mark.folder, await linkIn(mark.path)));
}

/** Git keeps what belongs to a linked worktree in the `worktrees` folder of the main repository's `.git`. */
function mainRoot(gitDirectory: string): string | null {
  const worktrees = dirname(gitDirectory);
  if (basename(worktrees) !== 'worktrees') return null;
  const root = dirname(dirname(worktrees));
  return root.split(sep).includes('.git') ? null : root;
}

/** The path that a `.git` file names; empty where it cannot be read. */
async function linkIn(path: string): Promise<string> {
  const file = await readRegularFile(path, LINK_BYTES);
  if (file.kind !== 'bytes') return '';
  const line = textOfFile(file)
    .split('\n')
    .find((each) => each.startsWith('gitdir:'));
  return line?.slice('gitdir:'.length).trim() ?? '';
}
