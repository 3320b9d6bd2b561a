import { fitted, textTokens } from '../../util/text-budget.ts';

/** What a section is called, and how many tokens it may take with its heading. */
export interface SectionFrame {
  readonly title: string;
  readonly tokens: number;
}

export const CURRENT_THREAD: SectionFrame = { title: 'This thread', tokens: 1200 };
export const INSTRUCTIONS: SectionFrame = { title: 'Project instructions', tokens: 1600 };
export const RECENT_WORK: SectionFrame = { title: 'Recent work', tokens: 2200 };
export const WORKSPACE: SectionFrame = { title: 'Machine and workspace', tokens: 1600 };
export const NOTES: SectionFrame = { title: 'About this overview', tokens: 300 };

/** What is left of a section's tokens below its heading. */
export function bodyTokens(frame: SectionFrame): number {
  return frame.tokens - textTokens(headingOf(frame));
}

/** The section with its heading, cut to its tokens; null where nothing of the body is left. */
export function sectionText(frame: SectionFrame, body: string): string | null {
  const fittedBody = fitted(body.trim(), bodyTokens(frame));
  return fittedBody === '' ? null : `${headingOf(frame)}${fittedBody}`;
}

function headingOf({ title }: SectionFrame): string {
  return `## ${title}\n`;
}
