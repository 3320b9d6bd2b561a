import * as z from 'zod/mini';
import { isTable } from './table.ts';

/**
 * The kinds of value a key can have. Every message says what was expected; what was found is added by `faultOf`,
 * which knows when a value may be shown.
 */

export const text = z.string({ error: 'expected a string' });

export const flag = z.boolean({ error: 'expected true or false' });

export const textList = z.array(text, { error: 'expected an array of strings' });

/** A map from names to strings. Its names are data: none is unknown. */
export const textMap = z.record(z.string(), text, { error: 'expected a table of strings' });

/** A whole number that is safe to calculate with. */
export function integer(minimum: number) {
  const error = `expected a whole number of at least ${minimum}`;
  return z.int({ error }).check(z.gte(minimum, { error }));
}

/** A time in seconds, whole or not. */
export const seconds = z
  .number({ error: 'expected a number of seconds above 0' })
  .check(z.gt(0, { error: 'expected a number of seconds above 0' }));

/** One word of a fixed list. */
export function choice<Word extends string>(words: readonly Word[]) {
  return z.enum(words, { error: `expected one of ${quoted(words)}` });
}

/** A table with known keys. Other keys in it are left alone. */
export function table<Shape extends z.core.$ZodShape>(shape: Shape) {
  const known = z.object(shape);
  // zod takes any object for a table, an array or a date too, so that is ruled out first.
  return z.pipe(z.custom<z.input<typeof known>>(isTable, { error: 'expected a table' }), known);
}

/** Words in double quotes, separated by commas. */
export function quoted(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(', ');
}
