import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/core/config/index.ts';
import { resolvePermissions } from '../../../src/core/permissions/resolve-permissions.ts';
import type { SandboxPolicy } from '../../../src/protocol/index.ts';
import { WORKSPACE } from '../../support/sandbox-policy.ts';
import { configOf, errorOf } from '../config/home.ts';

function selected(permissions: Config['permissions']): string | null {
  return permissions?.id ?? null;
}

function profile(lines: string): string {
  return `default_permissions = "own"\n[permissions.own.filesystem]\n${lines}`;
}

/** What the profile that the configuration names comes to. */
function policyOf(user: string): SandboxPolicy {
  const config = configOf({ user });
  const outcome = config.permissions === null ? null : resolvePermissions(config.permissions, config);
  if (outcome?.ok !== true || !('policy' in outcome.permissions.sandbox)) throw new Error('no policy');
  return outcome.permissions.sandbox.policy;
}

const WORKSPACE_LINES = '":root" = "read"\n":project_roots" = "write"\n';

describe('the permission profile in effect', () => {
  it.each([
    ['none', { user: 'sandbox_mode = "read-only"' }, null],
    ['that of the file', { user: 'default_permissions = ":workspace"' }, ':workspace'],
    [
      'the profile, where one layer has both',
      { user: 'sandbox_mode = "danger-full-access"\ndefault_permissions = ":read-only"' },
      ':read-only',
    ],
    [
      'none, where a higher layer names a mode',
      { user: 'default_permissions = ":read-only"', overrides: ['sandbox_mode=workspace-write'] },
      null,
    ],
    [
      'that of the higher layer',
      {
        user: 'sandbox_mode = "danger-full-access"',
        threadConfig: { default_permissions: ':read-only' },
      },
      ':read-only',
    ],
    [
      'that of a profile of the configuration',
      {
        user: 'profile = "p"\nsandbox_mode = "danger-full-access"\n[profiles.p]\ndefault_permissions = ":read-only"',
      },
      ':read-only',
    ],
    [
      'none, where the request names a mode',
      { user: 'default_permissions = ":read-only"', typed: { sandboxMode: 'workspace-write' as const } },
      null,
    ],
    [
      'that of the request',
      {
        user: 'default_permissions = ":workspace"',
        typed: { permissions: { type: 'profile' as const, id: ':read-only' } },
      },
      ':read-only',
    ],
  ])('is %s', (_case, setting, id) => {
    expect(selected(configOf(setting).permissions)).toBe(id);
  });
});

