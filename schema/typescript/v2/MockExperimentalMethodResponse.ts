// Generated from the protocol schemas; do not edit.

export interface MockExperimentalMethodResponse {
  echoed: string | null;
}
