import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { AuthError, AuthStore } from '../../../src/core/auth/index.ts';
import type { AuthState } from '../../../src/core/auth/index.ts';

function temporaryHome(): string {
  const path = mkdtempSync(join(tmpdir(), 'parley-auth-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A store whose file holds `content`: a text as it is, anything else as JSON. */
function storeWith(content: unknown): AuthStore {
  const store = new AuthStore({ codexHome: temporaryHome() });
  writeFileSync(store.file, typeof content === 'string' ? content : JSON.stringify(content));
  return store;
}

/** The state with its secrets laid open, so that all of it is compared. */
function open(state: AuthState) {
  if (state.kind === 'apiKey') return { ...state, apiKey: state.apiKey.reveal() };
  return state.kind === 'chatgpt' ? { ...state, accessToken: state.accessToken.reveal() } : state;
}

function identityToken(claims: unknown): string {
  return ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'sig'].join('.');
}

/** The error of an operation that must fail, as a plain object. */
async function failureOf(operation: () => unknown) {
  try {
    await operation();
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return { code: error.code, message: error.message };
  }
  throw new Error('expected an AuthError');
}

test('without a file nobody is logged in', () => {
  expect(new AuthStore({ codexHome: temporaryHome() }).read()).toEqual({ kind: 'none' });
  expect(new AuthStore({ codexHome: join(temporaryHome(), 'absent') }).read()).toEqual({ kind: 'none' });
});

test('a login is written in the shape of the reference, for the owner alone', async () => {
  const codexHome = join(temporaryHome(), 'new', 'home');
  const store = new AuthStore({ codexHome });
  await store.loginWithApiKey('  sk-test \n');
  expect(readFileSync(store.file, 'utf8')).toBe(
    '{\n  "auth_mode": "apikey",\n  "OPENAI_API_KEY": "sk-test"\n}',
  );
  expect(statSync(store.file).mode & 0o777).toBe(0o600);
  expect(statSync(codexHome).mode & 0o777).toBe(0o700);
  expect(readdirSync(codexHome)).toEqual(['auth.json']);
  expect(open(store.read())).toEqual({ kind: 'apiKey', apiKey: 'sk-test' });
});

test('a login replaces another one, and the mode of a file that others could read', async () => {
  const store = storeWith({ tokens: { access_token: 'old' } });
  chmodSync(store.file, 0o644);
  await store.loginWithApiKey('sk-new');
  expect(open(store.read())).toEqual({ kind: 'apiKey', apiKey: 'sk-new' });
  expect(statSync(store.file).mode & 0o777).toBe(0o600);
});

test('the mode of the file does not depend on the umask', async () => {
  const store = new AuthStore({ codexHome: temporaryHome() });
  const umask = process.umask(0o600);
  onTestFinished(() => void process.umask(umask));
  await store.loginWithApiKey('sk-test');
  expect(statSync(store.file).mode & 0o777).toBe(0o600);
});

test('logins at the same time leave one whole file', async () => {
  const codexHome = temporaryHome();
  const keys = Array.from({ length: 50 }, (_, index) => `sk-${index}-${'x'.repeat(index * 100)}`);
  const logins = keys.map((key) => new AuthStore({ codexHome }).loginWithApiKey(key));
  const seen: AuthState[] = [];
  for (const login of logins) {
    await login;
    seen.push(new AuthStore({ codexHome }).read());
  }
  const known = new Set(keys);
  expect(seen.filter((state) => state.kind !== 'apiKey' || !known.has(state.apiKey.reveal()))).toEqual([]);
  expect(readdirSync(codexHome)).toEqual(['auth.json']);
});

test.each(['', '  ', '\n\t'])('the key %j is refused as empty', async (key) => {
  const store = new AuthStore({ codexHome: temporaryHome() });
  expect(await failureOf(() => store.loginWithApiKey(key))).toEqual({
    code: 'api_key_empty',
    message: 'the API key is empty',
  });
  expect(store.read()).toEqual({ kind: 'none' });
});

test('a key that no header can carry is refused', async () => {
  const store = new AuthStore({ codexHome: temporaryHome() });
  expect(await failureOf(() => store.loginWithApiKey('sk-a\r\nX-Evil: 1'))).toEqual({
    code: 'api_key_illegal',
    message: 'the API key has characters that an HTTP header cannot carry',
  });
});

test('a login that cannot be written says so and leaves nothing behind', async () => {
  const codexHome = temporaryHome();
  const store = new AuthStore({ codexHome });
  mkdirSync(store.file);
  expect(await failureOf(() => store.loginWithApiKey('sk-test'))).toEqual({
    code: 'file_unwritable',
    message: `${store.file}: cannot be written (EISDIR)`,
  });
  expect(readdirSync(codexHome)).toEqual(['auth.json']);
  expect(await failureOf(() => store.read())).toEqual({
    code: 'file_unreadable',
    message: `${store.file}: cannot be read (EISDIR)`,
  });
});

test('logging out removes the file, and once is enough', async () => {
  const store = storeWith({ OPENAI_API_KEY: 'sk-test' });
  expect([await store.logout(), await store.logout()]).toEqual([true, false]);
  expect(readdirSync(join(store.file, '..'))).toEqual([]);
});

test('a logout that fails says so', async () => {
  const codexHome = temporaryHome();
  const store = new AuthStore({ codexHome });
  mkdirSync(store.file);
  const failure = await failureOf(() => store.logout());
  expect(failure).toEqual({
    code: 'file_unwritable',
    message: `${store.file}: cannot be removed (ERR_FS_EISDIR)`,
  });
});

const TOKENS = { id_token: 'none', access_token: ' at ', refresh_token: 'rt', account_id: 'acc' };
const CHATGPT = { kind: 'chatgpt', accessToken: 'at', accountId: 'acc', email: null, planType: null };

test.each([
  [
    { auth_mode: 'apikey', OPENAI_API_KEY: ' sk ' },
    { kind: 'apiKey', apiKey: 'sk' },
  ],
  [{ OPENAI_API_KEY: 'sk' }, { kind: 'apiKey', apiKey: 'sk' }],
  [
    { OPENAI_API_KEY: 'sk', tokens: TOKENS },
    { kind: 'apiKey', apiKey: 'sk' },
  ],
  [
    { auth_mode: 'apikey', OPENAI_API_KEY: 'sk', tokens: TOKENS },
    { kind: 'apiKey', apiKey: 'sk' },
  ],
  [{ auth_mode: 'chatgpt', OPENAI_API_KEY: 'sk', tokens: TOKENS }, CHATGPT],
  [
    { auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens: TOKENS, last_refresh: '2026-01-01T00:00:00Z' },
    CHATGPT,
  ],
  [{ tokens: TOKENS }, CHATGPT],
  [{ OPENAI_API_KEY: '', tokens: TOKENS }, CHATGPT],
  [{ auth_mode: 'chatgptAuthTokens', tokens: TOKENS }, CHATGPT],
  [{ auth_mode: 'apikey', OPENAI_API_KEY: null, tokens: TOKENS }, { kind: 'none' }],
  [{ auth_mode: 'chatgpt', OPENAI_API_KEY: 'sk', tokens: null }, { kind: 'none' }],
  [{ auth_mode: 'chatgpt', tokens: { access_token: ' ' } }, { kind: 'none' }],
  [{}, { kind: 'none' }],
])('the stored login %j', (content, state) => {
  expect(open(storeWith(content).read())).toEqual(state);
});

test('the identity token names the user, the plan and the account', () => {
  const id_token = identityToken({
    email: 'a@b.c',
    'https://api.openai.com/auth': { chatgpt_plan_type: 'pro', chatgpt_account_id: 'from-token' },
  });
  const state = storeWith({ tokens: { id_token, access_token: 'at' } }).read();
  const identity = { accountId: 'from-token', email: 'a@b.c', planType: 'pro' };
  expect(open(state)).toEqual({ kind: 'chatgpt', accessToken: 'at', ...identity });
});

test('the email may stand in the profile, and claims of a wrong type say nothing', () => {
  const id_token = identityToken({
    email: 5,
    'https://api.openai.com/profile': { email: 'p@b.c' },
    'https://api.openai.com/auth': { chatgpt_plan_type: 7 },
  });
  const state = storeWith({ tokens: { ...TOKENS, id_token } }).read();
  expect(open(state)).toEqual({ ...CHATGPT, email: 'p@b.c' });
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '"sk-hidden"',
  '{"OPENAI_API_KEY":["sk-hidden"]}',
  '{"tokens":"sk-hidden"}',
  'sk-hidden',
])('the malformed file %j is an error without its content', async (content) => {
  const store = storeWith(content);
  expect(await failureOf(() => store.read())).toEqual({
    code: 'file_malformed',
    message: `${store.file}: not a valid credentials file`,
  });
});

test('no content of the file shows in an error or a printed login', () => {
  const store = storeWith('');
  const secret = 'sk-Hidden';
  const content = fc.oneof(
    fc.jsonValue().map((value) => JSON.stringify({ OPENAI_API_KEY: secret, tokens: value })),
    fc.jsonValue().map((value) => JSON.stringify({ OPENAI_API_KEY: [secret], more: value })),
    fc.tuple(fc.string(), fc.string()).map(([before, after]) => before + secret + after),
  );
  fc.assert(
    fc.property(content, (text) => {
      writeFileSync(store.file, text);
      let shown: unknown;
      try {
        shown = store.read();
      } catch (error) {
        if (!(error instanceof AuthError)) throw error;
        shown = error;
      }
      return !`${String(shown)} ${inspect(shown, { depth: 9, showHidden: true })} ${JSON.stringify(shown)}`.includes(
        secret,
      );
    }),
  );
});
