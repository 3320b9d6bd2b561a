import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestDaemon } from '../support/daemon.ts';
import { testFolder } from '../support/folder.ts';

function writeSkill(place: string, folder: string, text: string | null): string {
  const path = join(place, folder, 'SKILL.md');
  mkdirSync(join(place, folder), { recursive: true });
  if (text !== null) writeFileSync(path, text);
  return path;
}

function head(name: string, description: string): string {
  return `---\nname: ${name}\ndescription: ${description}\n---\n# ${name}\n`;
}

function skill(name: string, description: string, path: string, scope: string): object {
  return {
    name,
    description,
    shortDescription: null,
    interface: null,
    dependencies: null,
    path,
    scope,
    enabled: true,
  };
}

describe('skills/list', () => {
  it('has nothing where there are no skills', async () => {
    const cwd = testFolder();
    const daemon = await TestDaemon.open({ cwd });
    const nothing = (place: string): object => ({ cwd: place, skills: [], errors: [] });
    expect(await daemon.request('skills/list', {})).toEqual({ data: [nothing(cwd)] });
    expect(await daemon.request('skills/list', { cwds: [], forceReload: true })).toEqual({
      data: [nothing(cwd)],
    });
    expect(await daemon.request('skills/list', { cwds: ['/nowhere', '.', '/nowhere'] })).toEqual({
      data: [nothing('/nowhere'), nothing('.'), nothing('/nowhere')],
    });
  });

  it('reads the skills of the repository and of the user, as they are now', async () => {
    const cwd = testFolder();
    const daemon = await TestDaemon.open({ cwd });
    const own = writeSkill(join(cwd, '.codex/skills'), 'b', head('build', 'Builds: all of it'));
    const user = writeSkill(join(daemon.home, 'skills'), 'a', head('"ask \\"me\\""', "'It''s asked' "));
    const skills = [
      skill('build', 'Builds: all of it', own, 'repo'),
      skill('ask "me"', "It's asked", user, 'user'),
    ];
    const cwds = [cwd, '/nowhere'];
    expect(await daemon.request('skills/list', { cwds })).toEqual({
      data: [
        { cwd, skills, errors: [] },
        { cwd: '/nowhere', skills: skills.slice(1), errors: [] },
      ],
    });
    rmSync(own);
    expect(await daemon.request('skills/list', { cwds: ['.'] })).toEqual({
      data: [{ cwd: '.', skills: skills.slice(1), errors: [] }],
    });
  });

  it('tells what it cannot use, and goes on', async () => {
    const cwd = testFolder();
    const place = join(cwd, '.codex/skills');
    const cases: readonly (readonly [string, string | null, string | null])[] = [
      ['a-empty', '', 'there is no front matter between two lines of `---`'],
      ['b-open', '---\nname: x\n', 'there is no front matter between two lines of `---`'],
      ['c-nameless', '---\ndescription: x\n---\n', 'the front matter has no `name`'],
      ['d-blank', '---\nname: x\ndescription: ""\n---\n', '`description` is empty'],
      ['e-list', '---\nname: x\ndescription:\n  - long\n---\n', '`description` is not a text'],
      ['f-quote', '---\nname: "x\ndescription: y\n---\n', '`name` is not a text'],
      ['g-none', null, null],
      ['h-good', '\uFEFF---\r\nother: 1\r\nname: x # remark\r\ndescription: y\r\n---\r\n', null],
      ['.hidden', head('hidden', 'hidden'), null],
    ];
    const errors = cases.flatMap(([name, text, message]) => {
      const path = writeSkill(place, name, text);
      return message === null ? [] : [{ path, message }];
    });
    const folder = writeSkill(place, 'i-folder', null);
    mkdirSync(folder);
    writeFileSync(join(place, 'README.md'), 'not a folder');
    const daemon = await TestDaemon.open({ cwd });
    expect(await daemon.request('skills/list', {})).toEqual({
      data: [
        {
          cwd,
          skills: [skill('x', 'y', join(place, 'h-good', 'SKILL.md'), 'repo')],
          errors: [...errors, { path: folder, message: 'not a regular file' }],
        },
      ],
    });
  });

  it('lists the skills of the home directory once', async () => {
    const parent = testFolder();
    const home = join(parent, '.codex');
    const path = writeSkill(join(home, 'skills'), 'a', head('a', 'A'));
    const daemon = await TestDaemon.open({ cwd: parent, env: { CODEX_HOME: home } });
    expect(await daemon.request('skills/list', {})).toEqual({
      data: [{ cwd: parent, skills: [skill('a', 'A', path, 'user')], errors: [] }],
    });
  });
});

