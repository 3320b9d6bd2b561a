import { basename, resolve } from 'node:path';
import type { FindGitRoot } from '../git/index.ts';
import { oneLine } from './one-line.ts';
import { treeLines } from './tree.ts';

export interface WorkspaceSources {
  /** Absolute, as the home is. */
  readonly cwd: string;
  /** Null where it is not known. */
  readonly home: string | null;
  readonly findGitRoot: FindGitRoot;
  readonly signal: AbortSignal;
}

/**
 * Where the work goes on: the working directory, the repository around it and what lies in both; null where there is
 * neither. What lies in the home is nobody's business unless the work goes on there. Throws the signal's reason.
 */
export async function workspaceMap(sources: WorkspaceSources): Promise<string | null> {
  const { findGitRoot, signal } = sources;
  const cwd = resolve(sources.cwd);
  const home = sources.home === null ? null : resolve(sources.home);
  const root = await findGitRoot(cwd);
  const options = { closed: cwd === home ? null : home, signal };
  const cwdTree = await treeLines(cwd, options);
  if (cwdTree.length === 0 && root === null) return null;
  const rootTree = root === null || root === cwd ? [] : await treeLines(root, options);
  return [
    `Working directory: ${oneLine(cwd)}`,
    `Working directory name: ${nameOf(cwd)}`,
    ...(root === null ? [] : [`Git root: ${oneLine(root)}`, `Git root name: ${nameOf(root)}`]),
    ...(home === null ? [] : [`Home directory: ${oneLine(home)}`]),
    ...labelled('In the working directory:', cwdTree),
    ...labelled('In the git root:', rootTree),
  ].join('\n');
}

/** The file system's root has no other name than its path. */
function nameOf(folder: string): string {
  return oneLine(basename(folder) || folder);
}

function labelled(label: string, tree: readonly string[]): string[] {
  return tree.length === 0 ? [] : ['', label, ...tree];
}
