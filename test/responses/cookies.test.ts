import { describe, expect, test } from 'vitest';
import { withCookies } from '../../src/responses/http/cookies.ts';
import type { HttpTransport } from '../../src/responses/index.ts';

const NOW = Date.UTC(2026, 0, 31);

/** Sends requests one after the other; each is answered with cookies. Gives the cookies that each one carried. */
async function carried(
  exchanges: readonly (readonly [url: string, ...cookies: string[]])[],
): Promise<unknown[]> {
  const sent: unknown[] = [];
  let answer: string[] = [];
  const transport: HttpTransport = (_url, { headers }) => {
    sent.push(headers['cookie'] ?? null);
    const answered = new Headers();
    for (const cookie of answer) answered.append('set-cookie', cookie);
    return Promise.resolve({ status: 200, headers: answered, body: null });
  };
  const http = withCookies(transport, () => NOW);
  for (const [url, ...cookies] of exchanges) {
    answer = cookies;
    await http(url, { method: 'POST', headers: {}, signal: new AbortController().signal });
  }
  return sent;
}

describe('a cookie of Cloudflare', () => {
  test.each([
    'https://chatgpt.com/a',
    'https://ab.chatgpt.com/',
    'https://chatgpt-staging.com/',
    'https://chat.openai.com/',
  ])('is sent back to %s', async (url) => {
    expect(await carried([[url, '__cf_bm=1; Path=/; Secure', 'cf_chl_x=2'], [url]])).toEqual([
      null,
      '__cf_bm=1; cf_chl_x=2',
    ]);
  });

  test.each([
    'http://chatgpt.com/',
    'https://api.openai.com/',
    'https://notchatgpt.com/',
    'https://chatgpt.com.evil.test/',
    'https://a.chat.openai.com/',
    'no url',
  ])('is not kept for %s', async (url) => {
    expect(await carried([[url, '__cf_bm=1'], [url], ['https://chatgpt.com/']])).toEqual([null, null, null]);
  });

  test('of a site goes to its subdomains, that of a host does not', async () => {
    expect(
      await carried([
        ['https://a.chatgpt.com/', '_cfuvid=site; Domain=.chatgpt.com', '__cf_bm=host'],
        ['https://b.chatgpt.com/'],
        ['https://a.chatgpt.com/'],
        ['http://a.chatgpt.com/'],
      ]),
    ).toEqual([null, '_cfuvid=site', '_cfuvid=site; __cf_bm=host', null]);
  });

  test.each(['evil.test', 'b.chatgpt.com', 'com'])('for the domain %s is refused', async (domain) => {
    const url = 'https://a.chatgpt.com/';
    expect(await carried([[url, `__cf_bm=1; Domain=${domain}`], [url]])).toEqual([null, null]);
  });

  test('is replaced, and ends', async () => {
    const url = 'https://chatgpt.com/';
    const past = new Date(NOW - 1).toUTCString();
    const future = new Date(NOW + 60_000).toUTCString();
    expect(
      await carried([
        [url, '__cf_bm=1'],
        [url, '__cf_bm=2; Max-Age=60'],
        [url, `__cf_bm=3; Expires=${future}`],
        [url, `__cf_bm=4; Expires=${past}`],
        [url, '__cf_bm=5; Max-Age=0'],
        [url],
      ]),
    ).toEqual([null, '__cf_bm=1', '__cf_bm=2', '__cf_bm=3', null, null]);
  });
});

test('no other cookie is kept', async () => {
  const url = 'https://chatgpt.com/';
  expect(await carried([[url, 'session=secret', '__cf_bm=1', 'nonsense', '=x', ''], [url]])).toEqual([
    null,
    '__cf_bm=1',
  ]);
});
