import { lstat, readlink } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, sep } from 'node:path';

export interface Followed {
  /** Where a path leads to by all its links, be something there or not. */
  readonly end: string;
  /** The folders, without links, in which the links lie that were followed. */
  readonly folders: readonly string[];
}

/** As many as Linux follows. */
const MOST_LINKS = 40;

/** Follows an absolute path link by link. Never rejects. */
export async function followed(path: string): Promise<Followed> {
  const folders: string[] = [];
  let at = parse(path).root;
  const names = namesIn(path);
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const target = folders.length < MOST_LINKS ? await readlink(join(at, name)).catch(() => null) : null;
    if (target === null) {
      at = join(at, name);
    } else {
      folders.push(at);
      if (isAbsolute(target)) at = parse(target).root;
      names.unshift(...namesIn(target));
    }
  }
  return { end: at, folders };
}

function namesIn(path: string): string[] {
  return path
    .slice(parse(path).root.length)
    .split(sep)
    .filter((name) => name !== '');
}

/** The path itself, or the deepest folder around it that is there. */
export async function nearestThere(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const isThere = await lstat(at).then(
      () => true,
      () => false,
    );
    if (isThere || at === dirname(at)) return at;
  }
}
