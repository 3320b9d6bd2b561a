// Generated from the protocol schemas; do not edit.

export type LocalShellAction = {
  type: 'exec';
  command: string[];
  timeout_ms?: number | null;
  working_directory?: string | null;
  env?: {
    [k: string]: string;
  } | null;
  user?: string | null;
};
