import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { GitInfo } from '../../protocol/index.ts';
import type { StoredGit } from '../rollout/index.ts';

const run = promisify(execFile);

/** How long git may take to answer. */
const TIMEOUT_MS = 1_500;

/** What git says of a folder; null outside a repository, and where git is missing or too slow. */
export async function readGit(cwd: string): Promise<StoredGit | null> {
  if (!(await isInRepository(cwd))) return null;
  const [commit_hash, branch, repository_url] = await Promise.all([
    git(cwd, 'rev-parse', '--verify', '--quiet', 'HEAD'),
    git(cwd, 'symbolic-ref', '--short', '--quiet', 'HEAD'),
    git(cwd, 'config', '--get', 'remote.origin.url'),
  ]);
  if (commit_hash === null && branch === null && repository_url === null) return null;
  return {
    ...(commit_hash === null ? {} : { commit_hash }),
    ...(branch === null ? {} : { branch }),
    ...(repository_url === null ? {} : { repository_url: withoutPassword(repository_url) }),
  };
}

/** As clients see it; null when nothing is known. */
export function gitInfoOf(stored: StoredGit | null | undefined): GitInfo | null {
  const sha = stored?.commit_hash ?? null;
  const branch = stored?.branch ?? null;
  const originUrl = stored?.repository_url ?? null;
  return sha === null && branch === null && originUrl === null ? null : { sha, branch, originUrl };
}

async function isInRepository(cwd: string): Promise<boolean> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (await exists(join(folder, '.git'))) return true;
    if (dirname(folder) === folder) return false;
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** What a git command prints; null where it fails, which is how git says that there is no answer. */
async function git(cwd: string, ...parameters: string[]): Promise<string | null> {
  try {
    const { stdout } = await run('git', parameters, { cwd, timeout: TIMEOUT_MS, windowsHide: true });
    return stdout.trim() || null;
  } catch {
    return null;
  }
}

/** A remote may be written with a password in it, which is nobody's business. A name alone is a token in some places. */
function withoutPassword(url: string): string {
  return url
    .replace(/^(https?:\/\/)[^/]*@/i, '$1')
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^/:@]*):[^/]*@/i, '$1@');
}
