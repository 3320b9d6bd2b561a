import { firstSet } from './environment.ts';
import type { Environment } from './environment.ts';
import { isExempt } from './no-proxy.ts';
import { authorityOf, hostOf, targetOf } from './target.ts';

/** A proxy that the environment names. */
export interface ProxyServer {
  readonly variable: string;
  readonly kind: 'http' | 'https' | 'socks5' | 'socks5h';
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Decoded. Never logged and in no message. */
  readonly credentials: { readonly user: string; readonly password: string } | null;
}

export type ProxyOutcome =
  | { readonly ok: true; readonly proxy: ProxyServer | null }
  | { readonly ok: false; readonly message: string };

/** Which variables count for which scheme, the first one with a value first. Sockets differ from requests. */
const PROXY_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  'http:': bothCases('HTTP_PROXY', 'ALL_PROXY'),
  'https:': bothCases('HTTPS_PROXY', 'ALL_PROXY'),
  'ws:': bothCases('HTTP_PROXY', 'ALL_PROXY'),
  'wss:': bothCases('HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'),
};

const NO_PROXY_VARIABLES = bothCases('NO_PROXY');

const DEFAULT_PORTS: Readonly<Record<ProxyServer['kind'], number>> = {
  http: 80,
  https: 443,
  socks5: 1080,
  socks5h: 1080,
};

/**
 * The proxy through which a URL is reached, or null if it is reached directly. A variable that counts but cannot be used
 * is an error, never passed over.
 */
export function proxyFor(url: URL | string, environment: Environment): ProxyOutcome {
  const parsed = new URL(url);
  const found = firstSet(environment, PROXY_VARIABLES[parsed.protocol] ?? []);
  if (found === null) return { ok: true, proxy: null };
  const exempt = firstSet(environment, NO_PROXY_VARIABLES)?.value ?? '';
  if (isExempt(targetOf(parsed), exempt)) return { ok: true, proxy: null };
  const proxy = parseProxy(found.variable, found.value.trim());
  return proxy === null ? { ok: false, message: complaint(found.variable) } : { ok: true, proxy };
}

/** The variables that name a proxy, for whichever scheme. */
export function setProxyVariables(environment: Environment): string[] {
  const names = new Set(Object.values(PROXY_VARIABLES).flat());
  return [...names].filter((name) => firstSet(environment, [name]) !== null);
}

/** The variable that lists exceptions, or null. */
export function noProxyVariable(environment: Environment): string | null {
  return firstSet(environment, NO_PROXY_VARIABLES)?.variable ?? null;
}

/** How a proxy is named in messages. */
export function describeProxy(proxy: ProxyServer): string {
  return `the proxy ${authorityOf(proxy)} of ${proxy.variable}`;
}

function parseProxy(variable: string, value: string): ProxyServer | null {
  const text = value.includes('://') ? value : `http://${value}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  const kind = url.protocol.slice(0, -1);
  const host = hostOf(url);
  if (!isKind(kind) || host === '') return null;
  try {
    const user = decodeURIComponent(url.username);
    const password = decodeURIComponent(url.password);
    const credentials = user === '' && password === '' ? null : { user, password };
    return { variable, kind, host, port: Number(url.port) || DEFAULT_PORTS[kind], credentials };
  } catch {
    // A percent sign in the credentials that begins no escape.
    return null;
  }
}

function isKind(kind: string): kind is ProxyServer['kind'] {
  return Object.hasOwn(DEFAULT_PORTS, kind);
}

/** Names no part of the value, because it may hold a password. */
function complaint(variable: string): string {
  return (
    `the value of ${variable} is not the address of a usable proxy. ` +
    `Set it to http://HOST:PORT, https://HOST:PORT, socks5://HOST:PORT or socks5h://HOST:PORT, or unset it.`
  );
}

function bothCases(...names: readonly string[]): string[] {
  return names.flatMap((name) => [name, name.toLowerCase()]);
}
