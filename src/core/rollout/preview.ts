/** Clients of an editor put the user's own words behind this line. */
const REQUEST_MARKER = '## My request for Codex:';

/** What a thread is shown by: the user's own words in its first message. */
export function messagePreview(text: string): string {
  const marker = text.indexOf(REQUEST_MARKER);
  return (marker === -1 ? text : text.slice(marker + REQUEST_MARKER.length)).trim();
}
