import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { TestDaemon } from '../support/daemon.ts';
import type { DaemonOptions } from '../support/daemon.ts';

const clientInfo = { name: 'my_ide', title: 'My IDE', version: '1.2.3' };
const NO_THREADS = { data: [], nextCursor: null };
const REMOTE_CONTROL = {
  method: 'remoteControl/status/changed',
  params: { status: 'disabled', environmentId: null },
};

function refused(message: string, data: object): object {
  return { code: -32600, message, data };
}

describe('the answer to initialize', () => {
  it('names the generation, the machine, the client and this program', async () => {
    const daemon = new TestDaemon({ env: { TERM: 'xterm-256color' } });
    const { result } = await daemon.call('initialize', { clientInfo });
    expect(result).toEqual({
      userAgent: expect.stringMatching(
        new RegExp(
          String.raw`^my_ide/0\.130\.0 \([^;()]+ [^;() ]+; [^;() ]+\) xterm-256color \(my_ide; 1\.2\.3\) ` +
            `parley/${packageJson.version.replaceAll('.', String.raw`\.`)}$`,
        ),
      ),
      codexHome: realpathSync(daemon.home),
      platformFamily: process.platform === 'win32' ? 'windows' : 'unix',
      platformOs: { darwin: 'macos', win32: 'windows' }[process.platform as string] ?? process.platform,
    });
  });

  it.each<[string, DaemonOptions['env'], string]>([
    ['a terminal program', { TERM_PROGRAM: 'kitty', TERM: 'x' }, 'kitty'],
    ['its version', { TERM_PROGRAM: 'kitty', TERM_PROGRAM_VERSION: '0.3', TERM: 'x' }, 'kitty/0.3'],
    ['no terminal', {}, 'unknown'],
  ])('names %s', async (_what, env = {}, terminal) => {
    const daemon = new TestDaemon({ env });
    const { userAgent } = await daemon.request('initialize', { clientInfo });
    expect(userAgent).toContain(`) ${terminal} (my_ide; 1.2.3) `);
  });

  it('names the originator that the environment gives', async () => {
    const daemon = new TestDaemon({ env: { CODEX_INTERNAL_ORIGINATOR_OVERRIDE: 'other' } });
    const { userAgent } = await daemon.request('initialize', { clientInfo });
    expect(userAgent).toMatch(/^other\/0\.130\.0 \(.*\) unknown \(my_ide; 1\.2\.3\) parley\//);
  });

  it('gives the home directory without symbolic links', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-home-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'link'));
    const daemon = new TestDaemon({ env: { CODEX_HOME: join(folder, 'link') } });
    const { codexHome } = await daemon.request('initialize', { clientInfo });
    expect(codexHome).toBe(realpathSync(join(folder, 'real')));
  });

  it('is followed by the status of remote control, and nothing else', async () => {
    const daemon = new TestDaemon();
    await daemon.call('initialize', { clientInfo });
    await daemon.call('thread/loaded/list', {});
    expect(daemon.messages.slice(1)).toEqual([REMOTE_CONTROL, { id: 2, result: NO_THREADS }]);
  });
});

