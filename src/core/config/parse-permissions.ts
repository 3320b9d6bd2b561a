import * as z from 'zod/mini';
import type { PermissionProfileSettings, ProfileEntry } from './config.ts';
import { faultOf } from './fault.ts';
import type { Fault } from './fault.ts';
import { choice, flag, table, text } from './shapes.ts';
import { isTable } from './table.ts';
import type { Table } from './table.ts';

const accessWord = choice(['read', 'write', 'none'] as const);

const profileShape = table({
  extends: z.optional(text),
  filesystem: z.optional(table({})),
  network: z.optional(table({ enabled: z.optional(flag) })),
});

/** Keys that limit nothing. */
const HARMLESS_KEYS: ReadonlySet<string> = new Set(['description', 'extends', 'filesystem', 'network']);
const DEPTH_KEY = 'glob_scan_max_depth';

/** The whole of a path, in a table of what is in it. */
const WHOLE = '.';

export type PermissionProfilesOutcome =
  | { readonly ok: true; readonly profiles: ReadonlyMap<string, PermissionProfileSettings> }
  | { readonly ok: false; readonly fault: Fault };

/** Checks the table `[permissions]`. Every entry is checked, selected or not; whether it can be kept to is another matter. */
export function parsePermissionProfiles(entries: Table): PermissionProfilesOutcome {
  const profiles = new Map<string, PermissionProfileSettings>();
  for (const [name, entry] of Object.entries(entries)) {
    const outcome = parseProfile(entry);
    if ('path' in outcome) {
      return { ok: false, fault: { ...outcome, path: ['permissions', name, ...outcome.path] } };
    }
    profiles.set(name, outcome);
  }
  return { ok: true, profiles };
}

function parseProfile(entry: unknown): PermissionProfileSettings | Fault {
  const parsed = profileShape.safeParse(entry);
  if (!parsed.success || !isTable(entry)) {
    const isFaulty = isTable(entry) && !parsed.success;
    return isFaulty ? faultOf(parsed.error, entry) : { path: [], message: 'expected a table' };
  }
  const { filesystem, network } = entry;
  const files = parseEntries(isTable(filesystem) ? filesystem : {});
  if (!Array.isArray(files)) return files;
  return {
    extends: parsed.data.extends ?? null,
    entries: files,
    networkAccess: parsed.data.network?.enabled ?? null,
    foreignKeys: [
      ...Object.keys(entry).filter((key) => !HARMLESS_KEYS.has(key)),
      ...Object.keys(isTable(network) ? network : {})
        .filter((key) => key !== 'enabled')
        .map((key) => `network.${key}`),
    ],
  };
}

function parseEntries(filesystem: Table): ProfileEntry[] | Fault {
  const entries: ProfileEntry[] = [];
  for (const [path, value] of Object.entries(filesystem)) {
    if (path === DEPTH_KEY) continue;
    const inner = isTable(value) ? value : { [WHOLE]: value };
    for (const [within, word] of Object.entries(inner)) {
      const access = accessWord.safeParse(word);
      if (!access.success) {
        const place = ['filesystem', path, ...(isTable(value) ? [within] : [])];
        return { path: place, message: access.error.issues[0]?.message ?? 'not valid' };
      }
      entries.push({ path, within: within === WHOLE ? null : within, access: access.data });
    }
  }
  return entries;
}
