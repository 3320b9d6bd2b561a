import * as z from 'zod/mini';
import { methods } from '../methods.ts';
import { type NamedSchema, namedSchemas } from '../names.ts';
import { int32, int64, jsonValue, uint, uint16, uint32, uint64 } from '../scalars.ts';
import { definitionReference, type JsonSchema, referencedNames } from './json-schema.ts';
import { tidy } from './tidy.ts';

/** A named type as JSON Schema; other named types inside it are references to `#/definitions/<name>`. */
export interface Definition {
  readonly name: string;
  readonly version: NamedSchema['version'];
  readonly schema: JsonSchema;
}

const integers = new Map<z.core.$ZodType, JsonSchema>([
  [int64, { type: 'integer', format: 'int64' }],
  [int32, { type: 'integer', format: 'int32' }],
  [uint, { type: 'integer', format: 'uint', minimum: 0 }],
  [uint64, { type: 'integer', format: 'uint64', minimum: 0 }],
  [uint32, { type: 'integer', format: 'uint32', minimum: 0 }],
  [uint16, { type: 'integer', format: 'uint16', minimum: 0 }],
]);

/**
 * Every named type once. One that a client may send is described as the client may send it, with defaulted fields
 * optional; one that only the server sends has every key required.
 */
export function definitions(): Map<string, Definition> {
  const named = namedSchemas();
  const accepted = generate(named, 'input');
  const sent = generate(named, 'output');
  const fromClient = referencedNames(
    methods.flatMap((row) => named.filter((entry) => entry.schema === row.params).map((entry) => entry.name)),
    (name) => accepted[name]!,
  );
  return new Map(
    named.map(({ name, version }) => [
      name,
      { name, version, schema: tidy(name, (fromClient.has(name) ? accepted : sent)[name]!) },
    ]),
  );
}

function generate(
  named: readonly NamedSchema[],
  io: 'input' | 'output',
): Readonly<Record<string, JsonSchema>> {
  const registry = z.registry<{ id: string }>();
  for (const { name, schema } of named) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    target: 'draft-07',
    uri: definitionReference,
    unrepresentable: ({ zodSchema }) => ((zodSchema as z.core.$ZodType) === jsonValue ? 'any' : 'throw'),
    override: ({ zodSchema, jsonSchema }) => {
      const integer = integers.get(zodSchema);
      if (integer === undefined) return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      Object.assign(jsonSchema, integer);
    },
  });
  return schemas as Readonly<Record<string, JsonSchema>>;
}
