import * as z from 'zod/mini';
import { parseArguments } from '../parameters.ts';
import type { Tool } from '../tool.ts';
import { AS_JSON } from './command-output.ts';
import { commandRequest } from './command-request.ts';
import { runShell, shellParameters } from './run-shell.ts';

const ShellArguments = z.object({
  command: z.array(z.string()).check(z.minLength(1, 'the command is empty')),
  ...shellParameters,
});

/** Runs a command to its end. Models of earlier generations call it without being offered it. */
export const shell: Tool = {
  names: ['shell', 'container.exec', 'local_shell'],
  isParallel: true,
  definition: () => null,
  run: async ({ callId, input }, context) => {
    const parsed = parseArguments(ShellArguments, input);
    if (!parsed.ok) return parsed.message;
    const { command, timeout_ms } = parsed.value;
    const request = commandRequest(parsed.value, command, callId, context);
    return runShell(request, timeout_ms, context, AS_JSON);
  },
};
