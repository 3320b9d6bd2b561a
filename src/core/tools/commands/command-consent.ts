import { looksDenied, parseActions, shellQuoted, userShell } from '../../../exec/index.ts';
import type { SandboxedCommand } from '../../../exec/index.ts';
import { proposedAmendment } from '../../rules/index.ts';
import type { Judgement } from '../../rules/index.ts';
import type { Consent } from '../approvals.ts';
import type { ToolContext } from '../tool.ts';
import type { CommandItem, Refused } from './command-item.ts';
import { mayRetryUnsandboxed } from './command-policy.ts';
import type { CommandRequest } from './command-request.ts';

/** How a command may run. */
export interface Permitted {
  readonly kind: 'permitted';
  readonly command: SandboxedCommand;
  /** Whether a person has consented to it. */
  readonly isAccepted: boolean;
  /** What the rules have said of it. */
  readonly judgement: Judgement;
}

export interface CommandQuestion {
  readonly reason: string | null;
  /** Whether the command is to run without a sandbox that it needs. */
  readonly isBare: boolean;
  readonly judgement: Judgement;
}

/** Asks a person whether a command may run, unless one has said so for the session. Rejects when the turn is interrupted. */
export async function askForCommand(
  request: CommandRequest,
  context: ToolContext,
  { isBare, judgement, reason }: CommandQuestion,
): Promise<Consent> {
  const { approvals } = context.workbench;
  const key = keyOf(request, context, isBare);
  if (approvals.isAcceptedForSession(key)) return 'accepted';
  const { argv, cwd, itemId } = request;
  const amendment = amendmentFor(request, context, judgement);
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

/**
 * Whether a command that has ended is to run again without the sandbox: where that seems to have stopped it, the policy
 * allows it and a person consents. Rejects when the turn is interrupted meanwhile.
 */
export async function consentToRetry(
  request: CommandRequest,
  context: ToolContext,
  { command, isAccepted, judgement }: Permitted,
  ended: Parameters<typeof looksDenied>[0],
): Promise<Consent> {
  const mayRetry = !context.signal.aborted && mayRetryUnsandboxed(context.settings.approvalPolicy);
  if (!mayRetry || !looksDenied(ended, command.kind)) return 'declined';
  if (isAccepted) return 'accepted';
  const reason = 'The sandbox stopped it. Run it without the sandbox?';
  return askForCommand(request, context, { reason, isBare: true, judgement });
}

const REJECTED = 'exec command rejected by user';

/** Ends the item of a command that nobody consented to, and the turn where a person said so. */
export function notAccepted(consent: Consent, item: CommandItem, context: ToolContext): Refused {
  item.declined();
  if (consent === 'cancelled') context.cancelTurn();
  return { kind: 'refused', message: REJECTED };
}

/** What a rule could say of such commands; null where one says something already, or there is nothing that it could say. */
function amendmentFor(
  { argv, prefixRule }: CommandRequest,
  { workbench }: ToolContext,
  judgement: Judgement,
): string[] | null {
  if (judgement.kind !== 'none') return null;
  return proposedAmendment(argv, prefixRule, userShell(workbench.commandVariables));
}

/** The key under which consent for the session is remembered. */
function keyOf(
  { argv, cwd, wantsEscalation }: CommandRequest,
  { settings }: ToolContext,
  isBare: boolean,
): string {
  return JSON.stringify(['command', argv, cwd, settings.sandbox.type, wantsEscalation, isBare]);
}
