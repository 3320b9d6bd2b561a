// Generated from the protocol schemas; do not edit.

import type { ClientInfo } from './ClientInfo.js';
import type { InitializeCapabilities } from './InitializeCapabilities.js';

export interface InitializeParams {
  clientInfo: ClientInfo;
  capabilities?: InitializeCapabilities | null;
}
