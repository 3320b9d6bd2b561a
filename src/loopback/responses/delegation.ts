const ENVELOPE = /^\s*<realtime_delegation>\s*<input>([^<]*)<\/input>/;

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&amp;': '&',
};

/** The request inside the envelope in which a voice session hands over work; any other text is the request itself. */
export function unwrapDelegation(text: string): string {
  const input = ENVELOPE.exec(text)?.[1];
  return (
    input?.replace(/&(?:lt|gt|quot|apos|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity).trim() ?? text
  );
}
