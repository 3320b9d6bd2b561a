import { createHash } from 'node:crypto';
import type { ConfigLayerMetadata, ConfigLayerSource, ConfigReadResponse } from '../../protocol/index.ts';
import { Config as ConfigSchema } from '../../protocol/index.ts';
import { isNestedDeeper } from '../../util/nesting.ts';
import type { ConfigError } from './config-error.ts';
import { formatDottedKey } from './dotted-key.ts';
import type { ConfigLayer } from './layer.ts';
import { combineLayers, readLayers } from './load-config.ts';
import type { ConfigSources, LayerGroups } from './load-config.ts';
import { printable, printableWithoutSecrets } from './printable.ts';
import { isTable, mergeTables, valueAt } from './table.ts';
import type { Table } from './table.ts';

export type ConfigViewOutcome =
  | { readonly ok: true; readonly view: ConfigReadResponse }
  | { readonly ok: false; readonly error: ConfigError };

/** A layer as clients know it. */
interface NamedLayer {
  readonly metadata: ConfigLayerMetadata;
  readonly values: Table;
}

const DEEPEST_VALUE = 64;

/**
 * Shows a configuration: what its layers amount to, which layer each value comes from, and on request the layers, the
 * highest first. Profiles are shown and not laid over. Texts that may be credentials are replaced by a marker.
 *
 * A configuration that cannot be used cannot be shown either.
 */
export function viewConfig(sources: ConfigSources, includeLayers: boolean): ConfigViewOutcome {
  const read = readLayers(sources);
  if (!read.ok) return read;
  const combined = combineLayers(read.groups, sources);
  if (!combined.ok) return combined;
  const values = [...read.groups.files, ...read.groups.session].map((layer) => layer.values);
  if (isNestedDeeper(values, DEEPEST_VALUE)) {
    return failure(`tables and arrays are nested more than ${DEEPEST_VALUE} deep`, null);
  }
  const layers = nameLayers(read.groups);
  const merged = mergeTables(layers.map((layer) => layer.values));
  const config = ConfigSchema.safeParse(withoutOldSwitches(printableWithoutSecrets(merged)));
  if (!config.success) return unfit(config.error.issues[0]?.path.map(String) ?? []);
  const shown = includeLayers ? layers.toReversed().map(showLayer) : null;
  return { ok: true, view: { config: config.data, origins: originsOf(merged, layers), layers: shown } };
}

/** `tools.web_search` was a switch of old, which clients know as a table only. */
function withoutOldSwitches(values: Table): Table {
  const { profiles } = values;
  if (!isTable(profiles)) return withoutSwitch(values);
  const shown = Object.entries(profiles).map(([name, profile]) => [
    name,
    isTable(profile) ? withoutSwitch(profile) : profile,
  ]);
  return { ...withoutSwitch(values), profiles: Object.fromEntries(shown) as Table };
}

function withoutSwitch(values: Table): Table {
  const { tools } = values;
  if (!isTable(tools) || typeof tools['web_search'] !== 'boolean') return values;
  return { ...values, tools: { ...tools, web_search: null } };
}

/** The lowest first. The user's file is a layer even if it does not exist; the others are left out without values. */
function nameLayers({ files, session }: LayerGroups): NamedLayer[] {
  const [system, user] = files;
  const flags = mergeTables(session.map((layer) => layer.values));
  return [
    ...(system === undefined || isEmpty(system.values)
      ? []
      : [named(fileSource('system', system), system.values)]),
    ...(user === undefined ? [] : [named(fileSource('user', user), user.values)]),
    ...(isEmpty(flags) ? [] : [named({ type: 'sessionFlags' }, flags)]),
  ];
}

function fileSource(type: 'system' | 'user', { origin }: ConfigLayer): ConfigLayerSource {
  return { type, file: origin.kind === 'file' ? origin.path : '' };
}

function named(name: ConfigLayerSource, values: Table): NamedLayer {
  return { metadata: { name, version: versionOf(values) }, values };
}

/** The same for the same values, in whatever order their keys are. */
function versionOf(values: Table): string {
  const text = JSON.stringify(sorted(printable(values)));
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isTable(value)) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}

function showLayer({ metadata, values }: NamedLayer) {
  return { ...metadata, config: printableWithoutSecrets(values), disabledReason: null };
}

function originsOf(merged: Table, layers: readonly NamedLayer[]): Record<string, ConfigLayerMetadata> {
  const highestFirst = layers.toReversed();
  const origins = leafPaths(merged).flatMap((path) => {
    const layer = highestFirst.find(({ values }) => valueAt(values, path) != null);
    return layer === undefined ? [] : [[formatDottedKey(path), layer.metadata] as const];
  });
  return Object.fromEntries(origins);
}

/** The paths of everything that is not a table with something in it. */
function leafPaths(values: Table, path: readonly string[] = []): string[][] {
  return Object.entries(values).flatMap(([key, value]) => {
    const inner = [...path, key];
    return isTable(value) && !isEmpty(value) ? leafPaths(value, inner) : [inner];
  });
}

function isEmpty(values: Table): boolean {
  return Object.keys(values).length === 0;
}

function unfit(path: readonly string[]): ConfigViewOutcome {
  const key = formatDottedKey(path);
  return failure(`${key}: the value is not of the kind that belongs there`, key);
}

function failure(message: string, key: string | null): ConfigViewOutcome {
  return { ok: false, error: { message, file: null, line: null, column: null, endColumn: null, key } };
}
