// Generated from the protocol schemas; do not edit.

export interface HookPromptFragment {
  text: string;
  hookRunId: string;
}
