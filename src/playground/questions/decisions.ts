import type {
  CommandExecutionApprovalDecision,
  FileChangeApprovalDecision,
  NetworkPolicyAmendment,
} from '../../protocol/index.ts';

/** Something that a person may decide, as the button says it. */
export interface Choice<D> {
  readonly decision: D;
  readonly text: string;
}

/** What is always a valid answer, in the order of the buttons. */
const ACCEPTING = [
  { decision: 'accept', text: 'Accept' },
  { decision: 'acceptForSession', text: 'Accept for this session' },
] as const;
const REFUSING = [
  { decision: 'decline', text: 'Decline' },
  { decision: 'cancel', text: 'Cancel the turn' },
] as const;

export const FILE_CHANGE_CHOICES: readonly Choice<FileChangeApprovalDecision>[] = [...ACCEPTING, ...REFUSING];

/** The decisions on a command: those that always hold, and the rules that the daemon offers to make. */
export function commandChoices(
  offered: readonly CommandExecutionApprovalDecision[] | null | undefined,
): readonly Choice<CommandExecutionApprovalDecision>[] {
  const rules = (offered ?? []).flatMap((decision) => {
    const text = ruleText(decision);
    return text === null ? [] : [{ decision, text }];
  });
  return [...ACCEPTING, ...rules, ...REFUSING];
}

function ruleText(decision: CommandExecutionApprovalDecision): string | null {
  if (typeof decision === 'string') return null;
  if ('applyNetworkPolicyAmendment' in decision) {
    return networkText(decision.applyNetworkPolicyAmendment.network_policy_amendment);
  }
  const words = decision.acceptWithExecpolicyAmendment.execpolicy_amendment;
  return `Always allow commands that begin with ${words.map(shellWord).join(' ')}`;
}

function networkText({ action, host }: NetworkPolicyAmendment): string {
  return `${action === 'allow' ? 'Always' : 'Never'} allow connections to ${host}`;
}

/** A word as one writes it in a shell, so that one sees where it ends. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
