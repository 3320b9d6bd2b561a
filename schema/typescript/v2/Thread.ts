// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from '../AbsolutePathBuf.js';
import type { GitInfo } from './GitInfo.js';
import type { SessionSource } from './SessionSource.js';
import type { ThreadSource } from './ThreadSource.js';
import type { ThreadStatus } from './ThreadStatus.js';
import type { Turn } from './Turn.js';

export interface Thread {
  id: string;
  sessionId: string;
  forkedFromId: string | null;
  preview: string;
  ephemeral: boolean;
  modelProvider: string;
  createdAt: number;
  updatedAt: number;
  status: ThreadStatus;
  path: string | null;
  cwd: AbsolutePathBuf;
  cliVersion: string;
  source: SessionSource;
  threadSource: ThreadSource | null;
  agentNickname: string | null;
  agentRole: string | null;
  gitInfo: GitInfo | null;
  name: string | null;
  turns: Turn[];
}
