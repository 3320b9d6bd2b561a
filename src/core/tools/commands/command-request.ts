import { resolve } from 'node:path';
import * as z from 'zod/mini';
import type { ToolContext } from '../tool.ts';
import type { WantedCommand } from './command-policy.ts';

/** A command that the model wants to be run. */
export interface CommandRequest extends WantedCommand {
  /** The id of the call, which is that of the item. */
  readonly itemId: string;
  /** Absolute. */
  readonly cwd: string;
  /** The words with which the model wishes such commands to be allowed from now on; null where it has none in mind. */
  readonly prefixRule: readonly string[] | null;
}

/** What calls of every shell tool may say of where the command runs, and of its own sandboxing. */
export const commandParameters = {
  workdir: z.nullish(z.string()),
  sandbox_permissions: z.nullish(z.enum(['use_default', 'require_escalated'])),
  justification: z.nullish(z.string()),
  prefix_rule: z.nullish(z.array(z.string())),
};

const CommandParameters = z.object(commandParameters);

/** The command of a call, of which `argv` is what runs. */
export function commandRequest(
  { justification, prefix_rule, sandbox_permissions, workdir }: z.infer<typeof CommandParameters>,
  argv: readonly string[],
  itemId: string,
  { settings }: ToolContext,
): CommandRequest {
  return {
    argv,
    cwd: resolve(settings.cwd, workdir ?? '.'),
    itemId,
    wantsEscalation: sandbox_permissions === 'require_escalated',
    justification: justification ?? null,
    prefixRule: prefix_rule ?? null,
  };
}