describe('the handshake', () => {
  it.each([
    ['no capabilities', { clientInfo }],
    ['capabilities that are null', { clientInfo, capabilities: null }],
    ['empty capabilities', { clientInfo, capabilities: {} }],
    [
      'capabilities of null',
      { clientInfo, capabilities: { experimentalApi: null, optOutNotificationMethods: null } },
    ],
    ['unknown members', { clientInfo: { ...clientInfo, title: null, icon: 'x' }, locale: 'en' }],
  ])('takes %s, and needs no initialized', async (_what, params) => {
    const daemon = new TestDaemon();
    await daemon.request('initialize', params);
    expect(await daemon.request('thread/loaded/list', {})).toEqual(NO_THREADS);
    expect(await daemon.call('thread/realtime/listVoices', {})).toMatchObject({
      error: { message: 'thread/realtime/listVoices requires experimentalApi capability' },
    });
  });

  it('comes before anything else, once', async () => {
    const daemon = new TestDaemon();
    const notInitialized = refused('Not initialized', { reason: 'notInitialized' });
    const early = await daemon.call('thread/loaded/list', {});
    expect(early).toEqual({ id: 1, error: notInitialized });
    expect((await daemon.call('account/logout')).error).toEqual(notInitialized);
    expect((await daemon.call('thread/realtime/listVoices', {})).error).toEqual(notInitialized);
    daemon.write({ method: 'initialized' });
    expect((await daemon.call('thread/start', {})).error).toEqual(notInitialized);
    await daemon.request('initialize', { clientInfo });
    const again = await daemon.call('initialize', { clientInfo, capabilities: { experimentalApi: true } });
    expect(again.error).toEqual(refused('Already initialized', { reason: 'alreadyInitialized' }));
    expect(await daemon.request('thread/loaded/list', {})).toEqual(NO_THREADS);
    expect((await daemon.call('thread/realtime/listVoices', {})).error).toBeDefined();
    expect(daemon.notifications()).toEqual([REMOTE_CONTROL]);
  });

  it('comes after decoding: what does not decode is refused as such', async () => {
    const daemon = new TestDaemon();
    const { error } = await daemon.call('no/such', {});
    expect(error?.message).toMatch(
      /^Invalid request: unknown variant `no\/such`, expected one of `initialize`, /,
    );
    expect((await daemon.call('thread/unsubscribe', {})).error).toEqual(
      refused('Invalid request: missing field `threadId`', { reason: 'invalidParams', path: ['threadId'] }),
    );
  });

  it.each<[string, unknown, string, (string | number)[]]>([
    ['no params', undefined, 'missing field `params`', []],
    ['params that are null', null, 'missing field `params`', []],
    ['no clientInfo', {}, 'missing field `clientInfo`', ['clientInfo']],
    ['no name', { clientInfo: { version: '1' } }, 'missing field `name`', ['clientInfo', 'name']],
    ['no version', { clientInfo: { name: 'a' } }, 'missing field `version`', ['clientInfo', 'version']],
    [
      'capabilities of a wrong type',
      { clientInfo, capabilities: { experimentalApi: 'yes' } },
      'invalid type: string "yes", expected a boolean',
      ['capabilities', 'experimentalApi'],
    ],
  ])('with %s is refused, and may be repeated', async (_what, params, reason, path) => {
    const daemon = new TestDaemon();
    const { error } = await daemon.call('initialize', params);
    expect(error).toEqual(refused(`Invalid request: ${reason}`, { reason: 'invalidParams', path }));
    expect(await daemon.call('initialize', { clientInfo })).toHaveProperty('result');
  });

  it.each(['a\rb', 'a\nb', 'a\0b', 'ключ'])('refuses the name %j, and may be repeated', async (name) => {
    const daemon = new TestDaemon();
    const { error } = await daemon.call('initialize', { clientInfo: { name, version: '1' } });
    expect(error).toEqual(
      refused(`Invalid clientInfo.name: '${name}'. Must be a valid HTTP header value.`, {
        reason: 'invalidClientName',
      }),
    );
    expect((await daemon.call('thread/loaded/list', {})).error?.message).toBe('Not initialized');
    const { userAgent } = await daemon.request('initialize', { clientInfo });
    expect(userAgent).toMatch(/^my_ide\//);
  });
});

describe('a configuration that cannot be used', () => {
  const config = 'model = "x"\n\n[realtime]\n  version = "v9"\n';

  function warning(daemon: TestDaemon): object {
    const path = join(realpathSync(daemon.home), 'config.toml');
    return {
      method: 'configWarning',
      params: {
        summary: expect.stringMatching(/./),
        details: expect.stringContaining(`${path}:4:3: realtime.version: `),
        path,
        range: { start: { line: 4, column: 3 }, end: { line: 4, column: 9 } },
      },
    };
  }

  it('is told right after initialize, and the server runs', async () => {
    const daemon = await TestDaemon.open({ config });
    expect(await daemon.request('thread/loaded/list', {})).toEqual(NO_THREADS);
    expect(daemon.notifications()).toEqual([warning(daemon), REMOTE_CONTROL]);
  });

  it('keeps threads from starting until it is corrected', async () => {
    const daemon = await TestDaemon.open({ config });
    const { error } = await daemon.call('thread/start', {});
    expect(error).toEqual({
      code: -32600,
      message: expect.stringMatching(
        /^failed to load configuration: .*config\.toml:4:3: realtime\.version: /,
      ),
      data: { reason: 'configurationInvalid' },
    });
    rmSync(join(daemon.home, 'config.toml'));
    expect(await daemon.call('thread/start', {})).toHaveProperty('result.thread.id');
  });

  it('is named with the place of a syntax error', async () => {
    const daemon = await TestDaemon.open({ config: 'model = "x"\nmodel_provider =\n' });
    const path = join(realpathSync(daemon.home), 'config.toml');
    expect(await daemon.waitForNotification('configWarning')).toEqual({
      summary: expect.stringMatching(/./),
      details: expect.stringContaining(path),
      path,
      range: { start: { line: 2, column: 17 }, end: { line: 2, column: 17 } },
    });
  });

  it('has no place where it came from the command line', async () => {
    const daemon = await TestDaemon.open({ args: ['app-server', '-c', 'realtime.version=v9'] });
    expect(await daemon.waitForNotification('configWarning')).toEqual({
      summary: expect.stringMatching(/./),
      details: expect.stringMatching(/^-c realtime\.version: /),
    });
  });
});

describe('notifications that the client opted out of', () => {
  it('are not sent, from the first one on; others are', async () => {
    const daemon = await TestDaemon.open({
      config: 'model = 5',
      capabilities: {
        optOutNotificationMethods: ['configWarning', 'remoteControl/status/changed', 'no/such', 'thread/*'],
      },
    });
    expect(await daemon.request('account/logout')).toEqual({});
    await daemon.call('thread/loaded/list', {});
    expect(daemon.notifications()).toEqual([
      { method: 'account/updated', params: { authMode: null, planType: null } },
    ]);
  });

  it('may be those of threads, by their exact names', async () => {
    const daemon = await TestDaemon.open({
      capabilities: { optOutNotificationMethods: ['thread/started', 'account/login'] },
    });
    await daemon.startThread();
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: 'k' });
    await daemon.call('thread/loaded/list', {});
    expect(daemon.notifications().map(({ method }) => method)).toEqual([
      'remoteControl/status/changed',
      'account/login/completed',
      'account/updated',
    ]);
  });
});
