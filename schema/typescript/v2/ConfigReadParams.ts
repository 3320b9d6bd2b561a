// Generated from the protocol schemas; do not edit.

export interface ConfigReadParams {
  includeLayers?: boolean;
  cwd?: string | null;
}
