import * as z from 'zod/mini';
import { schemaName } from './names.ts';
import { int32, int64, uint, uint16, uint32, uint64 } from './scalars.ts';

/** The first way in which a value does not fit a schema. */
export interface Mismatch {
  /** One line, in the vocabulary of the reference's decoder, which clients may have learned to read. */
  readonly reason: string;
  /** Where in the value; for a missing field, where it should have been. */
  readonly path: readonly (string | number)[];
}

type Path = Mismatch['path'];

const integerNames = new Map<z.core.$ZodType, string>([
  [int64, 'i64'],
  [int32, 'i32'],
  [uint, 'usize'],
  [uint64, 'u64'],
  [uint32, 'u32'],
  [uint16, 'u16'],
]);

/** A value that is quoted in a message is cut to this many characters. */
const longestQuote = 100;

/**
 * Finds the first mismatch in the order in which the reference reports them: an object's keys as they came, then its
 * missing fields as they are declared. Null when the value fits.
 */
export function explain(schema: z.core.$ZodType, value: unknown, path: Path = []): Mismatch | null {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'optional':
    case 'default':
      return value === undefined ? null : explain(def.innerType, value, path);
    case 'nullable':
      return value === null ? null : explain(def.innerType, value, path);
    case 'object':
      return isMap(value)
        ? explainFields(def.shape, value, path)
        : invalidType(value, structName(schema), path);
    case 'array':
      if (!Array.isArray(value)) return invalidType(value, 'a sequence', path);
      return firstMismatch(value.entries(), (element, index) =>
        explain(def.element, element, [...path, index]),
      );
    case 'record':
      if (!isMap(value)) return invalidType(value, 'a map', path);
      return firstMismatch(Object.entries(value), (element, key) =>
        explain(def.valueType, element, [...path, key]),
      );
    case 'union':
      if ('discriminator' in def) {
        return explainTagged(schema, def as z.core.$ZodDiscriminatedUnionDef, value, path);
      }
      return def.options.every((option) => variantNames(option).length > 0)
        ? explainVariant(def.options, value, path)
        : explainUntagged(schema, value, path);
    case 'enum':
    case 'literal':
      return explainVariant([schema], value, path);
    default:
      return fits(schema, value) ? null : explainLeaf(schema, def.type, value, path);
  }
}

/** ``unknown variant `x`, expected `a` or `b` ``, in the reference's spelling for any number of expected names. */
export function unknownVariant(name: string, expected: readonly string[]): string {
  const quoted = expected.map((variant) => `\`${variant}\``);
  const list = quoted.length > 2 ? `one of ${quoted.join(', ')}` : quoted.join(' or ');
  return `unknown variant \`${clip(name)}\`, expected ${list}`;
}

/** ``invalid type: integer `5`, expected a string``. */
export function invalidType(value: unknown, expected: string, path: Path = []): Mismatch {
  return { reason: `invalid type: ${describe(value)}, expected ${expected}`, path };
}

/** ``missing field `threadId` ``; `path` ends with the field. */
export function missingField(field: string, path: Path): Mismatch {
  return { reason: `missing field \`${field}\``, path };
}

function explainFields(shape: z.core.$ZodShape, value: Readonly<Record<string, unknown>>, path: Path) {
  const given = Object.entries(value).filter(([key]) => Object.hasOwn(shape, key));
  const wrong = firstMismatch(given, (field, key) => explain(shape[key]!, field, [...path, key]));
  if (wrong !== null) return wrong;
  const missing = Object.keys(shape).find(
    (key) => !Object.hasOwn(value, key) && !fits(shape[key]!, undefined),
  );
  return missing === undefined ? null : missingField(missing, [...path, missing]);
}

