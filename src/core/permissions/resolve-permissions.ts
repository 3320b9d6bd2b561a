import { isAbsolute } from 'node:path';
import { PROTECTED_FOLDERS } from '../../exec/index.ts';
import type { PermissionProfileSelectionParams, SandboxMode, SandboxPolicy } from '../../protocol/index.ts';
import type { Config, PermissionProfileSettings, ProfileEntry } from '../config/config.ts';

/** The profiles that are always there, with the mode that each is another name for. */
const BUILT_IN: ReadonlyMap<string, SandboxMode> = new Map([
  [':read-only', 'read-only'],
  [':workspace', 'workspace-write'],
  [':danger-full-access', 'danger-full-access'],
  // The same by the name that the reference gave it first.
  [':danger-no-sandbox', 'danger-full-access'],
]);

/** What a permission profile comes to. */
export interface ResolvedPermissions {
  /** A mode, with the details that are configured for it, or a policy that the profile spells out. */
  readonly sandbox: { readonly mode: SandboxMode } | { readonly policy: SandboxPolicy };
  /** The profile that it builds upon; null where there is none. */
  readonly extends: string | null;
  /** Folders that the selection adds, absolute. */
  readonly writableRoots: readonly string[];
}

export type ResolveOutcome =
  | { readonly ok: true; readonly permissions: ResolvedPermissions }
  | { readonly ok: false; readonly message: string };

type Profiles = Pick<Config, 'permissionProfiles'>;

/**
 * Finds out what a selected permission profile lets commands touch. What the sandbox cannot keep to is refused, so that commands
 * never have more rights than the profile gives.
 */
export function resolvePermissions(
  { id, modifications }: PermissionProfileSelectionParams,
  { permissionProfiles }: Profiles,
): ResolveOutcome {
  const mode = BUILT_IN.get(id);
  const writableRoots = (modifications ?? []).map(({ path }) => path);
  const relative = writableRoots.find((path) => !isAbsolute(path));
  if (relative !== undefined) return failure(id, `the writable root \`${relative}\` is not an absolute path`);
  if (mode !== undefined) {
    if (mode === 'read-only' && writableRoots.length > 0) return failure(id, ROOTS_WITHOUT_WORKSPACE);
    return { ok: true, permissions: { sandbox: { mode }, extends: null, writableRoots } };
  }
  const profile = permissionProfiles.get(id);
  if (profile === undefined) return unknownProfile(id, permissionProfiles);
  const rules = inherited(id, profile, permissionProfiles, []);
  if (typeof rules === 'string') return failure(id, rules);
  const policy = policyOf(rules);
  if (typeof policy === 'string') return failure(id, policy);
  if (policy.type === 'readOnly' && writableRoots.length > 0) return failure(id, ROOTS_WITHOUT_WORKSPACE);
  return { ok: true, permissions: { sandbox: { policy }, extends: profile.extends, writableRoots } };
}

const ROOTS_WITHOUT_WORKSPACE =
  'a folder cannot be made writable where the working directory is read-only; use a profile in which that is writable';

function failure(id: string, cause: string): ResolveOutcome {
  return { ok: false, message: `permission profile \`${id}\`: ${cause}` };
}

function unknownProfile(id: string, profiles: Config['permissionProfiles']): ResolveOutcome {
  if (id.startsWith(':')) {
    const known = [...BUILT_IN.keys()].map((name) => `\`${name}\``).join(', ');
    return { ok: false, message: `unknown built-in profile \`${id}\`; those that are there are ${known}` };
  }
  return profiles.size === 0
    ? {
        ok: false,
        message: `default_permissions requires a \`[permissions]\` table; there is none for \`${id}\``,
      }
    : {
        ok: false,
        message: `unknown permission profile \`${id}\`; there is no table for it in [permissions]`,
      };
}

/** What a profile says, together with what it builds upon. */
interface Rules {
  /** By `keyOf`. */
  readonly entries: ReadonlyMap<string, ProfileEntry>;
  readonly networkAccess: boolean;
}

const NOTHING: Rules = { entries: new Map(), networkAccess: false };

const READ_ONLY: Rules = rulesOf([{ path: ':root', within: null, access: 'read' }], false);

const WORKSPACE: Rules = rulesOf(
  [
    ...READ_ONLY.entries.values(),
    ...[':project_roots', ':slash_tmp', ':tmpdir'].map((path) => ({
      path,
      within: null,
      access: 'write' as const,
    })),
  ],
  false,
);

