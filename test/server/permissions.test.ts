import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { call, exec, hasSandbox, openActing, wholeCalls } from './acting.ts';
import { endOf, openThread, refused, wholeTurn } from './turns.ts';

const READ_ROOT = { path: { type: 'special', value: { kind: 'root' } }, access: 'read' };
const READ_ONLY = { type: 'readOnly', networkAccess: false };

function active(id: string, modifications: object[] = []): object {
  return { id, extends: null, modifications };
}

function profile(id: string, ...roots: string[]): object {
  const modifications = roots.map((path) => ({ type: 'additionalWritableRoot', path }));
  return { type: 'profile', id, ...(roots.length === 0 ? {} : { modifications }) };
}

function workspace(daemon: TestDaemon, ...roots: string[]): object {
  return {
    type: 'workspaceWrite',
    writableRoots: [join(daemon.home, 'memories'), ...roots],
    networkAccess: false,
    excludeTmpdirEnvVar: false,
    excludeSlashTmp: false,
  };
}

interface Answer {
  readonly thread: { readonly id: string };
  readonly sandbox: unknown;
  readonly permissionProfile: unknown;
  readonly activePermissionProfile: unknown;
}

/** The members of an answer that tell what commands may touch. */
async function start(daemon: TestDaemon, params: object): Promise<object> {
  const answer = await daemon.request<Answer>('thread/start', params);
  const { activePermissionProfile, permissionProfile, sandbox } = answer;
  return { activePermissionProfile, permissionProfile, sandbox };
}

function refusal(message: string): object {
  return { error: refused(expect.any(String), message), id: expect.any(Number) };
}

describe('permissions of thread/start', () => {
  it('select one of the built-in profiles, whatever is configured', async () => {
    const daemon = await TestDaemon.open({ config: 'sandbox_mode = "danger-full-access"' });
    expect(await start(daemon, {})).toEqual({
      activePermissionProfile: null,
      permissionProfile: { type: 'disabled' },
      sandbox: { type: 'dangerFullAccess' },
    });
    expect(await start(daemon, { permissions: profile(':read-only') })).toEqual({
      activePermissionProfile: active(':read-only'),
      permissionProfile: {
        type: 'managed',
        network: { enabled: false },
        fileSystem: { type: 'restricted', entries: [READ_ROOT] },
      },
      sandbox: READ_ONLY,
    });
    expect(await start(daemon, { permissions: profile(':workspace') })).toMatchObject({
      activePermissionProfile: active(':workspace'),
      sandbox: workspace(daemon),
    });
    for (const id of [':danger-full-access', ':danger-no-sandbox']) {
      expect(await start(daemon, { permissions: profile(id) })).toEqual({
        activePermissionProfile: active(id),
        permissionProfile: { type: 'disabled' },
        sandbox: { type: 'dangerFullAccess' },
      });
    }
  });

  it('add writable folders to a profile', async () => {
    const daemon = await TestDaemon.open();
    const root = { type: 'additionalWritableRoot', path: '/data' };
    expect(await start(daemon, { permissions: profile(':workspace', '/data') })).toMatchObject({
      activePermissionProfile: active(':workspace', [root]),
      sandbox: workspace(daemon, '/data'),
    });
  });

  it('select a profile of the user’s own', async () => {
    const config = `
[permissions.docs]
extends = ":workspace"
network.enabled = true
[permissions.docs.filesystem]
"/docs" = "write"
`;
    const daemon = await TestDaemon.open({ config });
    expect(await start(daemon, { permissions: profile('docs') })).toMatchObject({
      activePermissionProfile: { id: 'docs', extends: ':workspace', modifications: [] },
      sandbox: {
        type: 'workspaceWrite',
        writableRoots: ['/docs'],
        networkAccess: true,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      },
    });
  });

  it('are refused where they cannot be, and nothing is started', async () => {
    const config = 'sandbox_mode = "danger-full-access"';
    const daemon = await TestDaemon.open({ config });
    const failed = 'failed to load configuration: ';
    for (const [params, message] of [
      [
        { permissions: profile(':read-only'), sandbox: 'danger-full-access' },
        '`permissions` cannot be combined with `sandbox`',
      ],
      [
        { permissions: profile('nope') },
        `${failed}default_permissions requires a \`[permissions]\` table; there is none for \`nope\``,
      ],
      [
        { permissions: profile(':nope') },
        `${failed}unknown built-in profile \`:nope\`; those that are there are \`:read-only\`, \`:workspace\`, \`:danger-full-access\`, \`:danger-no-sandbox\``,
      ],
      [
        { permissions: profile(':read-only', '/data') },
        `${failed}permission profile \`:read-only\`: a folder cannot be made writable where the working directory is read-only; use a profile in which that is writable`,
      ],
      [
        { permissions: profile(':workspace', 'data') },
        `${failed}permission profile \`:workspace\`: the writable root \`data\` is not an absolute path`,
      ],
      [
        { permissions: profile(':workspace', '/data', '/data\0') },
        '`permissions.modifications[1].path` has a NUL character',
      ],
    ] as const) {
      expect(await daemon.call('thread/start', params)).toEqual(refusal(message));
    }
    expect((await daemon.request('thread/loaded/list', {}))['data']).toEqual([]);
  });

  it('take the place of default_permissions, which count where nothing else is said', async () => {
    const daemon = await TestDaemon.open({ config: 'default_permissions = ":workspace"' });
    expect(await start(daemon, {})).toMatchObject({
      activePermissionProfile: active(':workspace'),
      sandbox: workspace(daemon),
    });
    expect(await start(daemon, { permissions: profile(':read-only') })).toMatchObject({
      activePermissionProfile: active(':read-only'),
      sandbox: READ_ONLY,
    });
    expect(await start(daemon, { sandbox: 'danger-full-access' })).toMatchObject({
      activePermissionProfile: null,
      sandbox: { type: 'dangerFullAccess' },
    });
  });
});

