// Generated from the protocol schemas; do not edit.

export interface PermissionProfileNetworkPermissions {
  enabled: boolean;
}
