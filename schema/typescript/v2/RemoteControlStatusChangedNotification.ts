// Generated from the protocol schemas; do not edit.

import type { RemoteControlConnectionStatus } from './RemoteControlConnectionStatus.js';

export interface RemoteControlStatusChangedNotification {
  status: RemoteControlConnectionStatus;
  environmentId: string | null;
}