it('default_permissions that cannot be kept to are told, and no thread starts', async () => {
  const config = 'default_permissions = "own"\n[permissions.own.filesystem]\n"/secret" = "none"';
  const daemon = await TestDaemon.open({ config });
  const cause = `${join(daemon.home, 'config.toml')}:1:1: default_permissions: permission profile \`own\`: reading cannot be denied for \`/secret\``;
  expect(await daemon.waitForNotification('configWarning')).toMatchObject({ details: cause });
  expect(await daemon.call('thread/start', {})).toEqual(refusal(`failed to load configuration: ${cause}`));
});

describe('permissions of thread/resume and thread/fork', () => {
  it.each(['thread/resume', 'thread/fork'])('of %s select a profile', async (method) => {
    const opened = await openThread({ top: 'sandbox_mode = "danger-full-access"' });
    const { daemon, threadId } = opened;
    await wholeTurn(opened, 'hello');
    await daemon.request('thread/unsubscribe', { threadId });
    await daemon.stop();
    const again = await TestDaemon.open({ home: daemon.home });
    const combined = { threadId, permissions: profile(':read-only'), sandbox: 'read-only' };
    expect(await again.call(method, combined)).toEqual(
      refusal('`permissions` cannot be combined with `sandbox`'),
    );
    const unknown = await again.call(method, { threadId, permissions: profile('nope') });
    expect(unknown.error?.message).toContain('there is none for `nope`');
    expect(await again.request(method, { threadId, permissions: profile(':read-only') })).toMatchObject({
      activePermissionProfile: active(':read-only'),
      sandbox: READ_ONLY,
    });
  });
});

describe('permissions of turn/start', () => {
  it('hold for later turns too, until a sandbox policy takes their place', async () => {
    const opened = await openThread({ top: 'sandbox_mode = "danger-full-access"' });
    const { daemon, threadId, upstream } = opened;
    const told = async (): Promise<object> => {
      const { activePermissionProfile, sandbox } = await daemon.request<Answer>('thread/resume', {
        threadId,
      });
      return { activePermissionProfile, sandbox };
    };
    await wholeTurn(opened, 'first', { permissions: profile(':read-only') });
    expect(JSON.stringify(upstream.requests[0]?.input)).toContain('`sandbox_mode` is `read-only`');
    await wholeTurn(opened, 'second');
    expect(await told()).toEqual({ activePermissionProfile: active(':read-only'), sandbox: READ_ONLY });
    await wholeTurn(opened, 'third', { sandboxPolicy: { type: 'dangerFullAccess' } });
    expect(await told()).toEqual({ activePermissionProfile: null, sandbox: { type: 'dangerFullAccess' } });
  });

  it('are refused where they cannot be, and no turn starts', async () => {
    const { daemon, threadId } = await openThread();
    const before = daemon.messages.length;
    const turn = { threadId, input: [{ type: 'text', text: 'hello' }] };
    expect(
      await daemon.call('turn/start', {
        ...turn,
        permissions: profile(':read-only'),
        sandboxPolicy: { type: 'readOnly' },
      }),
    ).toEqual(refusal('`permissions` cannot be combined with `sandboxPolicy`'));
    expect(await daemon.call('turn/start', { ...turn, permissions: profile('nope') })).toEqual(
      refusal(
        'failed to load configuration: default_permissions requires a `[permissions]` table; there is none for `nope`',
      ),
    );
    expect(daemon.messages).toHaveLength(before + 2);
  });

  it.skipIf(!hasSandbox())('keep commands from writing where the configuration would let them', async () => {
    const acting = await openActing();
    const { folder } = acting;
    await wholeCalls(acting, [exec('touch one'), call('shell', { command: ['touch', 'two'] }, 'c2')], {
      permissions: profile(':read-only'),
    });
    const next = [exec('touch three', {}, 'c3')];
    const { turnId } = await wholeCalls(acting, next, { permissions: profile(':workspace') });
    await endOf(acting.daemon, turnId);
    expect(['one', 'two', 'three'].map((name) => existsSync(join(folder, name)))).toEqual([
      false,
      false,
      true,
    ]);
  });
});
