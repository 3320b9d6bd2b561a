// Generated from the protocol schemas; do not edit.

export interface ThreadShellCommandParams {
  threadId: string;
  command: string;
}
