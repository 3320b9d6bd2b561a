import { existsSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';

interface StartResult {
  readonly thread: Readonly<Record<string, unknown>> & { readonly id: string };
  readonly [key: string]: unknown;
}

const READ_ROOT = { path: { type: 'special', value: { kind: 'root' } }, access: 'read' };

function managed(entries: object[], isNetworkEnabled = false): object {
  return {
    type: 'managed',
    network: { enabled: isNetworkEnabled },
    fileSystem: { type: 'restricted', entries: [READ_ROOT, ...entries] },
  };
}

const READ_ONLY = { type: 'readOnly', networkAccess: false };

/** What a start without parameters answers, with the places that differ from one to the next left open. */
function expectedStart(daemon: TestDaemon, id: string): object {
  const cwd = realpathSync('.');
  const home = realpathSync(daemon.home).replaceAll('.', String.raw`\.`);
  return {
    thread: {
      id,
      sessionId: id,
      forkedFromId: null,
      preview: '',
      ephemeral: false,
      modelProvider: 'openai',
      createdAt: expect.any(Number),
      updatedAt: expect.any(Number),
      status: { type: 'idle' },
      path: expect.stringMatching(
        new RegExp(
          String.raw`^${home}/sessions/\d{4}/\d\d/\d\d/rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-${id}\.jsonl$`,
        ),
      ),
      cwd,
      cliVersion: '0.130.0',
      source: 'vscode',
      threadSource: null,
      agentNickname: null,
      agentRole: null,
      gitInfo: null,
      name: null,
      turns: [],
    },
    model: expect.stringMatching(/./),
    modelProvider: 'openai',
    serviceTier: null,
    cwd,
    instructionSources: [],
    approvalPolicy: 'on-request',
    approvalsReviewer: 'user',
    sandbox: READ_ONLY,
    permissionProfile: managed([]),
    activePermissionProfile: null,
    reasoningEffort: null,
  };
}

describe('thread/start', () => {
  it('answers every key, and then tells everyone of the same thread', async () => {
    const daemon = await TestDaemon.open();
    const before = daemon.messages.length;
    const seconds = Math.floor(Date.now() / 1000);
    const { result } = await daemon.call('thread/start', {});
    await daemon.call('thread/loaded/list', {});
    const started = result as StartResult;
    expect(started.thread.id).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(started).toEqual(expectedStart(daemon, started.thread.id));
    expect(started.thread['createdAt']).toBeGreaterThanOrEqual(seconds);
    expect(started.thread['updatedAt']).toBe(started.thread['createdAt']);
    expect(existsSync(started.thread['path'] as string)).toBe(false);
    expect(daemon.messages.slice(before, -1).filter(({ method }) => !method?.startsWith('remote'))).toEqual([
      { id: expect.any(Number), result },
      { method: 'thread/started', params: { thread: started.thread } },
    ]);
    expect(daemon.messages.at(-1)?.result).toEqual({ data: [started.thread.id], nextCursor: null });
  });

  it('may be ephemeral, and then has no path', async () => {
    const daemon = await TestDaemon.open();
    const { thread } = await daemon.request<StartResult>('thread/start', { ephemeral: true });
    expect(thread).toMatchObject({ ephemeral: true, path: null });
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [thread.id], nextCursor: null });
    expect(await daemon.waitForNotification('thread/started')).toEqual({ thread });
  });

  it('resolves the working directory against its own', async () => {
    const daemon = await TestDaemon.open({ cwd: 'test' });
    const cases: readonly (readonly [unknown, string])[] = [
      [undefined, realpathSync('test')],
      [null, realpathSync('test')],
      ['server', resolve('test/server')],
      ['../src/./rpc/', resolve('src/rpc')],
      ['/', '/'],
      ['/no/such/place', '/no/such/place'],
    ];
    for (const [given, cwd] of cases) {
      const result = await daemon.request<StartResult>('thread/start', { cwd: given });
      expect([result.thread['cwd'], result['cwd']]).toEqual([cwd, cwd]);
    }
  });

  it('echoes what it was told, and accepts what it has no use for', async () => {
    const daemon = await TestDaemon.open();
    const { result } = await daemon.call('thread/start', {
      model: 'm',
      modelProvider: 'ollama',
      serviceTier: 'flex',
      approvalPolicy: 'never',
      approvalsReviewer: 'auto_review',
      sandbox: 'danger-full-access',
      threadSource: 'subagent',
      sessionStartSource: 'clear',
      serviceName: 'x',
      personality: 'friendly',
      baseInstructions: '',
      developerInstructions: '',
      config: { model_reasoning_effort: 'high' },
      environments: [],
      dynamicTools: [],
      experimentalRawEvents: false,
      later: { unknown: true },
    });
    const { thread } = result as StartResult;
    const expected = expectedStart(daemon, thread.id) as { thread: object };
    expect(result).toEqual({
      ...expected,
      thread: { ...expected.thread, modelProvider: 'ollama', threadSource: 'subagent' },
      model: 'm',
      modelProvider: 'ollama',
      serviceTier: 'flex',
      approvalPolicy: 'never',
      approvalsReviewer: 'auto_review',
      sandbox: { type: 'dangerFullAccess' },
      permissionProfile: { type: 'disabled' },
      reasoningEffort: 'high',
    });
  });

  it('keeps each policy apart, and fills in what the object form leaves out', async () => {
    const daemon = await TestDaemon.open();
    for (const approvalPolicy of ['untrusted', 'on-failure', 'on-request', 'never']) {
      const result = await daemon.request('thread/start', { approvalPolicy });
      expect(result['approvalPolicy']).toBe(approvalPolicy);
    }
    const granular = { sandbox_approval: true, rules: false, mcp_elicitations: true };
    const result = await daemon.request('thread/start', { approvalPolicy: { granular } });
    expect(result['approvalPolicy']).toEqual({
      granular: { ...granular, skill_approval: false, request_permissions: false },
    });
  });
});

