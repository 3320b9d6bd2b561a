import { gitText, runGit, withoutPassword } from './git.ts';
import type { GitRun } from './git.ts';
import { repositoryRoot } from './repository-root.ts';

/** What git says of one repository. What is not known is left out. */
export interface Workspace {
  /** The address that each remote is fetched from, without a password. */
  readonly associated_remote_urls?: Readonly<Record<string, string>>;
  readonly latest_git_commit_hash?: string;
  readonly has_changes?: boolean;
}

/** Repositories by the paths of their roots. */
export type Workspaces = Readonly<Record<string, Workspace>>;

/** How long one command of git's may take: a status looks at every file. */
const TIMEOUT_MS = 5_000;

/** What git says of the repository that a folder lies in; null where it lies in none, or nothing is known of it. Never rejects. */
export async function readWorkspaces(cwd: string, signal: AbortSignal): Promise<Workspaces | null> {
  const root = await repositoryRoot(cwd);
  if (root === null) return null;
  const git = { cwd, timeoutMs: TIMEOUT_MS, signal };
  const { hasFilters, urls } = await readConfiguration(git);
  // A status would run the filters, which are programs that the repository names.
  const status = hasFilters ? null : await readStatus(git);
  const commit = status?.commit ?? (await gitText(git, 'rev-parse', '--verify', '--quiet', 'HEAD'));
  if (signal.aborted) return null;
  const workspace: Workspace = {
    ...(Object.keys(urls).length === 0 ? {} : { associated_remote_urls: urls }),
    ...(commit === null ? {} : { latest_git_commit_hash: commit }),
    ...(status === null ? {} : { has_changes: status.hasChanges }),
  };
  return Object.keys(workspace).length === 0 ? null : { [root]: workspace };
}

interface RepositoryConfiguration {
  readonly urls: Readonly<Record<string, string>>;
  readonly hasFilters: boolean;
}

async function readConfiguration(git: GitRun): Promise<RepositoryConfiguration> {
  const wanted = String.raw`^(remote\..*\.url|filter\..*\.(clean|process))$`;
  const found = await gitText(git, 'config', '--local', '--includes', '--get-regexp', wanted);
  const urls: Record<string, string> = {};
  let hasFilters = false;
  for (const line of found?.split('\n') ?? []) {
    const [, remote, url] = /^remote\.(.+)\.url (.+)$/u.exec(line) ?? [];
    if (remote !== undefined && url !== undefined) urls[remote] ??= withoutPassword(url);
    hasFilters ||= line.startsWith('filter.');
  }
  return { urls, hasFilters };
}

interface RepositoryStatus {
  /** Null before the first commit, and where the list of changes is too long. */
  readonly commit: string | null;
  readonly hasChanges: boolean;
}

async function readStatus(git: GitRun): Promise<RepositoryStatus | null> {
  const status = await runGit(git, 'status', '--porcelain=v2', '--branch');
  if (status.kind === 'failed') return null;
  if (status.kind === 'long') return { commit: null, hasChanges: true };
  const [, commit = null] = /^# branch\.oid ([0-9a-f]+)$/mu.exec(status.text) ?? [];
  return { commit, hasChanges: status.text.split('\n').some((line) => line !== '' && !line.startsWith('#')) };
}
