import { unescapeMarkup } from '../../util/markup.ts';

const ENVELOPE = /^\s*<realtime_delegation>\s*<input>([^<]*)<\/input>/u;

/**
 * What the user asked for, where a text is one that the voice model handed to the agent; null where it is not. Clients
 * show the request and not the envelope.
 */
export function delegatedRequest(text: string): string | null {
  const input = ENVELOPE.exec(text)?.[1];
  return input === undefined ? null : unescapeMarkup(input);
}
