/**
 * True when a value parsed from JSON has more than `limit` arrays and objects inside one another. It does not recurse,
 * so it can be asked before anything that does, such as `JSON.stringify`, gets to see the value.
 */
export function isNestedDeeper(value: unknown, limit: number): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const containers = level.filter((entry) => typeof entry === 'object' && entry !== null);
    if (containers.length === 0) return false;
    if (depth >= limit) return true;
    level = containers.flatMap((container) => Object.values(container));
  }
  return false;
}
