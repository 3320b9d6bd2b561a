// Generated from the protocol schemas; do not edit.

import type { SubAgentSource } from './SubAgentSource.js';

export type SessionSource =
  | ('cli' | 'vscode' | 'exec' | 'appServer' | 'unknown')
  | {
      custom: string;
    }
  | {
      subAgent: SubAgentSource;
    };
