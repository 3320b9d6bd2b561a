// Generated from the protocol schemas; do not edit.

export interface SkillsListParams {
  cwds?: string[];
  forceReload?: boolean;
}
