// Generated from the protocol schemas; do not edit.

import type { FileUpdateChange } from './FileUpdateChange.js';

export interface FileChangePatchUpdatedNotification {
  threadId: string;
  turnId: string;
  itemId: string;
  changes: FileUpdateChange[];
}
