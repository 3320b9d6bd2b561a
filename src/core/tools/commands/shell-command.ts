import { resolve } from 'node:path';
import * as z from 'zod/mini';
import { shellArgv, truncatedForModel } from '../../exec/index.ts';
import type { CommandResult } from '../../exec/index.ts';
import { parseArguments } from './parameters.ts';
import {
  approvalParameters,
  DEFAULT_TIMEOUT_MS,
  OUTPUT_LIMIT,
  runShell,
  timedLines,
  timedOutput,
} from './shell.ts';
import type { Tool } from './tool.ts';

const ShellCommandArguments = z.object({
  command: z.string().check(z.minLength(1, 'the command is empty')),
  workdir: z.nullish(z.string()),
  timeout_ms: z.nullish(z.int().check(z.gte(0))),
  login: z.nullish(z.boolean()),
  ...approvalParameters,
});

/** Runs a script in the user's shell to its end. Models of earlier generations call it without being offered it. */
export const shellCommand: Tool = {
  names: ['shell_command'],
  isParallel: true,
  definition: () => null,
  run: async ({ callId, input }, context) => {
    const parsed = parseArguments(ShellCommandArguments, input);
    if (!parsed.ok) return parsed.message;
    const { command, justification, login, prefix_rule, sandbox_permissions, timeout_ms, workdir } =
      parsed.value;
    return runShell(
      {
        argv: shellArgv(command, context.workbench.commandVariables, { isLogin: login !== false }),
        cwd: resolve(context.settings.cwd, workdir ?? '.'),
        timeoutMs: timeout_ms ?? DEFAULT_TIMEOUT_MS,
        itemId: callId,
        wantsEscalation: sandbox_permissions === 'require_escalated',
        justification: justification ?? null,
        prefixRule: prefix_rule ?? null,
      },
      context,
      linesOutput,
    );
  },
};

/** The output as models of this tool know it: lines, the exit code first. */
function linesOutput(result: CommandResult, durationMs: number): string {
  const printed = timedOutput(result, durationMs);
  const shown = truncatedForModel(printed, OUTPUT_LIMIT);
  return [
    `Exit code: ${result.exitCode}`,
    `Wall time: ${Math.round(result.durationMs / 100) / 10} seconds`,
    ...(shown === printed ? [] : [`Total output lines: ${timedLines(result)}`]),
    'Output:',
    shown,
  ].join('\n');
}
