// Generated from the protocol schemas; do not edit.

export interface SandboxWorkspaceWrite {
  writable_roots: string[];
  network_access: boolean;
  exclude_tmpdir_env_var: boolean;
  exclude_slash_tmp: boolean;
}