describe('hooks/list', () => {
  it('has none, for each working directory', async () => {
    const cwd = testFolder();
    const daemon = await TestDaemon.open({ cwd });
    const none = (place: string): object => ({ cwd: place, hooks: [], warnings: [], errors: [] });
    expect(await daemon.request('hooks/list', {})).toEqual({ data: [none(cwd)] });
    expect(await daemon.request('hooks/list', { cwds: ['/a', '/b'] })).toEqual({
      data: [none('/a'), none('/b')],
    });
  });
});

describe('experimentalFeature/list', () => {
  const compression = {
    name: 'enable_request_compression',
    stage: 'stable',
    displayName: 'Compressed requests',
    description: 'Compress model requests to OpenAI made with a ChatGPT login.',
    announcement: null,
    enabled: true,
    defaultEnabled: true,
  };
  const voice = {
    name: 'realtime_conversation',
    stage: 'stable',
    displayName: 'Voice conversation',
    description: 'Speak with a thread, and let it speak, over a realtime session.',
    announcement: null,
    enabled: true,
    defaultEnabled: true,
  };

  it.each([
    ['', true],
    ['features.realtime_conversation = false', false],
    ['features.realtime_conversation = true\nfeatures.goals = true', true],
    ['model = 5', true],
  ])('with the configuration %j', async (config, enabled) => {
    const daemon = await TestDaemon.open({ config });
    expect(await daemon.request('experimentalFeature/list', {})).toEqual({
      data: [compression, { ...voice, enabled }],
      nextCursor: null,
    });
  });

  it('lists page by page', async () => {
    const daemon = await TestDaemon.open();
    expect(await daemon.request('experimentalFeature/list', { cursor: '1', limit: 5 })).toEqual({
      data: [voice],
      nextCursor: null,
    });
    expect((await daemon.call('experimentalFeature/list', { cursor: '3' })).error).toEqual({
      code: -32600,
      message: 'invalid cursor: 3',
      data: { reason: 'invalidCursor' },
    });
  });
});

describe('collaborationMode/list', () => {
  it('has the two modes', async () => {
    const daemon = await TestDaemon.open();
    expect(await daemon.request('collaborationMode/list', {})).toEqual({
      data: [
        { name: 'Plan', mode: 'plan', model: null, reasoning_effort: 'medium' },
        { name: 'Default', mode: 'default', model: null, reasoning_effort: null },
      ],
    });
  });

  it('is experimental', async () => {
    const daemon = await TestDaemon.open({ capabilities: null });
    expect((await daemon.call('collaborationMode/list', {})).error).toEqual({
      code: -32600,
      message: 'collaborationMode/list requires experimentalApi capability',
      data: { reason: 'experimentalApiRequired', feature: 'collaborationMode/list' },
    });
  });
});

describe('mcpServerStatus/list', () => {
  it('has no servers', async () => {
    const daemon = await TestDaemon.open();
    const none = { data: [], nextCursor: null };
    expect(await daemon.request('mcpServerStatus/list', {})).toEqual(none);
    expect(
      await daemon.request('mcpServerStatus/list', { cursor: '0', limit: 1, detail: 'toolsAndAuthOnly' }),
    ).toEqual(none);
    expect((await daemon.call('mcpServerStatus/list', { cursor: 'x' })).error?.message).toBe(
      'invalid cursor: x',
    );
  });
});

describe('account/rateLimits/read', () => {
  const refusal = {
    code: -32600,
    message: 'codex account authentication required to read rate limits',
    data: { reason: 'accountError' },
  };

  it('needs a login', async () => {
    const daemon = await TestDaemon.open();
    expect((await daemon.call('account/rateLimits/read')).error).toEqual(refusal);
    await daemon.request('account/login/start', { type: 'apiKey', apiKey: 'sk-1' });
    expect(await daemon.request('account/rateLimits/read', null)).toEqual({
      rateLimits: {
        limitId: 'codex',
        limitName: null,
        primary: null,
        secondary: null,
        credits: null,
        planType: null,
        rateLimitReachedType: null,
      },
      rateLimitsByLimitId: null,
    });
    await daemon.request('account/logout');
    expect((await daemon.call('account/rateLimits/read')).error).toEqual(refusal);
  });

  it('has no params', async () => {
    const daemon = await TestDaemon.open();
    expect((await daemon.call('account/rateLimits/read', {})).error?.message).toBe(
      'Invalid request: invalid type: map, expected unit',
    );
  });
});
