// Generated from the protocol schemas; do not edit.

import type { PatchChangeKind } from './PatchChangeKind.js';

export interface FileUpdateChange {
  path: string;
  kind: PatchChangeKind;
  diff: string;
}
