const OPENING = /^\s*<realtime_delegation>\s*<input>([^<]*)<\/input>/u;
const CLOSING = '</realtime_delegation>';

const CHARACTERS: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/** What the user asked for in a text that a voice model delegated; any other text as it is. */
export function withoutEnvelope(text: string): string {
  const input = OPENING.exec(text)?.[1];
  if (input === undefined || !text.trimEnd().endsWith(CLOSING)) return text;
  return input.replace(/&(?:amp|lt|gt);/gu, (escaped) => CHARACTERS[escaped] ?? escaped);
}
