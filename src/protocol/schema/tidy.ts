import { type JsonSchema, mapParts } from './json-schema.ts';

/**
 * Brings what zod generates into the shapes that client generators for the reference know: open objects, one-value
 * enums instead of constants, `["string", "null"]` for a nullable simple type, and titles on the variants of a union.
 */
export function tidy(typeName: string, schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, $id: _id, ...rest } = schema;
  return tidyPart(rest, typeName);
}

function tidyPart(schema: JsonSchema, typeName?: string): JsonSchema {
  const tidied = mapParts(schema, (part) => tidyPart(part));
  if (tidied.additionalProperties === false) delete tidied.additionalProperties;
  else if (tidied.additionalProperties !== undefined) {
    tidied.additionalProperties = anything(tidied.additionalProperties);
  }
  delete tidied.propertyNames;
  if (tidied.items !== undefined) tidied.items = anything(tidied.items);
  if (tidied.properties !== undefined) {
    const properties = Object.entries(tidied.properties).map(([key, part]) => [key, anything(part)] as const);
    if (properties.length > 0) tidied.properties = Object.fromEntries(properties);
    else delete tidied.properties;
  }
  if (tidied.required?.length === 0) delete tidied.required;
  if (tidied.const !== undefined) {
    tidied.enum = [tidied.const];
    delete tidied.const;
  }
  const variants = tidied.oneOf ?? tidied.anyOf;
  if (variants !== undefined && typeName !== undefined) titleVariants(variants, typeName);
  return mergeNull(tidied);
}

/** The empty schema is spelled `true`. */
function anything<T extends JsonSchema | boolean>(schema: T): T | boolean {
  return typeof schema === 'object' && Object.keys(schema).length === 0 ? true : schema;
}

/** `anyOf: [{type: T}, {type: null}]` becomes `type: [T, null]`, unless the values of T are listed or named. */
function mergeNull(schema: JsonSchema): JsonSchema {
  const [inner, last, ...more] = schema.anyOf ?? [];
  if (inner === undefined || last?.type !== 'null' || more.length > 0) return schema;
  if (typeof inner.type !== 'string' || inner.enum !== undefined) return schema;
  const { anyOf: _anyOf, ...rest } = schema;
  return { ...rest, ...inner, type: [inner.type, 'null'] };
}

/** Names each object variant after its tag, so that generators of other languages find a name for it. */
function titleVariants(variants: readonly JsonSchema[], typeName: string): void {
  for (const variant of variants) {
    const properties = Object.entries(variant.properties ?? {});
    const tag = properties.find(([, part]) => typeof part === 'object' && part.enum?.length === 1);
    if (tag !== undefined && typeof tag[1] === 'object') {
      variant.title = pascalCase(String(tag[1].enum?.[0])) + typeName;
      tag[1].title = `${variant.title}Type`;
    } else if (properties[0] !== undefined) {
      variant.title = pascalCase(properties[0][0]) + typeName;
    }
  }
}

function pascalCase(text: string): string {
  return text
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
