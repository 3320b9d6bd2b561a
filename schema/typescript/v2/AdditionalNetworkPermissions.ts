// Generated from the protocol schemas; do not edit.

export interface AdditionalNetworkPermissions {
  enabled?: boolean | null;
}
