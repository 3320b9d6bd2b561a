import * as z from 'zod/mini';
import { applyPatchOfCommand } from '../patch-run.ts';
import type { ToolContext, ToolOutput } from '../tool.ts';
import type { OutputForm } from './command-output.ts';
import { commandParameters } from './command-request.ts';
import type { CommandRequest } from './command-request.ts';
import { runCommandItem } from './command-run.ts';

/** How long a command may take unless the model says otherwise. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** What calls may say of a command that runs to its end. */
export const shellParameters = {
  timeout_ms: z.nullish(z.int().check(z.gte(0))),
  ...commandParameters,
};

/** Runs a command to its end, or applies the patch that is in it. `timeoutMs` is what the model says, if anything. */
export async function runShell(
  request: CommandRequest,
  timeoutMs: number | null | undefined,
  context: ToolContext,
  form: OutputForm,
): Promise<ToolOutput> {
  const patched = applyPatchOfCommand(request.argv, request, context, form);
  if (patched !== null) return patched;
  const startedAt = performance.now();
  const run = await runCommandItem({ ...request, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS }, context);
  return run.kind === 'refused' ? run.message : form.ofCommand(run.result, performance.now() - startedAt);
}
