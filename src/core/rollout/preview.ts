import { withoutEnvelope } from '../delegation-envelope.ts';

/** Clients of an editor put the user's own words behind this line. */
const REQUEST_MARKER = '## My request for Codex:';

/** What a thread is shown by: the user's own words in its first message, typed or handed over by a voice model. */
export function messagePreview(text: string): string {
  const said = withoutEnvelope(text);
  const marker = said.indexOf(REQUEST_MARKER);
  return (marker === -1 ? said : said.slice(marker + REQUEST_MARKER.length)).trim();
}
