// Generated from the protocol schemas; do not edit.

import type { AgentPath } from './AgentPath.js';
import type { ThreadId } from './ThreadId.js';

export type SubAgentSource =
  | ('review' | 'compact' | 'memory_consolidation')
  | {
      thread_spawn: {
        parent_thread_id: ThreadId;
        depth: number;
        agent_path: AgentPath | null;
        agent_nickname: string | null;
        agent_role: string | null;
      };
    }
  | {
      other: string;
    };
