import * as z from 'zod/mini';
import { shellArgv } from '../../../exec/index.ts';
import { parseArguments } from '../parameters.ts';
import type { Tool } from '../tool.ts';
import { AS_LINES } from './command-output.ts';
import { commandRequest } from './command-request.ts';
import { runShell, shellParameters } from './run-shell.ts';

const ShellCommandArguments = z.object({
  command: z.string().check(z.minLength(1, 'the command is empty')),
  login: z.nullish(z.boolean()),
  ...shellParameters,
});

/** Runs a script in the user's shell to its end. Models of earlier generations call it without being offered it. */
export const shellCommand: Tool = {
  names: ['shell_command'],
  isParallel: true,
  definition: () => null,
  run: async ({ callId, input }, context) => {
    const parsed = parseArguments(ShellCommandArguments, input);
    if (!parsed.ok) return parsed.message;
    const { command, login, timeout_ms } = parsed.value;
    const argv = shellArgv(command, context.workbench.commandVariables, { isLogin: login !== false });
    const request = commandRequest(parsed.value, argv, callId, context);
    return runShell(request, timeout_ms, context, AS_LINES);
  },
};
