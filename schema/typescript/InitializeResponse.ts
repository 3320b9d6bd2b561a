// Generated from the protocol schemas; do not edit.

import type { AbsolutePathBuf } from './AbsolutePathBuf.js';

export interface InitializeResponse {
  userAgent: string;
  codexHome: AbsolutePathBuf;
  platformFamily: string;
  platformOs: string;
}