describe('the sandbox of a thread', () => {
  const special = (value: object): object => ({ type: 'special', value });
  const projectRoots = (subpath: string | null, access: string): object => ({
    path: special({ kind: 'project_roots', subpath }),
    access,
  });
  const protectedFolders = ['.git', '.agents', '.codex'].map((subpath) => projectRoots(subpath, 'read'));

  it('may be read-only or absent', async () => {
    const daemon = await TestDaemon.open({ config: 'sandbox_mode = "danger-full-access"\n' });
    expect(await daemon.request('thread/start', { sandbox: 'read-only' })).toMatchObject({
      sandbox: READ_ONLY,
      permissionProfile: managed([]),
    });
    expect(await daemon.request('thread/start', { sandbox: null })).toMatchObject({
      sandbox: { type: 'dangerFullAccess' },
      permissionProfile: { type: 'disabled' },
    });
  });

  it('may open the workspace', async () => {
    const daemon = await TestDaemon.open();
    const memories = join(realpathSync(daemon.home), 'memories');
    const { sandbox, permissionProfile } = await daemon.request('thread/start', {
      sandbox: 'workspace-write',
    });
    expect(sandbox).toEqual({
      type: 'workspaceWrite',
      writableRoots: [memories],
      networkAccess: false,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: false,
    });
    expect(permissionProfile).toEqual(
      managed([
        projectRoots(null, 'write'),
        { path: special({ kind: 'slash_tmp' }), access: 'write' },
        { path: special({ kind: 'tmpdir' }), access: 'write' },
        ...protectedFolders,
        { path: { type: 'path', path: memories }, access: 'write' },
      ]),
    );
  });

  it('takes the details of an open workspace from the configuration', async () => {
    const daemon = await TestDaemon.open({
      config: `sandbox_mode = "workspace-write"
[sandbox_workspace_write]
writable_roots = ["/extra"]
network_access = true
exclude_tmpdir_env_var = true
exclude_slash_tmp = true
`,
    });
    const memories = join(realpathSync(daemon.home), 'memories');
    const { sandbox, permissionProfile } = await daemon.request('thread/start', {});
    expect(sandbox).toEqual({
      type: 'workspaceWrite',
      writableRoots: [memories, '/extra'],
      networkAccess: true,
      excludeTmpdirEnvVar: true,
      excludeSlashTmp: true,
    });
    expect(permissionProfile).toEqual(
      managed(
        [
          projectRoots(null, 'write'),
          ...protectedFolders,
          { path: { type: 'path', path: memories }, access: 'write' },
          { path: { type: 'path', path: '/extra' }, access: 'write' },
        ],
        true,
      ),
    );
  });
});

