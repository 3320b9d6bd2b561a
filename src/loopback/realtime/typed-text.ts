/** What a text item asks for. */
export type TypedText =
  /** Something to answer. */
  | { readonly kind: 'say'; readonly text: string }
  /** A request for the background agent; it may be empty. */
  | { readonly kind: 'agent'; readonly prompt: string }
  /** A request to say nothing. */
  | { readonly kind: 'silent' }
  /** A report of the background agent, which is only noted. */
  | { readonly kind: 'report'; readonly text: string };

const USER_MARK = '[USER] ';
const REPORT_MARK = '[BACKEND] ';

/** Reads the words by which a text makes the loopback do something other than answer. */
export function interpretText(raw: string): TypedText {
  if (raw.startsWith(REPORT_MARK)) return { kind: 'report', text: raw.slice(REPORT_MARK.length) };
  const text = raw.startsWith(USER_MARK) ? raw.slice(USER_MARK.length) : raw;
  const command = /^\s*(agent|silent):/i.exec(text);
  if (command === null) return { kind: 'say', text };
  if (command[1]?.toLowerCase() === 'silent') return { kind: 'silent' };
  return { kind: 'agent', prompt: text.slice(command[0].length).trim() };
}
