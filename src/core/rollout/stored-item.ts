import type {
  MemoryCitation,
  MessagePhase,
  TextElement,
  ThreadItem,
  UserInput,
} from '../../protocol/index.ts';
import {
  MemoryCitation as MemoryCitationSchema,
  MessagePhase as MessagePhaseSchema,
} from '../../protocol/index.ts';
import type { RolloutEventOf } from './event.ts';

/** What the user gave to a turn: the text unless that is blank, then images, then image files. */
export function userContent(event: RolloutEventOf<'user_message'>): UserInput[] {
  const { message, text_elements: elements, images, local_images: files } = event;
  const text: UserInput[] =
    message.trim() === ''
      ? []
      : [{ type: 'text', text: message, text_elements: textElements(message, elements ?? []) }];
  return [
    ...text,
    ...(images ?? []).map((url): UserInput => ({ type: 'image', url })),
    ...(files ?? []).map((path): UserInput => ({ type: 'localImage', path })),
  ];
}

type StoredTextElements = NonNullable<RolloutEventOf<'user_message'>['text_elements']>;

function textElements(message: string, stored: StoredTextElements): TextElement[] {
  if (stored.length === 0) return [];
  const bytes = Buffer.from(message);
  return stored
    .map(({ byte_range: { start, end }, placeholder }) => ({
      byteRange: { start, end },
      placeholder: placeholder ?? coveredText(bytes, start, end),
    }))
    .filter(({ byteRange }) => byteRange.start >= 0 && byteRange.end >= 0);
}

/** Null where the range lies outside the text or cuts a character. */
function coveredText(bytes: Buffer, start: number, end: number): string | null {
  if (start < 0 || end < start || end > bytes.length) return null;
  if (isInsideCharacter(bytes, start) || isInsideCharacter(bytes, end)) return null;
  return bytes.toString('utf8', start, end);
}

function isInsideCharacter(bytes: Buffer, at: number): boolean {
  return ((bytes[at] ?? 0) & 0xc0) === 0x80;
}

/** The item of an `agent_message`. A phase that is not known here is none. */
export function agentMessage(event: RolloutEventOf<'agent_message'>, id: string): ThreadItem {
  return {
    type: 'agentMessage',
    id,
    text: event.message,
    phase: messagePhase(event.phase),
    memoryCitation: memoryCitation(event.memory_citation),
  };
}

function messagePhase(value: unknown): MessagePhase | null {
  const phase = MessagePhaseSchema.safeParse(value);
  return phase.success ? phase.data : null;
}

/** Files name the threads that a citation comes from `rolloutIds`. */
function memoryCitation(value: unknown): MemoryCitation | null {
  const stored = recordOf(value);
  if (stored === null) return null;
  const threadIds = stored['threadIds'] ?? stored['rolloutIds'];
  const citation = MemoryCitationSchema.safeParse({ entries: stored['entries'], threadIds });
  return citation.success ? citation.data : null;
}

/** The item of an `item_completed`, which only plans have. Null for anything else. */
export function completedPlan(value: unknown): ThreadItem | null {
  const { type, id, text } = recordOf(value) ?? {};
  if (type !== 'Plan' && type !== 'plan') return null;
  return typeof id === 'string' && typeof text === 'string' && text !== ''
    ? { type: 'plan', id, text }
    : null;
}

/** What a finished review said: its summary, then the title of each finding. */
export function reviewText(output: unknown): string {
  const { overall_explanation: explanation, findings } = recordOf(output) ?? {};
  const titles = (Array.isArray(findings) ? findings : [])
    .map((finding: unknown) => recordOf(finding)?.['title'])
    .filter((title) => typeof title === 'string')
    .map((title) => `- ${title}`)
    .join('\n');
  const summary = typeof explanation === 'string' ? explanation.trim() : '';
  return [summary, titles].filter((part) => part !== '').join('\n\n') || 'The review gave no result.';
}

/** Whether a response item, as it is stored, is what the model was given for a user message with this text. */
export function carriesUserMessage(item: unknown, message: string): boolean {
  const { type, role, content } = recordOf(item) ?? {};
  if (type !== 'message' || role !== 'user' || !Array.isArray(content)) return false;
  if (message === '') return true;
  return content.some((part: unknown) => {
    const text = recordOf(part)?.['text'];
    return typeof text === 'string' && text !== '' && message.includes(text);
  });
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}
