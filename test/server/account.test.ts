import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';

const KEY = 'sk-secret-0123456789';
const OPENAI = 'model_provider = "openai"\n';
const CUSTOM = 'model_provider = "p"\n[model_providers.p]\nname = "P"\nbase_url = "http://127.0.0.1:9/v1"\n';

function authFile(daemon: TestDaemon): string {
  return join(daemon.home, 'auth.json');
}

function since(daemon: TestDaemon, method: string): unknown[] {
  const start = daemon.messages.findIndex((message) => message.method === method);
  return daemon.messages.slice(start + 1);
}

describe('a login with an API key', () => {
  it('is answered, then told to everyone in order', async () => {
    const daemon = await TestDaemon.open();
    const answer = await daemon.call('account/login/start', { type: 'apiKey', apiKey: KEY });
    const next = await daemon.call('thread/loaded/list', {});
    expect(since(daemon, 'remoteControl/status/changed')).toEqual([
      { id: answer.id, result: { type: 'apiKey' } },
      { method: 'account/login/completed', params: { loginId: null, success: true, error: null } },
      { method: 'account/updated', params: { authMode: 'apikey', planType: null } },
      next,
    ]);
  });

  it('is stored for its owner alone', async () => {
    const daemon = await TestDaemon.open();
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: ` ${KEY}\n` });
    expect(JSON.parse(readFileSync(authFile(daemon), 'utf8'))).toEqual({
      auth_mode: 'apikey',
      OPENAI_API_KEY: KEY,
    });
    expect(statSync(authFile(daemon)).mode & 0o777).toBe(0o600);
  });

  it('takes the place of the one before', async () => {
    const daemon = await TestDaemon.open();
    writeFileSync(authFile(daemon), '{"auth_mode":"chatgpt"}', { mode: 0o644 });
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: 'first' });
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: 'second' });
    expect(JSON.parse(readFileSync(authFile(daemon), 'utf8'))).toEqual({
      auth_mode: 'apikey',
      OPENAI_API_KEY: 'second',
    });
    expect(statSync(authFile(daemon)).mode & 0o777).toBe(0o600);
  });

  it('never shows the key, whatever happens to it', async () => {
    const daemon = await TestDaemon.open({ env: { PARLEY_LOG: 'trace' } });
    await daemon.call('account/login/start', { type: 'apiKey', apiKey: KEY });
    await daemon.call('account/login/start', { type: 'apiKey', apiKey: `${KEY}\0` });
    await daemon.call('account/login/start', { type: 'apiKey', apiKey: { key: KEY } });
    await daemon.call('account/read', { refreshToken: true });
    daemon.raw(`{"id":9,"method":"account/login/start","params":{"type":"apiKey","apiKey":"${KEY}"\n`);
    daemon.write({ id: {}, method: 'account/login/start', params: { type: 'apiKey', apiKey: KEY } });
    daemon.write({ id: 10, result: { type: 'apiKey', apiKey: KEY } });
    writeFileSync(authFile(daemon), `{"OPENAI_API_KEY":"${KEY}"`);
    await daemon.call('account/read', {});
    await daemon.call('account/logout');
    const closed = once(daemon.process, 'close');
    daemon.process.stdin.end();
    await closed;
    expect(JSON.stringify(daemon.messages)).not.toContain(KEY);
    expect(daemon.stderr).not.toContain(KEY);
  });

  it.each(['', '  \n', 'a\nb', 'a\0b', 'ключ'])('refuses the key %j and stores nothing', async (apiKey) => {
    const daemon = await TestDaemon.open();
    const { error } = await daemon.call('account/login/start', { type: 'apiKey', apiKey });
    expect(error).toEqual({
      code: -32600,
      message: expect.stringMatching(
        /^the API key (is empty|has characters that an HTTP header cannot carry)$/,
      ),
      data: { reason: 'accountError' },
    });
    expect(existsSync(authFile(daemon))).toBe(false);
    await daemon.call('thread/loaded/list', {});
    expect(daemon.notifications('account/')).toEqual([]);
  });

  it('is the only kind of login', async () => {
    const daemon = await TestDaemon.open();
    const others = [
      { type: 'chatgpt' },
      { type: 'chatgptDeviceCode' },
      { type: 'chatgptAuthTokens', accessToken: 'a', chatgptAccountId: 'b' },
    ];
    for (const params of others) {
      expect((await daemon.call('account/login/start', params)).error).toEqual({
        code: -32600,
        message: `login of type \`${params.type}\` is not supported; use \`apiKey\``,
        data: { reason: 'accountError' },
      });
    }
    expect(daemon.notifications('account/')).toEqual([]);
  });

  it('is served in order with what follows it', async () => {
    const daemon = await TestDaemon.open({ config: OPENAI });
    const before = daemon.messages.length;
    daemon.write({ id: 'login', method: 'account/login/start', params: { type: 'apiKey', apiKey: KEY } });
    daemon.write({ id: 'read', method: 'account/read', params: {} });
    daemon.write({ id: 'logout', method: 'account/logout' });
    daemon.write({ id: 'read again', method: 'account/read', params: {} });
    await daemon.waitFor('the last answer', ({ id }) => id === 'read again');
    expect(daemon.messages.slice(before)).toEqual([
      { id: 'login', result: { type: 'apiKey' } },
      { method: 'account/login/completed', params: { loginId: null, success: true, error: null } },
      { method: 'account/updated', params: { authMode: 'apikey', planType: null } },
      { id: 'read', result: { account: { type: 'apiKey' }, requiresOpenaiAuth: true } },
      { id: 'logout', result: {} },
      { method: 'account/updated', params: { authMode: null, planType: null } },
      { id: 'read again', result: { account: null, requiresOpenaiAuth: true } },
    ]);
  });
});

