import { CoreError } from '../errors.ts';

/** There is no server of a name; `names` are those that there are. */
export function serverNotFound(name: string, names: readonly string[]): CoreError {
  const others = names.length === 0 ? 'none is configured' : `there are ${names.map(quoted).join(', ')}`;
  return new CoreError('mcpServerNotFound', `MCP server not found: ${quoted(name)}; ${others}`);
}

function quoted(name: string): string {
  return `\`${name}\``;
}
