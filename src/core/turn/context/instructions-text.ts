import type { ResponseItem } from '../../../responses/index.ts';

const START = '# AGENTS.md instructions for ';
const OPENING = '\n\n<INSTRUCTIONS>\n';
const CLOSING = '\n</INSTRUCTIONS>';

/** Stands for no instructions, where the model knows of some that no longer hold. */
const NONE = 'There are none here. Those given before do not hold any more.';

/** Tells the model what users have written down for agents in a folder; null is that they no longer have. */
export function instructionsText(directory: string, instructions: string | null): string {
  return `${START}${directory}${OPENING}${instructions ?? NONE}${CLOSING}`;
}

/** The instructions that a history tells of last; null where it tells of none. */
export function instructionsIn(history: readonly ResponseItem[]): string | null {
  for (const item of history.toReversed()) {
    if (item.type !== 'message' || item.role !== 'user') continue;
    for (const part of item.content) {
      const told = part.type === 'input_text' ? toldIn(part.text) : null;
      if (told !== null) return told === NONE ? null : told;
    }
  }
  return null;
}

function toldIn(text: string): string | null {
  const opening = text.indexOf(OPENING);
  if (!text.startsWith(START) || opening === -1 || !text.endsWith(CLOSING)) return null;
  return text.slice(opening + OPENING.length, -CLOSING.length);
}
