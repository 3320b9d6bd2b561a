// Generated from the protocol schemas; do not edit.

export interface AppsDefaultConfig {
  enabled: boolean;
  destructive_enabled: boolean;
  open_world_enabled: boolean;
}
