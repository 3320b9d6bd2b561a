/** What a rule says of a command, from the mildest on. */
export const DECISIONS = ['allow', 'prompt', 'forbidden'] as const;

export type Decision = (typeof DECISIONS)[number];

/** What is to become of every command that begins with certain words. */
export interface PrefixRule {
  /** For each word from the first on, what it may be. Neither list is ever empty. */
  readonly pattern: readonly (readonly string[])[];
  readonly decision: Decision;
  /** Why, in the words of whoever made the rule. */
  readonly justification: string | null;
}

/** How strict a decision is; the greater, the stricter. */
export function strictness(decision: Decision): number {
  return DECISIONS.indexOf(decision);
}

/** Whether a command begins as a rule says. */
export function fits({ pattern }: PrefixRule, words: readonly string[]): boolean {
  return pattern.every((alternatives, index) => {
    const word = words[index];
    return word !== undefined && alternatives.includes(word);
  });
}

/** A pattern as files of rules have it, such as `["gh", "pr", ["view", "list"]]`. */
export function patternText(pattern: PrefixRule['pattern']): string {
  const elements = pattern.map((alternatives) => {
    const [only] = alternatives;
    return alternatives.length === 1 && only !== undefined ? JSON.stringify(only) : listText(alternatives);
  });
  return `[${elements.join(', ')}]`;
}

/** A rule as one line of a file. */
export function ruleText({ decision, justification, pattern }: PrefixRule): string {
  const reason = justification === null ? '' : `, justification=${JSON.stringify(justification)}`;
  return `prefix_rule(pattern=${patternText(pattern)}, decision=${JSON.stringify(decision)}${reason})`;
}

function listText(words: readonly string[]): string {
  return `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
}