describe('a permission profile of the user', () => {
  it.each<[string, string, SandboxPolicy]>([
    ['reads only', profile('":root" = "read"'), { type: 'readOnly', networkAccess: false }],
    [
      'reads only, with the network',
      `${profile('":root" = "read"\n":minimal" = "read"\n"/etc" = "read"')}\n[permissions.own.network]\nenabled = true`,
      { type: 'readOnly', networkAccess: true },
    ],
    ['writes in the working directory', profile(WORKSPACE_LINES), WORKSPACE],
    [
      'writes in other folders too',
      profile(`${WORKSPACE_LINES}":slash_tmp" = "write"\n":tmpdir" = "write"\n"/data" = "write"`),
      { ...WORKSPACE, writableRoots: ['/data'], excludeSlashTmp: false, excludeTmpdirEnvVar: false },
    ],
    [
      'says what is read-only anyway',
      profile('":root" = "read"\n":project_roots" = { "." = "write", ".git" = "read" }'),
      WORKSPACE,
    ],
    [
      'builds upon a built-in one',
      `${profile('":slash_tmp" = "read"\n"/data" = "write"')}\n[permissions.own]\nextends = ":workspace"\ndescription = "mine"`,
      { ...WORKSPACE, writableRoots: ['/data'], excludeTmpdirEnvVar: false },
    ],
    [
      'builds upon another one',
      'default_permissions = "own"\n[permissions.own]\nextends = "base"\n[permissions.base]\nextends = ":read-only"\nnetwork.enabled = true',
      { type: 'readOnly', networkAccess: true },
    ],
  ])('%s', (_case, user, policy) => {
    expect(policyOf(user)).toEqual(policy);
  });

  it.each([
    [
      'nothing that is read',
      profile('":project_roots" = "write"'),
      'commands can read every file here, so `:root` has to be "read"',
    ],
    [
      'every file',
      profile('":root" = "write"'),
      'commands can read every file here, so `:root` has to be "read"',
    ],
    [
      'files that are not read',
      profile(`${WORKSPACE_LINES}"/secret" = "none"`),
      'reading cannot be denied for `/secret`',
    ],
    [
      'a pattern that is not read',
      profile('":root" = "read"\n":project_roots" = { "." = "write", "**/*.env" = "none" }'),
      'reading cannot be denied for `:project_roots **/*.env`',
    ],
    [
      'a folder that is read-only in one that is not',
      profile('":root" = "read"\n":project_roots" = { "." = "write", "docs" = "read" }'),
      '`:project_roots docs` cannot be kept read-only beside what is writable',
    ],
    [
      'a part of the working directory',
      profile('":root" = "read"\n":project_roots" = { "src" = "write" }'),
      '`:project_roots src` cannot be made writable by itself',
    ],
    [
      'a folder, but not the working directory',
      profile('":root" = "read"\n"/data" = "write"'),
      'a folder cannot be made writable where the working directory is read-only; use a profile in which that is writable',
    ],
    [
      'a home',
      profile(`${WORKSPACE_LINES}"~/x" = "write"`),
      '`~/x` is no absolute path, and cannot be made writable',
    ],
    [
      'a pattern',
      profile(`${WORKSPACE_LINES}"/a/*" = "write"`),
      '`/a/*` is a pattern, and cannot be made writable',
    ],
    [
      'some hosts',
      `${profile(WORKSPACE_LINES)}\n[permissions.own.network]\nenabled = true\nallowed_domains = ["example.com"]`,
      '`network.allowed_domains` cannot be kept to here',
    ],
    [
      'a key of its own',
      `${profile(WORKSPACE_LINES)}\n[permissions.own.other]`,
      '`other` cannot be kept to here',
    ],
    [
      'itself',
      'default_permissions = "own"\n[permissions.own]\nextends = "two"\n[permissions.two]\nextends = "own"',
      'it builds upon itself by `own`',
    ],
    [
      'full access',
      'default_permissions = "own"\n[permissions.own]\nextends = ":danger-full-access"',
      'it cannot build upon `:danger-full-access`',
    ],
  ])('with %s is refused', (_case, user, cause) => {
    expect(errorOf({ user })).toEqual({
      message: `$USER:1:1: default_permissions: permission profile \`own\`: ${cause}`,
      file: '$USER',
      line: 1,
      column: 1,
      endColumn: 19,
      key: 'default_permissions',
    });
  });

  it('that is refused does no harm while it is not selected', () => {
    const user = '[permissions.own.filesystem]\n"/secret" = "none"\nglob_scan_max_depth = 3';
    const config = configOf({ user });
    expect(config.permissions).toBeNull();
    expect(config.permissionProfiles.get('own')).toEqual({
      extends: null,
      entries: [{ path: '/secret', within: null, access: 'none' }],
      networkAccess: null,
      foreignKeys: [],
    });
  });

  it.each([
    ['[permissions]\nown = 1', '$USER:2:1: permissions.own: expected a table'],
    [
      '[permissions.own.filesystem]\n"/a" = "all"',
      '$USER:2:1: permissions.own.filesystem."/a": expected one of "read", "write", "none"',
    ],
    [
      '[permissions.own.network]\nenabled = "yes"',
      '$USER:2:1: permissions.own.network.enabled: expected true or false, found a string',
    ],
  ])('that is no profile is an error: %s', (user, message) => {
    expect(errorOf({ user }).message).toBe(message);
  });
});

describe('a permission profile that is not there', () => {
  it.each([
    [
      'default_permissions = ":nope"',
      'unknown built-in profile `:nope`; those that are there are `:read-only`, `:workspace`, `:danger-full-access`, `:danger-no-sandbox`',
    ],
    [
      'default_permissions = "nope"',
      'default_permissions requires a `[permissions]` table; there is none for `nope`',
    ],
    [
      'default_permissions = "nope"\n[permissions.own]',
      'unknown permission profile `nope`; there is no table for it in [permissions]',
    ],
  ])('is an error: %s', (user, message) => {
    expect(errorOf({ user }).message).toBe(`$USER:1:1: default_permissions: ${message}`);
  });
});
