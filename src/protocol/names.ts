import type * as z from 'zod/mini';
import * as jsonrpc from './jsonrpc.ts';
import { AbsolutePathBuf } from './scalars.ts';
import * as v1 from './v1/index.ts';
import * as v2 from './v2/index.ts';

/** A schema together with its wire name. Version 2 names live in their own folder of every generated tree. */
export interface NamedSchema {
  readonly name: string;
  readonly version: 'root' | 'v1' | 'v2';
  readonly schema: z.ZodMiniType;
}

/** Every named schema: the name of a type is the name of the constant that holds it. */
export function namedSchemas(): NamedSchema[] {
  const named = (version: NamedSchema['version'], schemas: Readonly<Record<string, z.ZodMiniType>>) =>
    Object.entries(schemas).map(([name, schema]) => ({ name, version, schema }));
  return [...named('root', { ...jsonrpc, AbsolutePathBuf }), ...named('v1', v1), ...named('v2', v2)];
}

let names: Map<z.core.$ZodType, string> | undefined;

/** The wire name of a schema, or undefined for one that is written in place. Built on first use, off the start-up path. */
export function schemaName(schema: z.core.$ZodType): string | undefined {
  names ??= new Map(namedSchemas().map((entry) => [entry.schema, entry.name]));
  return names.get(schema);
}
