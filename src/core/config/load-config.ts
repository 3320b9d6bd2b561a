import { join } from 'node:path';
import { configErrorAt } from './config-error.ts';
import type { Candidate, ConfigError } from './config-error.ts';
import type { Config } from './config.ts';
import { formatDottedKey } from './dotted-key.ts';
import type { Fault } from './fault.ts';
import { fileLayer, overrideLayer, requestLayer } from './layer.ts';
import type { ConfigLayer, LayerOutcome } from './layer.ts';
import { parseConfig } from './parse-config.ts';
import { resolvePermissions } from '../permissions/resolve-permissions.ts';
import { depthOf, isTable, mergeTables, valueAt } from './table.ts';
import type { Table } from './table.ts';
import { withTyped } from './typed-overrides.ts';
import type { TypedOverrides } from './typed-overrides.ts';

/** Everything that a thread's configuration is made of, lowest precedence first. */
export interface ConfigSources {
  /** The file of the whole machine. Default `/etc/codex/config.toml`. */
  readonly systemPath?: string | undefined;
  /** The directory of the user's `config.toml`. */
  readonly codexHome: string;
  /** `key=value` texts of the command line, later ones win. */
  readonly overrides: readonly string[];
  /** The `config` of a request: JSON values under nested or dotted names. */
  readonly threadConfig?: Readonly<Record<string, unknown>> | null | undefined;
  /** Parameters that a request has in its own right. */
  readonly typed?: TypedOverrides | undefined;
  /** The profile to use, whatever the key `profile` says. */
  readonly profile?: string | undefined;
}

export type ConfigOutcome =
  { readonly ok: true; readonly config: Config } | { readonly ok: false; readonly error: ConfigError };

/** The layers in two groups, each lowest first. A profile is laid over its group, so no file beats the session. */
export interface LayerGroups {
  readonly files: readonly ConfigLayer[];
  readonly session: readonly ConfigLayer[];
}

export type GroupsOutcome =
  { readonly ok: true; readonly groups: LayerGroups } | { readonly ok: false; readonly error: ConfigError };

const DEFAULT_SYSTEM_PATH = '/etc/codex/config.toml';

/** Reads, merges and checks all layers. Never throws: whatever is wrong comes back as the first error found. */
export function loadConfig(sources: ConfigSources): ConfigOutcome {
  const read = readLayers(sources);
  return read.ok ? combineLayers(read.groups, sources) : read;
}

/** The part of `loadConfig` after the reading. */
export function combineLayers(
  groups: LayerGroups,
  sources: Pick<ConfigSources, 'profile' | 'typed'>,
): ConfigOutcome {
  const merged = mergeTables([...groups.files, ...groups.session].map((layer) => layer.values));
  const profile = sources.profile ?? merged['profile'];
  if (typeof profile === 'string' && !isTable(valueAt(merged, ['profiles', profile]))) {
    return { ok: false, error: missingProfile(groups, profile, sources.profile !== undefined) };
  }
  const name = typeof profile === 'string' ? profile : null;
  const parsed = parseConfig(name === null ? merged : mergeWithProfile(groups, name));
  if (!parsed.ok) return { ok: false, error: configErrorAt(parsed.fault, blame(groups, name, parsed.fault)) };
  const permissions = namesPermissions(groups, name) ? parsed.config.permissions : null;
  const config = withTyped({ ...parsed.config, profile: name, permissions }, sources.typed);
  const resolved = config.permissions === null ? null : resolvePermissions(config.permissions, config);
  if (resolved === null || resolved.ok) return { ok: true, config };
  const fault = { path: ['default_permissions'], message: resolved.message };
  const isOfFiles = config.permissions === permissions;
  return {
    ok: false,
    error: isOfFiles ? configErrorAt(fault, blame(groups, name, fault)) : plainError(fault),
  };
}

/** The part of `loadConfig` that reads. The session's group holds the command line first, then the request. */
export function readLayers(sources: ConfigSources): GroupsOutcome {
  const outcomes: LayerOutcome[] = [
    fileLayer(sources.systemPath ?? DEFAULT_SYSTEM_PATH),
    fileLayer(join(sources.codexHome, 'config.toml')),
    // The files of a trusted project belong here, the one nearest to the working directory last.
  ];
  const fileCount = outcomes.length;
  outcomes.push(...sources.overrides.map(overrideLayer));
  const layers: ConfigLayer[] = [];
  for (const outcome of outcomes) {
    if (!outcome.ok) return outcome;
    layers.push(outcome.layer);
  }
  if (sources.threadConfig) layers.push(requestLayer(sources.threadConfig));
  return { ok: true, groups: { files: layers.slice(0, fileCount), session: layers.slice(fileCount) } };
}

function mergeWithProfile(groups: LayerGroups, profile: string): Table {
  return mergeTables([groups.files, groups.session].map((group) => overlayProfile(group, profile)));
}

function overlayProfile(group: readonly ConfigLayer[], profile: string): Table {
  const values = mergeTables(group.map((layer) => layer.values));
  const overlay = valueAt(values, ['profiles', profile]);
  return isTable(overlay) ? mergeTables([values, overlay]) : values;
}

/**
 * Finds the layer that a faulty value came from: the highest one that has it, or else the highest of those that have
 * most of its path, as when a key is missing from a table.
 */
function blame(groups: LayerGroups, profile: string | null, { path }: Fault): Candidate | null {
  const prefixes = profile === null ? [[]] : [['profiles', profile], []];
  const candidates = [groups.session, groups.files].flatMap((group) =>
    prefixes.flatMap((prefix) => group.toReversed().map((layer) => ({ layer, prefix }))),
  );
  let best: Candidate | null = null;
  let bestDepth = 0;
  for (const { layer, prefix } of candidates) {
    const full = [...prefix, ...path];
    const depth = depthOf(layer.values, full) - prefix.length;
    if (depth <= bestDepth) continue;
    best = { layer, path: full };
    bestDepth = depth;
  }
  return best;
}

/**
 * Whether the highest layer that says what commands may touch names a permission profile. Where a layer names one and has a
 * `sandbox_mode` as well, the permission profile counts.
 */
function namesPermissions(groups: LayerGroups, profile: string | null): boolean {
  const prefixes = profile === null ? [[]] : [['profiles', profile], []];
  for (const group of [groups.session, groups.files]) {
    for (const prefix of prefixes) {
      for (const { values } of group.toReversed()) {
        if (valueAt(values, [...prefix, 'default_permissions']) != null) return true;
        if (valueAt(values, [...prefix, 'sandbox_mode']) != null) return false;
      }
    }
  }
  return false;
}

/** An error that no layer is to blame for. */
function plainError({ message, path }: Fault): ConfigError {
  return { message, file: null, line: null, column: null, endColumn: null, key: formatDottedKey(path) };
}

function missingProfile(groups: LayerGroups, profile: string, fromCommandLine: boolean): ConfigError {
  const key = formatDottedKey(['profiles', profile]);
  const message = `the profile ${JSON.stringify(profile)} is chosen, but there is no table [${key}]`;
  const fault = { path: ['profile'], message };
  return configErrorAt(fault, fromCommandLine ? null : blame(groups, null, fault));
}
