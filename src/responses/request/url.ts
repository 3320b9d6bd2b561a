/**
 * The URL of an endpoint. Base and path are joined by one slash, and the query parameters are put on as they are,
 * because providers rely on their own spelling of them.
 */
export function endpointUrl(
  baseUrl: string,
  path: string,
  queryParams: Readonly<Record<string, string>>,
): string {
  const base = baseUrl.replace(/\/+$/u, '');
  const joined = path === '' ? base : `${base}/${path.replace(/^\/+/u, '')}`;
  const query = Object.entries(queryParams).map(([name, value]) => `${name}=${value}`);
  return query.length === 0 ? joined : `${joined}?${query.join('&')}`;
}

/** The same URL for a WebSocket; any other scheme is left as it is. */
export function socketUrl(url: string): string {
  return url.replace(/^http(s?):/iu, (_scheme, secure: string) => (secure === '' ? 'ws:' : 'wss:'));
}

/** A URL as it may be told to people: without credentials, query and fragment. Null if it is none. */
export function displayUrl(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { host, pathname, protocol } = new URL(url);
  return `${protocol}//${host}${pathname}`;
}
