import type { ThreadItem } from '../../protocol/index.ts';
import { looksDenied, parseActions, runCommand, shellQuoted } from '../../exec/index.ts';
import type { CommandResult, SandboxedCommand, SandboxPolicy } from '../../exec/index.ts';
import type { Consent } from './approvals.ts';
import { canAsk, mayRetryUnsandboxed, verdictOf } from './command-policy.ts';
import type { WantedCommand } from './command-policy.ts';
import type { ToolContext } from './tool.ts';

export interface CommandRequest extends WantedCommand {
  /** The id of the call, which is that of the item. */
  readonly itemId: string;
  /** Absolute. */
  readonly cwd: string;
  readonly timeoutMs: number;
}

/** A command was not run; the text is for the model. */
interface Refused {
  readonly kind: 'refused';
  readonly message: string;
}

/** What became of a command that the model asked for. */
export type CommandRun = { readonly kind: 'ended'; readonly result: CommandResult } | Refused;

const REJECTED = 'exec command rejected by user';
const NO_LIMITS: SandboxPolicy = { type: 'dangerFullAccess' };

/**
 * Runs a command to its end as the thread's policies allow it, and tells clients of it as an item. Rejects when the turn is
 * interrupted.
 */
export async function runCommandItem(request: CommandRequest, context: ToolContext): Promise<CommandRun> {
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
  const finished = item.completed(result);
  signal.throwIfAborted();
  return finished;
}

export type CommandPermit = Permitted | Refused;

interface Permitted {
  readonly kind: 'permitted';
  readonly command: SandboxedCommand;
  /** Whether a person has consented to it. */
  readonly isAccepted: boolean;
}

/**
 * Whether a command that has ended is to run again without the sandbox: where that seems to have stopped it, the policy
 * allows it and a person consents. Rejects when the turn is interrupted meanwhile.
 */
export async function consentToRetry(
  request: CommandRequest,
  context: ToolContext,
  { command, isAccepted }: Permitted,
  ended: Parameters<typeof looksDenied>[0],
): Promise<Consent> {
  const mayRetry = !context.signal.aborted && mayRetryUnsandboxed(context.settings.approvalPolicy);
  if (!mayRetry || !looksDenied(ended, command.kind)) return 'declined';
  if (isAccepted) return 'accepted';
  return askForCommand(request, context, 'The sandbox stopped it. Run it without the sandbox?');
}

/**
 * Decides how a command may run: in the sandbox, or outside it with a person's consent; never bare because there is no
 * sandbox. The item begins as soon as the command is not refused out of hand. Rejects when the turn is interrupted.
 */
export async function permitCommand(
  request: CommandRequest,
  context: ToolContext,
  item: CommandItem,
): Promise<CommandPermit> {
  const { approvalPolicy, sandbox } = context.settings;
  const verdict = verdictOf(request, approvalPolicy, sandbox);
  if (verdict.kind === 'refuse') return { kind: 'refused', message: verdict.message };
  item.started();
  const isAsked = verdict.kind === 'ask';
  if (isAsked) {
    const consent = await askForCommand(request, context, verdict.reason);
    if (consent !== 'accepted') return notAccepted(consent, item, context);
  }
  const command = await confined(request, context, isAsked && verdict.unsandboxed ? NO_LIMITS : sandbox);
  if (!('unavailable' in command)) return { kind: 'permitted', command, isAccepted: isAsked };
  context.workbench.noteNoSandbox(command.unavailable);
  if (!isAsked) {
    if (!canAsk(approvalPolicy)) return item.refused(`There is no sandbox for it: ${command.unavailable}`);
    const consent = await askForCommand(request, context, `There is no sandbox here: ${command.unavailable}`);
    if (consent !== 'accepted') return notAccepted(consent, item, context);
  }
  return { kind: 'permitted', command: bare(request, context), isAccepted: true };
}

