import type { ThreadMetadataGitInfoUpdateParams } from '../../protocol/index.ts';
import { CoreError } from '../errors.ts';
import type { StoredGit } from '../rollout/index.ts';

const FIELDS = ['sha', 'branch', 'originUrl'] as const;

/** Throws `invalidInput` for a change that says nothing, or an empty word. */
export function checkGitChange(
  change: ThreadMetadataGitInfoUpdateParams | null,
): asserts change is ThreadMetadataGitInfoUpdateParams {
  if (change === null || FIELDS.every((field) => change[field] === undefined)) {
    throw new CoreError('invalidInput', 'gitInfo must include at least one field');
  }
  for (const field of FIELDS) {
    if (change[field]?.trim() === '')
      throw new CoreError('invalidInput', `gitInfo.${field} must not be empty`);
  }
}

/** What is known of a repository, as the change leaves it; null where that is nothing. */
export function withGitChange(
  git: StoredGit | null,
  change: ThreadMetadataGitInfoUpdateParams,
): StoredGit | null {
  const pick = (now: string | null | undefined, wanted: string | null | undefined): string | null =>
    (wanted === undefined ? now : wanted?.trim()) ?? null;
  const members = {
    commit_hash: pick(git?.commit_hash, change.sha),
    branch: pick(git?.branch, change.branch),
    repository_url: pick(git?.repository_url, change.originUrl),
  };
  const known = Object.entries(members).filter(([, member]) => member !== null);
  return known.length === 0 ? null : Object.fromEntries(known);
}
