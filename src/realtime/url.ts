export interface RealtimeUrlParts {
  /** The base URL of the provider, or what configuration replaces it with. */
  readonly baseUrl: string;
  /** Added as `intent`, where the version has one. */
  readonly intent: string | null;
  /** Left out for a sideband socket, whose call has its model already. */
  readonly model: string | null;
  readonly queryParams: Readonly<Record<string, string>>;
}

export type UrlOutcome = { ok: true; url: string } | { ok: false; message: string };

const SCHEMES: Readonly<Record<string, string>> = {
  'http:': 'ws',
  'https:': 'wss',
  'ws:': 'ws',
  'wss:': 'wss',
};

/**
 * Builds the URL of a realtime socket. The query of the base URL is kept byte for byte; only what is added is
 * encoded, so the query is put together as text.
 */
export function realtimeUrl(parts: RealtimeUrlParts): UrlOutcome {
  let base: URL;
  try {
    base = new URL(parts.baseUrl);
  } catch {
    return { ok: false, message: 'the realtime base URL is not a valid URL' };
  }
  const scheme = SCHEMES[base.protocol];
  if (scheme === undefined) {
    const message = `the realtime base URL has the scheme \`${base.protocol.slice(0, -1)}\`; expected http, https, ws or wss`;
    return { ok: false, message };
  }
  const credentials = base.username + (base.password && `:${base.password}`);
  const origin = `${scheme}://${credentials && `${credentials}@`}${base.host}`;
  return { ok: true, url: origin + realtimePath(base.pathname) + query(base.search, parts) + base.hash };
}

/** First matching rule wins; a path that names neither `/v1` nor `/realtime` is taken to be complete. */
function realtimePath(path: string): string {
  if (path === '' || path === '/') return '/v1/realtime';
  if (path.endsWith('/realtime')) return path;
  if (path.endsWith('/realtime/')) return path.replace(/\/+$/, '');
  if (path.endsWith('/v1')) return `${path}/realtime`;
  if (path.endsWith('/v1/')) return `${path}realtime`;
  return path;
}

function query(existing: string, { intent, model, queryParams }: RealtimeUrlParts): string {
  const added = new URLSearchParams();
  if (intent !== null) added.append('intent', intent);
  if (model !== null) added.append('model', model);
  for (const [key, value] of Object.entries(queryParams)) {
    if (key === 'intent' || (key === 'model' && model !== null)) continue;
    added.append(key, value);
  }
  const suffix = added.toString();
  if (suffix === '') return existing;
  return existing === '' ? `?${suffix}` : `${existing}&${suffix}`;
}

/** The URL of the socket that joins a call: the id comes last in the query. */
export function withCallId(url: string, callId: string): string {
  const end = url.indexOf('#');
  const address = end === -1 ? url : url.slice(0, end);
  const separator = address.includes('?') ? '&' : '?';
  return `${address}${separator}call_id=${encodeURIComponent(callId)}${url.slice(address.length)}`;
}
