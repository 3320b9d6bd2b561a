import type * as z from 'zod/mini';

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

function failure(reason: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message: `failed to parse function arguments: ${reason}` };
}
