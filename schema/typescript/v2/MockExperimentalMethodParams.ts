// Generated from the protocol schemas; do not edit.

export interface MockExperimentalMethodParams {
  value?: string | null;
}
