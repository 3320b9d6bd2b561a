// Generated from the protocol schemas; do not edit.

export interface ModelUpgradeInfo {
  model: string;
  upgradeCopy: string | null;
  modelLink: string | null;
  migrationMarkdown: string | null;
}
