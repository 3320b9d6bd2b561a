// Generated from the protocol schemas; do not edit.

export interface HooksListParams {
  cwds?: string[];
}
