import type { DynamicToolSpec } from '../../protocol/index.ts';
import { isNestedDeeper } from '../../util/nesting.ts';
import { CoreError } from '../errors.ts';
import { isBuiltIn } from './toolbox.ts';

/** What a provider takes as the name of a function. */
const NAME = /^[A-Za-z0-9_-]{1,128}$/u;

/** Names of the tools of servers, and of those for what servers keep. */
const SERVER_NAME = /^mcp(?:$|__)|^(?:list_mcp_resources|list_mcp_resource_templates|read_mcp_resource)$/u;

const DEEPEST_SCHEMA = 64;

/** They are part of a line of the thread's file that lists of threads read. */
const MAX_BYTES = 512 * 1024;

/** The name under which a model calls a tool. */
export function calledName({ name, namespace }: DynamicToolSpec): string {
  return `${namespace ?? ''}${name}`;
}

/** Checks the tools that a client offers. Throws `invalidInput`, which names the tool. */
export function checkDynamicTools(tools: readonly DynamicToolSpec[]): void {
  const names = new Set<string>();
  for (const [index, tool] of tools.entries()) {
    const problem = problemOf(tool) ?? (names.has(calledName(tool)) ? DUPLICATE : null);
    if (problem !== null) throw new CoreError('invalidInput', `${toolName(tool, index)} ${problem}`);
    names.add(calledName(tool));
  }
  if (Buffer.byteLength(JSON.stringify(tools)) > MAX_BYTES) {
    throw new CoreError('invalidInput', `dynamicTools take more than ${MAX_BYTES} bytes`);
  }
}

/** The tools of a thread's file that can be offered: somebody may have changed the file. */
export function usableDynamicTools(tools: readonly DynamicToolSpec[]): DynamicToolSpec[] {
  const names = new Set<string>();
  return tools.filter((tool) => {
    const name = calledName(tool);
    if (names.has(name) || problemOf(tool) !== null) return false;
    names.add(name);
    return true;
  });
}

const DUPLICATE = 'is there more than once';

function toolName({ name, namespace }: DynamicToolSpec, index: number): string {
  if (name === '') return `dynamicTools[${index}]`;
  return `dynamic tool \`${name}\`${namespace == null ? '' : ` of the namespace \`${namespace}\``}`;
}

function problemOf(tool: DynamicToolSpec): string | null {
  const { deferLoading, inputSchema, name, namespace } = tool;
  if (name === '') return 'has an empty name';
  if (!NAME.test(name)) return 'has a name that is not made of 1 to 128 letters, digits, `_` and `-`';
  if (namespace != null && !NAME.test(namespace)) {
    return 'has a `namespace` that is not made of 1 to 128 letters, digits, `_` and `-`';
  }
  const reserved = [namespace ?? '', name, calledName(tool)].find((each) => SERVER_NAME.test(each));
  if (reserved !== undefined || isBuiltIn(calledName(tool))) return 'has a name that is reserved';
  if (deferLoading === true && namespace == null) return 'is deferred, and needs a `namespace` for that';
  return schemaProblem(inputSchema);
}

function schemaProblem(schema: unknown): string | null {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    return 'has an input schema that is not an object';
  }
  const { properties, type } = schema as Readonly<Record<string, unknown>>;
  if (type !== undefined && type !== 'object') return 'has an input schema whose `type` is not `object`';
  const isTable = typeof properties === 'object' && properties !== null && !Array.isArray(properties);
  if (properties !== undefined && !isTable) {
    return 'has an input schema whose `properties` are not an object';
  }
  return isNestedDeeper(schema, DEEPEST_SCHEMA) ? 'has an input schema that is nested too deep' : null;
}
