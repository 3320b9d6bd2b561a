import { open, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';

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
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    signal.throwIfAborted();
    const path = join(folder, '.git');
    const kind = await kindOf(path);
    if (kind === 'folder') return folder;
    if (kind === 'file') return mainRoot(resolve(folder, await linkIn(path)));
    if (dirname(folder) === folder) return null;
  }
}

/** Git keeps what belongs to a linked worktree in the `worktrees` folder of the main repository's `.git`. */
function mainRoot(gitDirectory: string): string | null {
  const worktrees = dirname(gitDirectory);
  if (basename(worktrees) !== 'worktrees') return null;
  const root = dirname(dirname(worktrees));
  return root.split(sep).includes('.git') ? null : root;
}

async function kindOf(path: string): Promise<'file' | 'folder' | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : null;
  } catch {
    return null;
  }
}

/** The path that a `.git` file names; empty where it cannot be read. */
async function linkIn(path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LINK_BYTES), 0, LINK_BYTES, 0);
      const line = buffer
        .toString('utf8', 0, bytesRead)
        .split('\n')
        .find((each) => each.startsWith('gitdir:'));
      return line?.slice('gitdir:'.length).trim() ?? '';
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