function rulesOf(entries: readonly ProfileEntry[], networkAccess: boolean): Rules {
  return { entries: new Map(entries.map((entry) => [keyOf(entry), entry])), networkAccess };
}

function keyOf({ path, within }: ProfileEntry): string {
  return JSON.stringify([path, within]);
}

/** A sentence that says why not, where a profile builds upon something that it cannot build upon. */
function inherited(
  id: string,
  profile: PermissionProfileSettings,
  profiles: Config['permissionProfiles'],
  below: readonly string[],
): Rules | string {
  const [foreign] = profile.foreignKeys;
  if (foreign !== undefined) return `\`${foreign}\` cannot be kept to here`;
  const base = baseOf(id, profile, profiles, below);
  if (typeof base === 'string') return base;
  const own = profile.entries.map((entry) => [keyOf(entry), entry] as const);
  return {
    entries: new Map([...base.entries, ...own]),
    networkAccess: profile.networkAccess ?? base.networkAccess,
  };
}

function baseOf(
  id: string,
  { extends: name }: PermissionProfileSettings,
  profiles: Config['permissionProfiles'],
  below: readonly string[],
): Rules | string {
  if (name === null) return NOTHING;
  if (name === ':read-only') return READ_ONLY;
  if (name === ':workspace') return WORKSPACE;
  const parent = profiles.get(name);
  if (parent === undefined) return `it cannot build upon \`${name}\``;
  if (name === id || below.includes(name)) return `it builds upon itself by \`${name}\``;
  return inherited(name, parent, profiles, [...below, id]);
}

/** The policy that comes to the same, or a sentence that says what no policy can express. */
function policyOf({ entries, networkAccess }: Rules): SandboxPolicy | string {
  const denied = [...entries.values()].find(({ access }) => access === 'none');
  if (denied !== undefined) return `reading cannot be denied for ${nameOf(denied)}`;
  const rest = new Map(entries);
  const takeWhole = (path: string): ProfileEntry['access'] | null => {
    const key = keyOf({ path, within: null, access: 'read' });
    const access = rest.get(key)?.access ?? null;
    rest.delete(key);
    return access;
  };
  if (takeWhole(':root') !== 'read') {
    return 'commands can read every file here, so `:root` has to be "read"';
  }
  const isWorkspaceWritable = takeWhole(':project_roots') === 'write';
  const hasSlashTmp = takeWhole(':slash_tmp') === 'write';
  const hasTmpdir = takeWhole(':tmpdir') === 'write';
  const writableRoots: string[] = [];
  const hasWritable = isWorkspaceWritable || hasSlashTmp || hasTmpdir;
  const isAnyWritable = hasWritable || [...rest.values()].some(({ access }) => access === 'write');
  for (const entry of rest.values()) {
    const problem = problemOf(entry, isAnyWritable);
    if (problem !== null) return problem;
    if (entry.access === 'write') writableRoots.push(entry.path);
  }
  if (!isAnyWritable) return { type: 'readOnly', networkAccess };
  if (!isWorkspaceWritable) return ROOTS_WITHOUT_WORKSPACE;
  return {
    type: 'workspaceWrite',
    writableRoots,
    networkAccess,
    excludeTmpdirEnvVar: !hasTmpdir,
    excludeSlashTmp: !hasSlashTmp,
  };
}

/** Why an entry cannot be expressed; null for one that adds a writable folder, or says what is so anyway. */
function problemOf(entry: ProfileEntry, isAnyWritable: boolean): string | null {
  const { access, path, within } = entry;
  const name = nameOf(entry);
  if (access === 'read') {
    const isProtected = path === ':project_roots' && within !== null && PROTECTED_FOLDERS.includes(within);
    const isAnyway = isProtected || path === ':minimal';
    return isAnyway || !isAnyWritable ? null : `${name} cannot be kept read-only beside what is writable`;
  }
  if (within !== null) return `${name} cannot be made writable by itself`;
  if (!isAbsolute(path)) return `${name} is no absolute path, and cannot be made writable`;
  return /[*?[\]{}]/u.test(path) ? `${name} is a pattern, and cannot be made writable` : null;
}

function nameOf({ path, within }: ProfileEntry): string {
  return `\`${within === null ? path : `${path} ${within}`}\``;
}
