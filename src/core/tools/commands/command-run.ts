import { runCommand, shellQuoted, userShell, withoutProfile } from '../../../exec/index.ts';
import type { CommandResult, SandboxedCommand, SandboxPolicy } from '../../../exec/index.ts';
import type { ToolContext } from '../tool.ts';
import { askForCommand, consentToRetry, notAccepted } from './command-consent.ts';
import type { Permitted } from './command-consent.ts';
import { CommandItem, notStartedText } from './command-item.ts';
import type { Refused } from './command-item.ts';
import { canAsk, verdictOf } from './command-policy.ts';
import type { CommandRequest } from './command-request.ts';

/** A command that runs to its end. */
export interface TimedRequest extends CommandRequest {
  readonly timeoutMs: number;
}

/** What became of a command that the model asked for. */
export type CommandRun = { readonly kind: 'ended'; readonly result: CommandResult } | Refused;

const NO_LIMITS: SandboxPolicy = { type: 'dangerFullAccess' };

/**
 * Runs a command to its end as the thread's policies allow it, and tells clients of it as an item. Rejects when the turn is
 * interrupted.
 */
export async function runCommandItem(request: TimedRequest, context: ToolContext): Promise<CommandRun> {
  const item = new CommandItem(request, context, 'agent');
  const permit = await permitCommand(request, context, item);
  if (permit.kind === 'refused') return permit;
  const outcome = await run(request, context, permit.command, item);
  if (outcome.kind === 'refused') return outcome;
  const consent = await consentToRetry(request, context, permit, outcome.result);
  if (consent === 'cancelled') return notAccepted(consent, item, context);
  if (consent === 'declined') return completed(item, outcome.result, context);
  const again = await run(request, context, bare(request, context), item);
  return again.kind === 'refused' ? again : completed(item, again.result, context);
}

/** The model is not told the output of a command that the interruption of the turn has ended. */
function completed(item: CommandItem, result: CommandResult, { signal }: ToolContext): CommandRun {
  item.completed(result);
  signal.throwIfAborted();
  return { kind: 'ended', result };
}

/**
 * Decides how a command may run: in the sandbox, or outside it by a rule or with a person's consent, who is told of a sandbox
 * that is missing before anything is asked. The item begins as soon as the command is not refused out of hand. Rejects when the
 * turn is interrupted.
 */
export async function permitCommand(
  request: CommandRequest,
  context: ToolContext,
  item: CommandItem,
): Promise<Permitted | Refused> {
  const { settings, workbench } = context;
  const { approvalPolicy, sandbox } = settings;
  const judgement = workbench.rules.judge(request.argv, userShell(workbench.commandVariables));
  const verdict = verdictOf(request, approvalPolicy, sandbox, judgement);
  if (verdict.kind === 'refuse') return { kind: 'refused', message: verdict.message };
  if (verdict.kind === 'run' && verdict.unsandboxed) {
    const command = byRule(request, context);
    item.runsBy(command.argv);
    item.started();
    return { kind: 'permitted', command, isAccepted: false, judgement };
  }
  item.started();
  const found = await confined(request, context, verdict.unsandboxed ? NO_LIMITS : sandbox);
  const missing = 'unavailable' in found ? found.unavailable : null;
  const command = 'unavailable' in found ? bare(request, context) : found;
  if (missing !== null) {
    workbench.noteNoSandbox(missing);
    if (!canAsk(approvalPolicy)) return item.refused(`There is no sandbox for it: ${missing}`);
  }
  const isAsked = verdict.kind === 'ask' || missing !== null;
  if (isAsked) {
    const own = verdict.kind === 'ask' ? verdict.reason : null;
    const reason =
      missing === null ? own : [own, `There is no sandbox here: ${missing}`].filter(Boolean).join(' ');
    const question = { reason, isBare: missing !== null, judgement };
    const consent = await askForCommand(request, context, question);
    if (consent !== 'accepted') return notAccepted(consent, item, context);
  }
  return { kind: 'permitted', command, isAccepted: isAsked, judgement };
}

function confined(
  { argv, cwd }: CommandRequest,
  { settings, workbench }: ToolContext,
  policy: SandboxPolicy,
): ReturnType<ToolContext['workbench']['sandbox']['sandboxed']> {
  const env = workbench.commandVariables;
  const { codexHome } = workbench;
  return workbench.sandbox.sandboxed(argv, policy, { cwd, workspace: settings.cwd, env, codexHome });
}

/**
 * A command that rules let leave the sandbox. Nobody has consented to what a command in the sandbox may have written into a
 * profile before, where the user's own directory is writable, so no shell reads one.
 */
function byRule({ argv }: CommandRequest, { workbench }: ToolContext): SandboxedCommand {
  const { BASH_ENV: _, ENV: __, SHLVL: level = '', ...env } = workbench.commandVariables;
  // Bash takes itself for the first one of a remote login otherwise, and reads a profile even so.
  const variables = { ...env, SHLVL: Number(level) >= 1 ? level : '1' };
  return { kind: 'none', argv: withoutProfile(argv), env: variables };
}

/** A command that runs without a sandbox. */
export function bare({ argv }: CommandRequest, { workbench }: ToolContext): SandboxedCommand {
  return { kind: 'none', argv, env: workbench.commandVariables };
}

async function run(
  { argv, cwd, timeoutMs }: TimedRequest,
  { reporter, signal, workbench }: ToolContext,
  command: SandboxedCommand,
  item: CommandItem,
): Promise<CommandRun> {
  const outcome = await runCommand({
    argv: command.argv,
    cwd,
    env: command.env,
    groups: workbench.groups,
    timeoutMs,
    signal,
    onOutput: (text) => reporter.commandOutput(item.id, text),
  });
  if (outcome.kind === 'ended') return { kind: 'ended', result: outcome };
  return item.refused(notStartedText(shellQuoted(argv), outcome.message));
}
