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
  if ((await repositoryRoot(cwd)) === null) return null;
  const git = { cwd, timeoutMs: TIMEOUT_MS, signal };
  const [root, commit, urls, has_changes] = await Promise.all([
    gitText(git, 'rev-parse', '--show-toplevel'),
    gitText(git, 'rev-parse', '--verify', '--quiet', 'HEAD'),
    remoteUrls(git),
    hasChanges(git),
  ]);
  if (root === null || signal.aborted) return null;
  const workspace: Workspace = {
    ...(urls === null ? {} : { associated_remote_urls: urls }),
    ...(commit === null ? {} : { latest_git_commit_hash: commit }),
    ...(has_changes === null ? {} : { has_changes }),
  };
  return Object.keys(workspace).length === 0 ? null : { [root]: workspace };
}

async function remoteUrls(git: GitRun): Promise<Record<string, string> | null> {
  const lines = (await gitText(git, 'remote', '--verbose'))?.split('\n') ?? [];
  const urls = lines.flatMap((line): [string, string][] => {
    const [, name, url] = /^(\S+)\t(.+) \(fetch\)/u.exec(line) ?? [];
    return name === undefined || url === undefined ? [] : [[name, withoutPassword(url)]];
  });
  return urls.length === 0 ? null : Object.fromEntries(urls);
}

/** Not asked in a repository that names filters of its own: these are programs, and a status would run them. */
async function hasChanges(git: GitRun): Promise<boolean | null> {
  const filters = [
    'config',
    '--local',
    '--includes',
    '--get-regexp',
    String.raw`^filter\..*\.(clean|process)$`,
  ];
  if ((await gitText(git, ...filters)) !== null) return null;
  const status = await runGit(git, 'status', '--porcelain');
  if (status.kind === 'failed') return null;
  return status.kind === 'long' || status.text !== '';
}
