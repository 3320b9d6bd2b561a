import { textTokens } from '../../util/text-budget.ts';
import { INSTRUCTIONS, NOTES, sectionText } from './section.ts';
import type { SectionFrame } from './section.ts';

/** A section before it is cut to size. */
export interface Section {
  readonly frame: SectionFrame;
  readonly body: string;
}

/** The most tokens that the whole text takes, its tags included. */
export const TOTAL_TOKENS = 5300;

const OPENING = '<startup_context>';
const CLOSING = '</startup_context>';

/** Between two parts stands one empty line. */
const BETWEEN = '\n\n';

const HEADER = `This is background for the call: what went on before it, and the machine and folders it is about. It was \
gathered when the call began, and may be incomplete or out of date. Let it help you understand what the user means, and \
do not recite it.`;

const NOTES_BODY = `- It was put together from the messages of this thread, from what is known of stored threads, and \
from a brief look at folder names. No file was opened.
- Hidden and generated files are left out, and long texts are cut.
- Project instructions (AGENTS.md) and memory files are not part of it. The agent that works in the folder knows them.`;

const NOTES_WITH_INSTRUCTIONS = `- It was put together from the messages of this thread, from what is known of stored threads, \
from a brief look at folder names, and from the instructions (AGENTS.md) that the user keeps for agents.
- Hidden and generated files are left out, and long texts are cut.
- The agent that works in the folder knows the instructions as well. Memory files are not part of this.`;

/**
 * The sections as one text in their order, with the header and the notes; null where there is none. Where they take too
 * much together, the last ones are cut further.
 */
export function startupText(sections: readonly Section[]): string | null {
  if (sections.length === 0) return null;
  const hasInstructions = sections.some(({ frame }) => frame === INSTRUCTIONS);
  const notes = sectionText(NOTES, hasInstructions ? NOTES_WITH_INSTRUCTIONS : NOTES_BODY);
  const frame = [HEADER, ...(notes === null ? [] : [notes])];
  let room = TOTAL_TOKENS - textTokens(tagged(frame));
  const texts: string[] = [];
  for (const section of sections) {
    const text = textOf(section, room - textTokens(BETWEEN));
    if (text === null) continue;
    texts.push(text);
    room -= textTokens(`${BETWEEN}${text}`);
  }
  if (texts.length === 0) return null;
  return wellFormed(tagged([HEADER, ...texts, ...(notes === null ? [] : [notes])]));
}

function textOf({ frame, body }: Section, room: number): string | null {
  return sectionText({ ...frame, tokens: Math.min(frame.tokens, room) }, withoutClosing(body));
}

function tagged(parts: readonly string[]): string {
  return `${OPENING}\n${parts.join(BETWEEN)}\n${CLOSING}`;
}

/** What was said and how folders are named must not end the element around it. */
function withoutClosing(body: string): string {
  return body.replaceAll(CLOSING, CLOSING.replace('/', '\\/'));
}

/** Half characters, as names and cut texts may have them, are replaced. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