describe('a logout', () => {
  it('removes the login, and says so', async () => {
    const daemon = await TestDaemon.open();
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: KEY });
    await daemon.waitForNotification('account/updated');
    const before = daemon.messages.length;
    const answer = await daemon.call('account/logout', null);
    const next = await daemon.call('thread/loaded/list', {});
    expect(existsSync(authFile(daemon))).toBe(false);
    expect(daemon.messages.slice(before)).toEqual([
      { id: answer.id, result: {} },
      { method: 'account/updated', params: { authMode: null, planType: null } },
      next,
    ]);
  });

  it('without a login is the same', async () => {
    const daemon = await TestDaemon.open();
    const answer = await daemon.call('account/logout');
    const next = await daemon.call('thread/loaded/list', {});
    expect(since(daemon, 'remoteControl/status/changed')).toEqual([
      { id: answer.id, result: {} },
      { method: 'account/updated', params: { authMode: null, planType: null } },
      next,
    ]);
  });
});

describe('account/read', () => {
  it.each([
    ['OpenAI', OPENAI, true],
    ['no provider that is named', '', true],
    ['another provider', CUSTOM, false],
    ['another provider that uses OpenAI credentials', `${CUSTOM}requires_openai_auth = true\n`, true],
    ['a provider that does not exist', 'model_provider = "nope"\n', true],
    ['a configuration that cannot be used', 'model_provider = 5\n', true],
  ])('with %s', async (_what, config, requiresOpenaiAuth) => {
    const daemon = await TestDaemon.open({ config });
    expect(await daemon.request('account/read', {})).toEqual({ account: null, requiresOpenaiAuth });
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: KEY });
    expect(await daemon.request('account/read', { refreshToken: false })).toEqual({
      account: requiresOpenaiAuth ? { type: 'apiKey' } : null,
      requiresOpenaiAuth,
    });
  });

  it('finds a login of another program', async () => {
    const claims = {
      email: 'a@b.c',
      'https://api.openai.com/auth': { chatgpt_plan_type: 'pro', chatgpt_account_id: 'x' },
    };
    const token = `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
    const daemon = await TestDaemon.open({ config: OPENAI });
    const tokens = { id_token: token, access_token: 'a', refresh_token: 'r' };
    writeFileSync(authFile(daemon), JSON.stringify({ auth_mode: 'chatgpt', tokens }));
    expect(await daemon.request('account/read', {})).toEqual({
      account: { type: 'chatgpt', email: 'a@b.c', planType: 'pro' },
      requiresOpenaiAuth: true,
    });
  });

  it('says what is wrong with a file that is no login, until it is removed', async () => {
    const daemon = await TestDaemon.open({ config: OPENAI });
    writeFileSync(authFile(daemon), 'not JSON');
    expect((await daemon.call('account/read', {})).error).toEqual({
      code: -32600,
      message: expect.stringMatching(/auth\.json: not a valid credentials file$/),
      data: { reason: 'accountError' },
    });
    expect(await daemon.request('account/logout')).toEqual({});
    expect(await daemon.request('account/read', {})).toEqual({ account: null, requiresOpenaiAuth: true });
  });
});