describe('the configuration of a thread', () => {
  const config = 'model = "file"\nservice_tier = "fast"\n[profiles.p]\nmodel = "profile"\n';

  it('comes from the file, the command line, the request, and the parameters, the last winning', async () => {
    const daemon = await TestDaemon.open({ config });
    const model = async (on: TestDaemon, params: object): Promise<unknown> =>
      (await on.request('thread/start', params))['model'];
    expect(await model(daemon, {})).toBe('file');
    expect(await model(daemon, { config: { profile: 'p' } })).toBe('profile');
    const overridden = await TestDaemon.open({
      config,
      args: ['-c', 'model=line', 'app-server', '-c', 'x=1'],
    });
    expect(await model(overridden, {})).toBe('line');
    expect(await model(overridden, { config: { model: 'request' } })).toBe('request');
    expect(await model(overridden, { config: { model: 'request' }, model: 'parameter' })).toBe('parameter');
    expect(await model(overridden, { config: null, model: null })).toBe('line');
  });

  it('may be given under dotted and nested names', async () => {
    const daemon = await TestDaemon.open();
    const network = async (given: object): Promise<unknown> => {
      const { sandbox } = await daemon.request('thread/start', { sandbox: 'workspace-write', config: given });
      return (sandbox as { networkAccess: boolean }).networkAccess;
    };
    expect(await network({ 'sandbox_workspace_write.network_access': true })).toBe(true);
    expect(await network({ sandbox_workspace_write: { network_access: true } })).toBe(true);
    expect(await network({ unknown: { key: [1] } })).toBe(false);
  });

  it('keeps the service tier unless the request clears it', async () => {
    const daemon = await TestDaemon.open({ config });
    const tier = async (params: object): Promise<unknown> =>
      (await daemon.request('thread/start', params))['serviceTier'];
    expect(await tier({})).toBe('fast');
    expect(await tier({ serviceTier: null })).toBe(null);
    expect(await tier({ serviceTier: 'flex' })).toBe('flex');
  });

  it('is refused with the key that is wrong, and nothing is started', async () => {
    const daemon = await TestDaemon.open({ config });
    const cases: readonly (readonly [object, string])[] = [
      [{ modelProvider: 'nope' }, 'Model provider `nope` not found'],
      [{ config: { model_provider: 'nope' } }, 'Model provider `nope` not found'],
      [{ config: { model: 5 } }, 'config of the request: model: expected a string, found a whole number'],
      [{ config: { profile: 'q' } }, 'config of the request: profile: '],
      [{ config: { 'realtime.version': 'v9' } }, 'config of the request: realtime.version: '],
    ];
    for (const [params, reason] of cases) {
      const { error } = await daemon.call('thread/start', params);
      expect(error, reason).toEqual({
        code: -32600,
        message: expect.stringContaining(`failed to load configuration: ${reason}`),
        data: { reason: 'configurationInvalid' },
      });
    }
    expect(await daemon.request('thread/loaded/list', {})).toEqual({ data: [], nextCursor: null });
    expect(daemon.notifications('thread/')).toEqual([]);
  });

  it('is read again for each thread', async () => {
    const daemon = await TestDaemon.open({ config });
    await daemon.startThread();
    writeFileSync(join(daemon.home, 'config.toml'), 'model = "edited"\n');
    expect((await daemon.request('thread/start', {}))['model']).toBe('edited');
  });
});
