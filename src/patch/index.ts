export { applyChanges } from './apply-changes.ts';
export type { Hunk } from './hunk.ts';
export { parsePatch } from './parse-patch.ts';
export { patchInCommand } from './patch-in-command.ts';
export { patchSummary } from './planned-change.ts';
export type { PlannedChange } from './planned-change.ts';
export { planPatch } from './plan-patch.ts';
export { resolveReal, touchedPaths } from './real-path.ts';
export { TurnDiff } from './turn-diff.ts';
