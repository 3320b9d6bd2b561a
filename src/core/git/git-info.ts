import type { GitInfo } from '../../protocol/index.ts';
import type { StoredGit } from '../rollout/index.ts';
import { gitText, withoutPassword } from './git.ts';
import { repositoryRoot } from './repository-root.ts';

/** How long git may take to answer. */
const TIMEOUT_MS = 1_500;

/** What git says of a folder; null outside a repository, and where git is missing or too slow. */
export async function readGit(cwd: string): Promise<StoredGit | null> {
  if ((await repositoryRoot(cwd)) === null) return null;
  const git = { cwd, timeoutMs: TIMEOUT_MS };
  const [commit_hash, branch, repository_url] = await Promise.all([
    gitText(git, 'rev-parse', '--verify', '--quiet', 'HEAD'),
    gitText(git, 'symbolic-ref', '--short', '--quiet', 'HEAD'),
    gitText(git, 'config', '--get', 'remote.origin.url'),
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
