import { escapeMarkup, unescapeMarkup } from '../util/markup.ts';

const OPENING = /^\s*<realtime_delegation>\s*<input>([^<]*)<\/input>/u;
const CLOSING = '</realtime_delegation>';

/** A request that a voice model hands over, with what was said before it, as the agent is given both. */
export function delegationEnvelope(request: string, transcript: string): string {
  return [
    '<realtime_delegation>',
    `  <input>${escapeMarkup(request)}</input>`,
    ...(transcript === '' ? [] : [`  <transcript_delta>${escapeMarkup(transcript)}</transcript_delta>`]),
    CLOSING,
  ].join('\n');
}

/** What the user asked for in a text that a voice model handed over; any other text as it is. */
export function withoutEnvelope(text: string): string {
  const input = OPENING.exec(text)?.[1];
  return input === undefined || !text.trimEnd().endsWith(CLOSING) ? text : unescapeMarkup(input);
}