/** An object whose variant is named by one of its own fields. */
function explainTagged(
  schema: z.core.$ZodType,
  def: z.core.$ZodDiscriminatedUnionDef,
  value: unknown,
  path: Path,
): Mismatch | null {
  if (!isMap(value))
    return invalidType(value, `internally tagged enum ${schemaName(schema) ?? 'value'}`, path);
  const tagPath = [...path, def.discriminator];
  if (!Object.hasOwn(value, def.discriminator)) return missingField(def.discriminator, tagPath);
  const tag = value[def.discriminator];
  if (typeof tag !== 'string') return invalidType(tag, 'variant identifier', tagPath);
  const tags = def.options.map((option) => variantNames(objectShape(option)[def.discriminator]!)[0]!);
  const index = tags.indexOf(tag);
  return index < 0
    ? { reason: unknownVariant(tag, tags), path: tagPath }
    : explain(def.options[index]!, value, path);
}

/** A variant that is a bare string, or an object whose one key is the variant's name. */
function explainVariant(options: readonly z.core.$ZodType[], value: unknown, path: Path): Mismatch | null {
  if (options.some((option) => fits(option, value))) return null;
  const names = options.flatMap(variantNames);
  if (typeof value === 'string') {
    return names.includes(value)
      ? { reason: 'invalid type: unit variant, expected newtype variant', path }
      : { reason: unknownVariant(value, names), path };
  }
  if (!isMap(value)) return invalidType(value, 'string or map', path);
  const key = Object.keys(value).find((name) => names.includes(name)) ?? Object.keys(value)[0];
  if (key === undefined) return { reason: 'invalid value: map, expected map with a single key', path };
  const option = options.find((candidate) => Object.hasOwn(objectShape(candidate), key));
  if (option !== undefined) return explain(objectShape(option)[key]!, value[key], [...path, key]);
  return names.includes(key)
    ? invalidType(value[key], 'unit variant', [...path, key])
    : { reason: unknownVariant(key, names), path };
}

/** Variants that only their shape tells apart, such as a text or a list of texts. */
function explainUntagged(schema: z.core.$ZodType, value: unknown, path: Path): Mismatch | null {
  if (fits(schema, value)) return null;
  const name = schemaName(schema) ?? 'value';
  return { reason: `data did not match any variant of untagged enum ${name}`, path };
}

function explainLeaf(schema: z.core.$ZodType, type: string, value: unknown, path: Path): Mismatch {
  if (type !== 'number') return invalidType(value, `a ${type}`, path);
  const expected = integerNames.get(schema) ?? 'a number';
  if (!Number.isInteger(value)) return invalidType(value, expected, path);
  return { reason: `invalid value: ${describe(value)}, expected ${expected}`, path };
}

function variantNames(schema: z.core.$ZodType): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'enum') return Object.values(def.entries).map(String);
  if (def.type === 'literal') return def.values.map(String);
  return Object.keys(objectShape(schema));
}

function objectShape(schema: z.core.$ZodType): z.core.$ZodShape {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'object' ? def.shape : {};
}

function structName(schema: z.core.$ZodType): string {
  const name = schemaName(schema);
  return name === undefined ? 'a map' : `struct ${name}`;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'sequence';
  switch (typeof value) {
    case 'string':
      return `string ${JSON.stringify(clip(value))}`;
    case 'boolean':
      return `boolean \`${value}\``;
    case 'number':
      return Number.isSafeInteger(value) ? `integer \`${value}\`` : `floating point \`${value}\``;
    default:
      return 'map';
  }
}

function clip(text: string): string {
  if (text.length <= longestQuote) return text;
  return `${Array.from(text.slice(0, 2 * longestQuote))
    .slice(0, longestQuote)
    .join('')}…`;
}

function fits(schema: z.core.$ZodType, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstMismatch<Key extends string | number>(
  entries: Iterable<[Key, unknown]>,
  check: (value: unknown, key: Key) => Mismatch | null,
): Mismatch | null {
  for (const [key, value] of entries) {
    const mismatch = check(value, key);
    if (mismatch !== null) return mismatch;
  }
  return null;
}
