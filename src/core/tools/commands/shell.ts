import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { truncatedWithLineCount } from '../../exec/index.ts';
import type { CommandResult } from '../../exec/index.ts';
import { runCommandItem } from './command-run.ts';
import type { CommandRequest } from './command-run.ts';
import { parseArguments } from './parameters.ts';
import { applyPatchOfCommand } from './patch-run.ts';
import type { Tool, ToolContext, ToolOutput } from './tool.ts';

/** How long a command may take unless the model says otherwise. */
export const DEFAULT_TIMEOUT_MS = 10_000;

/** How much of an output the model is given, in bytes. */
export const OUTPUT_LIMIT = { bytes: 10_000 };

/** What calls of every shell tool may say of their own sandboxing. */
export const approvalParameters = {
  sandbox_permissions: z.nullish(z.enum(['use_default', 'require_escalated'])),
  justification: z.nullish(z.string()),
  prefix_rule: z.nullish(z.array(z.string())),
};

const ShellArguments = z.object({
  command: z.array(z.string()).check(z.minLength(1, 'the command is empty')),
  workdir: z.nullish(z.string()),
  timeout_ms: z.nullish(z.int().check(z.gte(0))),
  ...approvalParameters,
});

/** Runs a command to its end. Models of earlier generations call it without being offered it. */
export const shell: Tool = {
  names: ['shell', 'container.exec', 'local_shell'],
  isParallel: true,
  definition: () => null,
  run: async ({ callId, input }, context) => {
    const parsed = parseArguments(ShellArguments, input);
    if (!parsed.ok) return parsed.message;
    const { command, justification, prefix_rule, sandbox_permissions, timeout_ms, workdir } = parsed.value;
    return runShell(
      {
        argv: command,
        cwd: resolve(context.settings.cwd, workdir ?? '.'),
        timeoutMs: timeout_ms ?? DEFAULT_TIMEOUT_MS,
        itemId: callId,
        wantsEscalation: sandbox_permissions === 'require_escalated',
        justification: justification ?? null,
        prefixRule: prefix_rule ?? null,
      },
      context,
      jsonOutput,
    );
  },
};

/** Runs a command to its end, or applies the patch that is in it. `outputOf` words its result for the model. */
export async function runShell(
  request: CommandRequest,
  context: ToolContext,
  outputOf: (result: CommandResult, durationMs: number) => string,
): Promise<ToolOutput> {
  const patched = applyPatchOfCommand(request.argv, request, context);
  if (patched !== null) return patched;
  const startedAt = performance.now();
  const run = await runCommandItem(request, context);
  return run.kind === 'refused' ? run.message : outputOf(run.result, performance.now() - startedAt);
}

/** The output as models of this tool know it: JSON, with the exit code beside it. */
function jsonOutput(result: CommandResult, durationMs: number): string {
  const output = truncatedWithLineCount(timedOutput(result, durationMs), OUTPUT_LIMIT, timedLines(result));
  const duration_seconds = Math.round(result.durationMs / 100) / 10;
  return JSON.stringify({ output, metadata: { exit_code: result.exitCode, duration_seconds } });
}

/** What a command printed, behind a line that says so where its time was over. */
export function timedOutput(result: CommandResult, durationMs: number): string {
  if (!result.timedOut) return result.aggregated;
  return `command timed out after ${Math.round(durationMs)} milliseconds\n${result.aggregated}`;
}

/** The lines of `timedOutput`, those that were left out among them. */
export function timedLines({ lines, timedOut }: CommandResult): number {
  return timedOut ? lines + 1 : lines;
}
