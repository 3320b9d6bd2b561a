import type { IncomingMessage } from 'node:http';
import type { Reply } from './http.ts';

/** A web page that is served beside the WebSocket. It may connect, as pages of an allowed origin may. */
export interface Site {
  /** The answer to a read of a path, which begins with a slash and has no query; null where nothing is there. */
  readonly reply: (path: string) => Reply | null;
}

/**
 * The answer of a site to a request, or null where the request is not for it. `host` is the site's own: a name that
 * somebody else has made to point here does not get at it.
 */
export function siteReply(
  { headers, method = '', url = '' }: Pick<IncomingMessage, 'headers' | 'method' | 'url'>,
  site: Site,
  host: string,
): Reply | null {
  if (method !== 'GET' && method !== 'HEAD') return null;
  const reply = site.reply(url.split('?', 1)[0] ?? '');
  if (reply === null || headers.host === host) return reply;
  return { status: 421, body: `this page is at http://${host}/` };
}
