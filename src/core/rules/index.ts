export { proposedAmendment } from './amendment.ts';
export type { CommandPart } from './command-parts.ts';
export { CommandRules, rulesWarnings } from './command-rules.ts';
export { patternText } from './rule.ts';
export type { PrefixRule } from './rule.ts';
export type { Judgement } from './rule-set.ts';
