import { execFileSync } from 'node:child_process';
import { vi } from 'vitest';
import { testFolder } from '../../support/folder.ts';

/** Neither the tests nor what they test goes by how git is set up on this machine. */
vi.stubEnv('GIT_CONFIG_GLOBAL', '/dev/null');
vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');

export function git(cwd: string, ...parameters: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...parameters], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

export function repository(): string {
  const folder = testFolder();
  git(folder, 'init', '--quiet');
  git(folder, 'symbolic-ref', 'HEAD', 'refs/heads/roses');
  return folder;
}

export function commit(folder: string): string {
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', 'roses');
  return git(folder, 'rev-parse', 'HEAD');
}

export const hasGit = ((): boolean => {
  try {
    execFileSync('git', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
})();
