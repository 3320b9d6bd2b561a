import type { ResponseItem } from '../../../responses/index.ts';

const OPENING = '<skills_instructions>\n';
const CLOSING = '\n</skills_instructions>';

/** Stands for no skills, where the model knows of some. */
const NONE = 'There are no skills here. Those listed before cannot be used any more.';

/** Tells the model of a list of skills; the empty list is that there are none any more. */
export function skillsText(list: string): string {
  return `${OPENING}${list === '' ? NONE : list}${CLOSING}`;
}

/** The list of skills that a history tells of last; empty where it tells of none. */
export function skillsIn(history: readonly ResponseItem[]): string {
  for (const item of history.toReversed()) {
    if (item.type !== 'message' || item.role !== 'developer') continue;
    for (const part of item.content) {
      const told = part.type === 'input_text' ? toldIn(part.text) : null;
      if (told !== null) return told === NONE ? '' : told;
    }
  }
  return '';
}

function toldIn(text: string): string | null {
  if (!text.startsWith(OPENING) || !text.endsWith(CLOSING)) return null;
  return text.slice(OPENING.length, -CLOSING.length);
}
