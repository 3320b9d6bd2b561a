// Generated from the protocol schemas; do not edit.

export interface ExperimentalFeatureListParams {
  cursor?: string | null;
  limit?: number | null;
}
