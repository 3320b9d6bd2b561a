import type { SandboxPolicy } from '../../src/protocol/index.ts';

/** What may be written to in the working directory and nowhere else. */
export const WORKSPACE: Extract<SandboxPolicy, { type: 'workspaceWrite' }> = {
  type: 'workspaceWrite',
  writableRoots: [],
  networkAccess: false,
  excludeTmpdirEnvVar: true,
  excludeSlashTmp: true,
};
