import { runCommand, shellArgv, truncatedWithLineCount } from '../../../exec/index.ts';
import type { CommandOutcome } from '../../../exec/index.ts';
import type { ToolContext } from '../tool.ts';
import { CommandItem } from './command-item.ts';
import { OUTPUT_LIMIT } from './command-output.ts';

export interface UserCommand {
  readonly itemId: string;
  /** A script for the user's shell. */
  readonly command: string;
  /** Absolute. */
  readonly cwd: string;
}

/** What a command of the user's own may take, in milliseconds. */
const LONGEST_MS = 60 * 60 * 1_000;

/**
 * Runs a command of the user's own to its end, outside the sandbox and without being asked, and tells clients of it as an item.
 * Gives what the model is told of it. The signal ends the command. Never rejects.
 */
export async function runUserCommand(
  { command, cwd, itemId }: UserCommand,
  { reporter, signal, workbench }: Pick<ToolContext, 'reporter' | 'signal' | 'workbench'>,
): Promise<string> {
  const env = workbench.commandVariables;
  const argv = shellArgv(command, env, { isLogin: true });
  const item = new CommandItem({ argv, cwd, itemId }, { reporter }, 'userShell');
  item.started();
  const outcome = await runCommand({
    argv,
    cwd,
    env,
    groups: workbench.groups,
    timeoutMs: LONGEST_MS,
    signal,
    onOutput: (text) => reporter.commandOutput(itemId, text),
  });
  if (outcome.kind === 'ended') item.completed(outcome);
  else item.refused(outcome.message);
  return userCommandText(command, outcome);
}

/** A command of the user's own and what came of it, as the model is told. */
export function userCommandText(command: string, outcome: CommandOutcome): string {
  const isOver = outcome.kind === 'ended';
  return [
    '<user_shell_command>',
    '<command>',
    command,
    '</command>',
    '<result>',
    `Exit code: ${isOver ? outcome.exitCode : -1}`,
    `Duration: ${((isOver ? outcome.durationMs : 0) / 1000).toFixed(4)} seconds`,
    'Output:',
    truncatedWithLineCount(outputOf(outcome), OUTPUT_LIMIT, linesOf(outcome)),
    '</result>',
    '</user_shell_command>',
  ].join('\n');
}

function outputOf(outcome: CommandOutcome): string {
  if (outcome.kind === 'notStarted') return outcome.message;
  if (outcome.aborted) return `(the user stopped it)\n${outcome.aggregated}`;
  return outcome.timedOut ? `(it took too long and was stopped)\n${outcome.aggregated}` : outcome.aggregated;
}

/** The lines of that, those that were left out among them. */
function linesOf(outcome: CommandOutcome): number {
  if (outcome.kind === 'notStarted') return 1;
  return outcome.aborted || outcome.timedOut ? outcome.lines + 1 : outcome.lines;
}
