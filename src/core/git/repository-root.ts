import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What marks a folder as the root of what git has checked out. */
export interface GitMark {
  readonly folder: string;
  /** The `.git` in it: the repository itself, or a file that names where that is. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/** The nearest folder, from an absolute path upwards, that has a `.git`; null where none has. */
export async function repositoryRoot(cwd: string): Promise<string | null> {
  return (await nearestMark(cwd))?.folder ?? null;
}

/** The nearest `.git`, from an absolute path upwards, whether that exists or not; null where there is none. Throws the signal's reason. */
export async function nearestMark(cwd: string, signal?: AbortSignal): Promise<GitMark | null> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    signal?.throwIfAborted();
    const path = join(folder, '.git');
    const kind = await kindOf(path);
    if (kind !== null) return { folder, path, kind };
    if (dirname(folder) === folder) return null;
  }
}

async function kindOf(path: string): Promise<GitMark['kind'] | null> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : null;
  } catch {
    return null;
  }
}
