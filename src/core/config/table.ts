/** One TOML table or JSON object: the unit that layers are merged by. */
export type Table = { readonly [key: string]: unknown };

/**
 * Tables nested deeper than this are replaced whole instead of merged. No known key is nested deeper than a few
 * levels; the limit keeps a document of a hundred thousand nested tables from exhausting the stack.
 */
const DEEPEST_MERGE = 32;

/** Tells a table from an array, a date and a scalar. */
export function isTable(value: unknown): value is Table {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/**
 * Lays tables over one another, lowest first, and returns a new one. Tables merge key by key, everything else
 * replaces what was there. A `null` leaves the value below: JSON clients write it for what they do not set.
 */
export function mergeTables(tables: Iterable<Table>): Table {
  const merged = emptyTable();
  for (const table of tables) mergeInto(merged, table, 1);
  return merged;
}

/** A table that holds nothing but `value` at `path`. */
export function tableWith(path: readonly string[], value: unknown): Table {
  const table = emptyTable();
  let innermost = table;
  for (const name of path.slice(0, -1)) {
    const next = emptyTable();
    innermost[name] = next;
    innermost = next;
  }
  const last = path.at(-1);
  if (last !== undefined) innermost[last] = value;
  return table;
}

/** The value at `path`, or undefined where a name is missing or its parent is not a table. */
export function valueAt(table: Table, path: readonly string[]): unknown {
  let value: unknown = table;
  for (const name of path) {
    if (!isTable(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

/** How many leading names of `path` lead to something in `table`. */
export function depthOf(table: Table, path: readonly string[]): number {
  let value: unknown = table;
  for (const [depth, name] of path.entries()) {
    if (!isTable(value) || !Object.hasOwn(value, name)) return depth;
    value = value[name];
    if (value === null || value === undefined) return depth;
  }
  return path.length;
}

/** `target` and all tables inside it belong to the merge, so they may be changed; those of `upper` are copied. */
function mergeInto(target: Record<string, unknown>, upper: Table, depth: number): void {
  for (const [key, value] of Object.entries(upper)) {
    if (value === null || value === undefined) continue;
    if (!isTable(value) || depth >= DEEPEST_MERGE) {
      target[key] = value;
      continue;
    }
    const below = target[key];
    const nested: Record<string, unknown> = isTable(below) ? below : emptyTable();
    mergeInto(nested, value, depth + 1);
    target[key] = nested;
  }
}

/** A table without prototype has no inherited names, so a key such as `__proto__` is a key like any other. */
function emptyTable(): Record<string, unknown> {
  return Object.create(null) as Record<string, unknown>;
}
