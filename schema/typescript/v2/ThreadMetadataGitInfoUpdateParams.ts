// Generated from the protocol schemas; do not edit.

export interface ThreadMetadataGitInfoUpdateParams {
  sha?: string | null;
  branch?: string | null;
  originUrl?: string | null;
}
