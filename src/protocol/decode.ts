import * as z from 'zod/mini';
import { explain, invalidType, type Mismatch, missingField, unknownVariant } from './explain.ts';
import type { MethodRow } from './method-row.ts';
import { methods } from './methods.ts';

/** The outcome of decoding: a value of the schema's type, or the first thing that was wrong. */
export type Decoded<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Mismatch);

type DecodedParams<Params> = Params extends z.ZodMiniType ? z.output<Params> : null;

/**
 * Decodes the params of a request; never throws. Unknown keys are dropped and defaults filled in. A method without
 * params accepts absent and null, and decodes to null. Params as a positional array are refused.
 */
export function decodeParams<Row extends MethodRow>(
  row: Row,
  params: unknown,
): Decoded<DecodedParams<Row['params']>> {
  const absent = params === undefined || params === null;
  if (row.params === null) {
    if (!absent) return { ok: false, ...invalidType(params, 'unit') };
    return { ok: true, value: null as DecodedParams<Row['params']> };
  }
  if (absent) return { ok: false, ...missingField('params', []) };
  const result = z.safeParse(row.params, params);
  if (result.success) return { ok: true, value: result.data as DecodedParams<Row['params']> };
  return { ok: false, ...(explain(row.params, params) ?? { reason: 'invalid params', path: [] }) };
}

/** What is wrong with a request whose method does not exist; names every method that does. */
export function unknownMethodReason(method: string): string {
  return unknownVariant(
    method,
    methods.map((row) => row.method),
  );
}
