// Generated from the protocol schemas; do not edit.

export interface AnalyticsConfig {
  enabled?: boolean | null;
  [k: string]: unknown;
}
