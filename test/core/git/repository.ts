import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'parley-git-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function git(cwd: string, ...parameters: string[]): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...parameters], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

export function repository(): string {
  const folder = temporaryFolder();
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
