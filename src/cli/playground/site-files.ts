import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply, Site } from '../../listen/index.ts';

/** What the page consists of, with the type of each file. Nothing else is served, whatever is asked for. */
const FILES: readonly (readonly [name: string, type: string])[] = [
  ['index.html', 'text/html'],
  ['style.css', 'text/css'],
  ['main.js', 'text/javascript'],
  ['audio-worklet.js', 'text/javascript'],
  ['icon.svg', 'image/svg+xml'],
];

/**
 * The page may load and connect to nothing but the place it came from, and nobody may put it into a frame. It sets no
 * policy of its own: what is not named here is forbidden.
 */
const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': CONTENT_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'microphone=(self), camera=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Reads the built page, once. Throws where a file of it is missing. */
export function readSite(folder: string): Site {
  const replies = new Map<string, Reply>();
  for (const [name, type] of FILES) {
    const headers = { ...HEADERS, 'content-type': `${type}; charset=utf-8` };
    replies.set(`/${name}`, { status: 200, body: readFileSync(join(folder, name), 'utf8'), headers });
  }
  const index = replies.get('/index.html');
  if (index !== undefined) replies.set('/', index);
  return { reply: (path) => replies.get(path) ?? null };
}
