import { lstat, readlink } from 'node:fs/promises';
import { isAbsolute, join, parse, resolve, sep } from 'node:path';
import { errorCode } from '../util/error-code.ts';
import type { Hunk } from './hunk.ts';

/** Where a path really leads, or why that cannot be said. */
export type RealPath =
  { readonly ok: true; readonly path: string } | { readonly ok: false; readonly message: string };

/** As many symbolic links as Linux follows in one path. */
const LINK_LIMIT = 40;

/**
 * The real place of a path: every symbolic link in it is followed, also one whose target does not exist, and what
 * does not exist yet is put behind the deepest folder that does. `..` is taken out of the path before links are
 * looked at, as everything in this layer does with the paths of a patch.
 */
export async function resolveReal(path: string): Promise<RealPath> {
  if (path === '' || path.includes('\0'))
    return { ok: false, message: 'a path is empty or has a NUL character' };
  const refuse = (reason: string): RealPath => ({ ok: false, message: `${JSON.stringify(path)} ${reason}` });
  const absolute = resolve(path);
  const { root } = parse(absolute);
  let real = root;
  let missing = false;
  let links = 0;
  const pending = segments(absolute.slice(root.length)).toReversed();
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '..') {
      if (missing) return refuse('leads through a link to a folder that does not exist');
      real = resolve(real, '..');
      continue;
    }
    const next = join(real, name);
    const found: string = missing ? 'missing' : await kindOf(next);
    if (found === 'link') {
      links += 1;
      if (links > LINK_LIMIT) return refuse('leads through too many symbolic links');
      const target = await linkTarget(next);
      if (target === null) return refuse('has a symbolic link that cannot be read');
      if (isAbsolute(target)) real = parse(target).root;
      pending.push(...segments(target.slice(isAbsolute(target) ? real.length : 0)).toReversed());
      continue;
    }
    if (found === 'file' && pending.length > 0)
      return refuse(`leads through ${JSON.stringify(next)}, which is no folder`);
    if (found !== 'folder' && found !== 'file' && found !== 'missing')
      return refuse(`cannot be looked at: ${found}`);
    missing = found === 'missing';
    real = next;
  }
  return { ok: true, path: real };
}

/** The absolute paths that a patch names, the targets of its moves included, each once and in the patch's order. */
export function touchedPaths(hunks: readonly Hunk[], cwd: string): readonly string[] {
  const named = hunks.flatMap((hunk) =>
    hunk.kind === 'update' && hunk.moveTo !== null ? [hunk.path, hunk.moveTo] : [hunk.path],
  );
  return [...new Set(named.map((path) => resolve(cwd, path)))];
}

function segments(path: string): string[] {
  return path.split(sep).filter((segment) => segment !== '' && segment !== '.');
}

/** What stands at a path; other failures than its absence come back as the name of the error. */
async function kindOf(path: string): Promise<string> {
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return 'link';
    return found.isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' ? 'missing' : code;
  }
}

async function linkTarget(path: string): Promise<string | null> {
  try {
    return await readlink(path);
  } catch {
    return null;
  }
}
