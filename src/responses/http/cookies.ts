import type { HttpTransport } from './transport.ts';

/** The sites whose cookies are kept, with their subdomains, and one host that has none. */
const SITES = ['chatgpt.com', 'chatgpt-staging.com'];
const HOST = 'chat.openai.com';

/** The cookies by which Cloudflare recognises a client again; no other is kept. */
const NAMES: ReadonlySet<string> = new Set([
  '__cf_bm',
  '__cflb',
  '__cfruid',
  '__cfseq',
  '__cfwaitingroom',
  '_cfuvid',
  'cf_clearance',
  'cf_ob_info',
  'cf_use_ob',
]);
const NAME_PREFIX = 'cf_chl_';

interface Cookie {
  readonly name: string;
  readonly value: string;
  /** The host that it belongs to, or the site with all its subdomains. */
  readonly domain: string;
  readonly isForSubdomains: boolean;
  /** Unix milliseconds; null lasts as long as the program. */
  readonly expiresAt: number | null;
}

/** A transport that keeps the cookies of a few sites in memory and sends them back there, over HTTPS only. */
export function withCookies(transport: HttpTransport, now: () => number): HttpTransport {
  const jar = new Map<string, Cookie>();
  return async (url, request) => {
    const host = cookieHost(url);
    if (host === null) return transport(url, request);
    const sent = [...jar.values()].filter((cookie) => belongsTo(cookie, host) && isFresh(cookie, now()));
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = cookie === '' ? request.headers : { ...request.headers, cookie };
    const response = await transport(url, { ...request, headers });
    for (const line of response.headers.getSetCookie?.() ?? []) {
      const kept = readCookie(line, host, now());
      if (kept !== null) jar.set(`${kept.domain} ${kept.name}`, kept);
    }
    return response;
  };
}

/** The host of a URL whose cookies are kept, else null. */
function cookieHost(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { hostname, protocol } = new URL(url);
  const isKept = hostname === HOST || SITES.some((site) => isWithin(hostname, site));
  return protocol === 'https:' && isKept ? hostname : null;
}

function isWithin(host: string, site: string): boolean {
  return host === site || host.endsWith(`.${site}`);
}

function belongsTo({ domain, isForSubdomains }: Cookie, host: string): boolean {
  return isForSubdomains ? isWithin(host, domain) : host === domain;
}

function isFresh({ expiresAt }: Cookie, now: number): boolean {
  return expiresAt === null || expiresAt > now;
}

/** Reads a `set-cookie` line. Null if the cookie is not one that is kept, or is for somebody else. */
function readCookie(line: string, host: string, now: number): Cookie | null {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(0, equals));
  if (!NAMES.has(name) && !name.startsWith(NAME_PREFIX)) return null;
  const told = new Map(attributes.map(readAttribute));
  const domain = told.get('domain')?.replace(/^\./u, '').toLowerCase() ?? '';
  const isForSubdomains = SITES.some((site) => isWithin(domain, site));
  if (domain !== '' && domain !== host && !(isForSubdomains && isWithin(host, domain))) return null;
  const value = pair.slice(equals + 1);
  const expiresAt = expiry(told.get('max-age'), told.get('expires'), now);
  return { name, value, domain: domain === '' ? host : domain, isForSubdomains, expiresAt };
}

function readAttribute(attribute: string): readonly [name: string, value: string] {
  const equals = attribute.indexOf('=');
  if (equals === -1) return [attribute.toLowerCase(), ''];
  return [attribute.slice(0, equals).trim().toLowerCase(), attribute.slice(equals + 1).trim()];
}

function expiry(maxAge: string | undefined, expires: string | undefined, now: number): number | null {
  if (maxAge !== undefined && /^-?\d+$/u.test(maxAge)) return now + Number(maxAge) * 1000;
  const date = expires === undefined ? Number.NaN : Date.parse(expires);
  return Number.isNaN(date) ? null : date;
}
