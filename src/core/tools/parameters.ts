import * as z from 'zod/mini';
import { isNestedDeeper } from '../../util/nesting.ts';

export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

/** Reads the arguments of a function call. The message of a refusal is for the model. */
export function parseArguments<T extends z.ZodMiniType>(schema: T, input: string): Parsed<z.infer<T>> {
  let value: unknown;
  try {
    value = JSON.parse(input === '' ? '{}' : input);
  } catch (error) {
    return failure(error instanceof Error ? error.message : 'they are no JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? '' : ` at \`${issue.path.join('.')}\``;
  return failure(`${issue?.message ?? 'they have the wrong shape'}${place}`);
}

/** How many lists and objects inside one another the arguments of somebody else's tool may have. */
export const DEEPEST_ARGUMENT = 64;

const ObjectArguments = z.record(z.string(), z.unknown());

/** Reads the arguments for a tool of somebody else's, which judges itself what is in them. */
export function parseObjectArguments(input: string): Parsed<Record<string, unknown>> {
  const parsed = parseArguments(ObjectArguments, input);
  if (!parsed.ok || !isNestedDeeper(parsed.value, DEEPEST_ARGUMENT)) return parsed;
  return failure('they are nested too deep');
}

function failure(reason: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message: `failed to parse function arguments: ${reason}` };
}
