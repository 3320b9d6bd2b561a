const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * What is wrong with an origin that pages are to be allowed by, or null. Browsers write an origin in one way only, and
 * it is compared letter by letter, so that another spelling would never match.
 */
export function originProblem(origin: string): string | null {
  if (!/^[a-z][a-z0-9+.-]*:\/\/[^/\s?#]+$/.test(origin)) {
    return `expected an origin such as \`http://localhost:3000\`, without a path; found \`${origin}\``;
  }
  const parsed = URL.canParse(origin) ? new URL(origin) : null;
  const usual = parsed === null || !(parsed.protocol in DEFAULT_PORTS) ? origin : parsed.origin;
  return usual === origin ? null : `browsers write this origin as \`${usual}\`; found \`${origin}\``;
}
