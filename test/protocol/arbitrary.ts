import fc from 'fast-check';
import type * as z from 'zod/mini';
import { int32, int64, uint, uint16, uint32, uint64 } from '../../src/protocol/scalars.ts';

const integers = new Map<z.core.$ZodType, fc.Arbitrary<number>>([
  [int64, fc.maxSafeInteger()],
  [int32, fc.integer()],
  [uint, fc.maxSafeNat()],
  [uint64, fc.maxSafeNat()],
  [uint32, fc.integer({ min: 0, max: 0xffff_ffff })],
  [uint16, fc.integer({ min: 0, max: 0xffff })],
]);

/** Values that a schema accepts and gives back as they are: optional keys may be absent, defaulted ones are there. */
export function arbitraryOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'string':
      return fc.string({ unit: 'binary' });
    case 'boolean':
      return fc.boolean();
    case 'number':
      return integers.get(schema) ?? fc.double({ noNaN: true, noDefaultInfinity: true });
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'literal':
      return fc.constantFrom(...def.values);
    case 'default':
      return arbitraryOf(def.innerType);
    case 'optional':
      return arbitraryOf(def.innerType);
    case 'nullable':
      return fc.option(arbitraryOf(def.innerType));
    case 'array':
      return fc.array(arbitraryOf(def.element), { maxLength: 3 });
    case 'record':
      return fc.dictionary(ordinaryKey, arbitraryOf(def.valueType), { maxKeys: 3, noNullPrototype: true });
    case 'union':
      return fc.oneof(...def.options.map(arbitraryOf));
    case 'object':
      return fc.record(
        Object.fromEntries(Object.entries(def.shape).map(([key, field]) => [key, arbitraryOf(field)])),
        {
          requiredKeys: Object.keys(def.shape).filter((key) => !isOptional(def.shape[key]!)),
          noNullPrototype: true,
        },
      );
    default:
      return json;
  }
}

/** Any JSON value, as `JSON.parse` gives it. */
export const json: fc.Arbitrary<unknown> = fc.json({ stringUnit: 'binary' }).map((text) => JSON.parse(text));

/** A key that is not the name of a prototype accessor; such keys do not survive in plain objects. */
const ordinaryKey = fc.string().filter((key) => key !== '__proto__');

function isOptional(schema: z.core.$ZodType): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === 'optional';
}
