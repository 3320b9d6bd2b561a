// Generated from the protocol schemas; do not edit.

export interface SkillErrorInfo {
  path: string;
  message: string;
}
