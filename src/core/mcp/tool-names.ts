import { createHash } from 'node:crypto';

/** How long the name of a function may be. */
const MAX_LENGTH = 64;

const HASH_LENGTH = 8;

export interface ServerTool {
  readonly server: string;
  readonly tool: string;
}

/**
 * The names under which models call the tools of servers, in their order. A name that is cut, or that two tools would have,
 * ends in a hash of the server's and the tool's own names, so that it stays the same whatever else there is.
 */
export function toolNames(tools: readonly ServerTool[]): string[] {
  const plain = tools.map(({ server, tool }) => `mcp__${server}__${tool}`.replace(/[^A-Za-z0-9_-]/gu, '_'));
  const counts = new Map<string, number>();
  for (const name of plain) counts.set(name, (counts.get(name) ?? 0) + 1);
  return plain.map((name, index) => {
    if (name.length <= MAX_LENGTH && counts.get(name) === 1) return name;
    const { server, tool } = tools[index] as ServerTool;
    const hash = createHash('sha256').update(`${server}\0${tool}`).digest('hex').slice(0, HASH_LENGTH);
    return `${name.slice(0, MAX_LENGTH - HASH_LENGTH - 1)}_${hash}`;
  });
}
