// Generated from the protocol schemas; do not edit.

import type { ThreadMetadataGitInfoUpdateParams } from './ThreadMetadataGitInfoUpdateParams.js';

export interface ThreadMetadataUpdateParams {
  threadId: string;
  gitInfo?: ThreadMetadataGitInfoUpdateParams | null;
}
