// Generated from the protocol schemas; do not edit.

export interface ModelAvailabilityNux {
  message: string;
}