/** The key under which consent for the session is remembered. */
function keyOf({ argv, cwd, wantsEscalation }: CommandRequest, { settings }: ToolContext): string {
  return JSON.stringify(['command', argv, cwd, settings.sandbox.type, wantsEscalation]);
}

async function askForCommand(
  request: CommandRequest,
  context: ToolContext,
  reason: string | null,
): Promise<Consent> {
  const { approvals } = context.workbench;
  const key = keyOf(request, context);
  if (approvals.isAcceptedForSession(key)) return 'accepted';
  const { argv, cwd, itemId } = request;
  const amendment = [...argv];
  return approvals.command(
    key,
    {
      threadId: context.threadId,
      turnId: context.turnId,
      itemId,
      startedAtMs: Date.now(),
      ...(reason === null ? {} : { reason }),
      command: shellQuoted(argv),
      cwd,
      commandActions: [...parseActions(argv, cwd)],
      proposedExecpolicyAmendment: amendment,
      availableDecisions: [
        'accept',
        { acceptWithExecpolicyAmendment: { execpolicy_amendment: amendment } },
        'cancel',
      ],
    },
    context.signal,
  );
}

export function notAccepted(consent: Consent, item: CommandItem, context: ToolContext): Refused {
  item.declined();
  if (consent === 'cancelled') context.cancelTurn();
  return { kind: 'refused', message: REJECTED };
}

function confined(
  { argv, cwd }: CommandRequest,
  { workbench }: ToolContext,
  policy: SandboxPolicy,
): ReturnType<ToolContext['workbench']['sandbox']['sandboxed']> {
  const env = workbench.commandVariables;
  return workbench.sandbox.sandboxed(argv, policy, { cwd, env, codexHome: workbench.codexHome });
}

/** A command that runs without a sandbox. */
export function bare({ argv }: CommandRequest, { workbench }: ToolContext): SandboxedCommand {
  return { kind: 'none', argv, env: workbench.commandVariables };
}

async function run(
  { argv, cwd, timeoutMs }: CommandRequest,
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
  return item.refused(`exec_command failed for \`${shellQuoted(argv)}\`: ${outcome.message}`);
}

type CommandItemView = Extract<ThreadItem, { type: 'commandExecution' }>;

/** The item by which clients follow one command. */
export class CommandItem {
  readonly #context: Pick<ToolContext, 'reporter'>;
  #view: CommandItemView;

  constructor(
    { argv, cwd, itemId }: Pick<CommandRequest, 'argv' | 'cwd' | 'itemId'>,
    context: Pick<ToolContext, 'reporter'>,
    source: CommandItemView['source'],
  ) {
    this.#context = context;
    this.#view = {
      type: 'commandExecution',
      id: itemId,
      command: shellQuoted(argv),
      cwd,
      processId: null,
      source,
      status: 'inProgress',
      commandActions: [...parseActions(argv, cwd)],
      aggregatedOutput: null,
      exitCode: null,
      durationMs: null,
    };
  }

  get id(): string {
    return this.#view.id;
  }

  /** The session in which the command goes on. */
  runsAs(processId: string): void {
    this.#view = { ...this.#view, processId };
  }

  started(): void {
    this.#context.reporter.itemStarted(this.#view);
  }

  completed(result: CommandResult): CommandRun {
    this.exited(result.exitCode, result.aggregated, result.durationMs);
    return { kind: 'ended', result };
  }

  exited(exitCode: number, aggregatedOutput: string, durationMs: number): void {
    const status = exitCode === 0 ? 'completed' : 'failed';
    this.#end({ status, aggregatedOutput, exitCode, durationMs });
  }

  declined(): void {
    this.#end({ status: 'declined' });
  }

  refused(message: string): Refused {
    this.#end({ status: 'failed', aggregatedOutput: message });
    return { kind: 'refused', message };
  }

  #end(end: Partial<CommandItemView>): void {
    this.#context.reporter.itemCompleted({ ...this.#view, ...end });
  }
}
