/** A JSON Schema, draft-07, in the subset that is generated here. */
export interface JsonSchema {
  $schema?: string;
  $id?: string;
  $ref?: string;
  title?: string;
  type?: string | string[];
  format?: string;
  minimum?: number;
  const?: unknown;
  default?: unknown;
  enum?: unknown[];
  allOf?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema | boolean;
  properties?: Record<string, JsonSchema | boolean>;
  required?: string[];
  propertyNames?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
  definitions?: Record<string, unknown>;
}

const prefix = '#/definitions/';

/** The reference to a named type. */
export function definitionReference(name: string): string {
  return prefix + name;
}

/** The name that a schema refers to, or undefined when it is written in place. */
export function referencedName(schema: JsonSchema): string | undefined {
  return schema.$ref?.startsWith(prefix) === true ? schema.$ref.slice(prefix.length) : undefined;
}

/** Applies a function to a schema's direct parts and gives the schema with the results; the input is not changed. */
export function mapParts(schema: JsonSchema, change: (part: JsonSchema) => JsonSchema): JsonSchema {
  const part = <T extends JsonSchema | boolean>(value: T) =>
    typeof value === 'boolean' ? value : change(value);
  const result: JsonSchema = { ...schema };
  if (schema.allOf !== undefined) result.allOf = schema.allOf.map(change);
  if (schema.anyOf !== undefined) result.anyOf = schema.anyOf.map(change);
  if (schema.oneOf !== undefined) result.oneOf = schema.oneOf.map(change);
  if (schema.items !== undefined) result.items = part(schema.items);
  if (schema.additionalProperties !== undefined) {
    result.additionalProperties = part(schema.additionalProperties);
  }
  if (schema.properties !== undefined) {
    result.properties = Object.fromEntries(
      Object.entries(schema.properties).map(([key, value]) => [key, part(value)]),
    );
  }
  return result;
}

/** The given names and every name that can be reached from them, sorted. */
export function referencedNames(
  names: Iterable<string>,
  lookUp: (name: string) => JsonSchema,
): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (schema: JsonSchema): JsonSchema => {
    const name = referencedName(schema);
    if (name !== undefined) visitName(name);
    return mapParts(schema, visit);
  };
  const visitName = (name: string) => {
    if (found.has(name)) return;
    found.add(name);
    visit(lookUp(name));
  };
  for (const name of names) visitName(name);
  return new Set([...found].sort());
}
