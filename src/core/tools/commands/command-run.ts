import type { ThreadItem } from '../../protocol/index.ts';
import {
  looksDenied,
  parseActions,
  runCommand,
  shellQuoted,
  truncatedForModel,
  userShell,
} from '../../exec/index.ts';
import type { CommandResult, SandboxedCommand, SandboxPolicy } from '../../exec/index.ts';
import { proposedAmendment } from '../rules/index.ts';
import type { Judgement } from '../rules/index.ts';
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
  /** The words with which the model wishes such commands to be allowed from now on; null where it has none in mind. */
  readonly prefixRule: readonly string[] | null;
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
  const reason = 'The sandbox stopped it. Run it without the sandbox?';
  return askForCommand(request, context, { reason, isBare: true });
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
): Promise<CommandPermit> {
  const { approvalPolicy, sandbox } = context.settings;
  const verdict = verdictOf(request, approvalPolicy, sandbox, judged(request, context));
  if (verdict.kind === 'refuse') return { kind: 'refused', message: verdict.message };
  item.started();
  const found = await confined(request, context, verdict.unsandboxed ? NO_LIMITS : sandbox);
  const missing = 'unavailable' in found ? found.unavailable : null;
  const command = 'unavailable' in found ? bare(request, context) : found;
  if (missing !== null) {
    context.workbench.noteNoSandbox(missing);
    if (!canAsk(approvalPolicy)) return item.refused(`There is no sandbox for it: ${missing}`);
  }
  const isAsked = verdict.kind === 'ask' || missing !== null;
  if (isAsked) {
    const own = verdict.kind === 'ask' ? verdict.reason : null;
    const reason =
      missing === null ? own : [own, `There is no sandbox here: ${missing}`].filter(Boolean).join(' ');
    const consent = await askForCommand(request, context, { reason, isBare: missing !== null });
    if (consent !== 'accepted') return notAccepted(consent, item, context);
  }
  return { kind: 'permitted', command, isAccepted: isAsked };
}

function judged({ argv }: CommandRequest, { workbench }: ToolContext): Judgement {
  return workbench.rules.judge(argv, userShell(workbench.commandVariables));
}

/** What a rule could say of such commands; null where one says something already, or there is nothing that it could say. */
function amendmentFor(request: CommandRequest, context: ToolContext): string[] | null {
  if (judged(request, context).kind !== 'none') return null;
  const shell = userShell(context.workbench.commandVariables);
  return proposedAmendment(request.argv, request.prefixRule, shell);
}

/** The key under which consent for the session is remembered. */
function keyOf(
  { argv, cwd, wantsEscalation }: CommandRequest,
  { settings }: ToolContext,
  isBare: boolean,
): string {
  return JSON.stringify(['command', argv, cwd, settings.sandbox.type, wantsEscalation, isBare]);
}

interface CommandQuestion {
  readonly reason: string | null;
  /** Whether the command is to run without a sandbox that it needs. */
  readonly isBare: boolean;
}

async function askForCommand(
  request: CommandRequest,
  context: ToolContext,
  { isBare, reason }: CommandQuestion,
): Promise<Consent> {
  const { approvals } = context.workbench;
  const key = keyOf(request, context, isBare);
  if (approvals.isAcceptedForSession(key)) return 'accepted';
  const { argv, cwd, itemId } = request;
  const amendment = amendmentFor(request, context);
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
      ...(amendment === null ? {} : { proposedExecpolicyAmendment: amendment }),
      availableDecisions: [
        'accept',
        ...(amendment === null
          ? []
          : [{ acceptWithExecpolicyAmendment: { execpolicy_amendment: amendment } }]),
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
  { settings, workbench }: ToolContext,
  policy: SandboxPolicy,
): ReturnType<ToolContext['workbench']['sandbox']['sandboxed']> {
  const env = workbench.commandVariables;
  const { codexHome } = workbench;
  return workbench.sandbox.sandboxed(argv, policy, { cwd, workspace: settings.cwd, env, codexHome });
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
  return item.refused(notStartedText(shellQuoted(argv), outcome.message));
}

/** What the model is told of a command that could not be started; a long one may be why. */
export function notStartedText(command: string, reason: string): string {
  const limit = { bytes: LONGEST_FAILURE_BYTES };
  return `exec_command failed for \`${truncatedForModel(command, limit)}\`: ${truncatedForModel(reason, limit)}`;
}

const LONGEST_FAILURE_BYTES = 2_048;

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
