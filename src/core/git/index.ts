export { gitInfoOf, readGit } from './git-info.ts';
export { gitRoot, rememberedGitRoots } from './git-root.ts';
export type { FindGitRoot } from './git-root.ts';
export { repositoryRoot } from './repository-root.ts';
export { readWorkspaces } from './workspaces.ts';
export type { Workspaces } from './workspaces.ts';
