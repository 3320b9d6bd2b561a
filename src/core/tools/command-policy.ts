import type { AskForApproval, SandboxPolicy } from '../../protocol/index.ts';
import { isDangerous, isKnownSafe } from '../../exec/index.ts';

/** What is to become of a command before it runs. */
export type Verdict =
  | { readonly kind: 'run' }
  /** `unsandboxed` is what the model asked for, and what consent is about. */
  | { readonly kind: 'ask'; readonly unsandboxed: boolean; readonly reason: string | null }
  | { readonly kind: 'refuse'; readonly message: string };

export interface WantedCommand {
  readonly argv: readonly string[];
  /** The model wants it to run outside the sandbox. */
  readonly wantsEscalation: boolean;
  /** Why, in the model's words. */
  readonly justification: string | null;
}

/** Decides by the thread's policy whether a command runs in the sandbox, is asked about, or is refused. */
export function verdictOf(
  { argv, justification, wantsEscalation }: WantedCommand,
  policy: AskForApproval,
  sandbox: SandboxPolicy,
): Verdict {
  const isUnconfined = sandbox.type === 'dangerFullAccess' || sandbox.type === 'externalSandbox';
  if (wantsEscalation && policy !== 'on-request' && typeof policy !== 'object') {
    return { kind: 'refuse', message: escalationRefusal(policy) };
  }
  if (isKnownSafe(argv)) return { kind: 'run' };
  if (isDangerous(argv)) {
    if (policy !== 'never') return { kind: 'ask', unsandboxed: false, reason: justification };
    if (!isUnconfined) return { kind: 'refuse', message: DANGEROUS };
    return { kind: 'run' };
  }
  if (policy === 'untrusted') return { kind: 'ask', unsandboxed: false, reason: justification };
  if (wantsEscalation && !isUnconfined) return { kind: 'ask', unsandboxed: true, reason: justification };
  return { kind: 'run' };
}

const DANGEROUS =
  'The command was refused: it can destroy files without a way back, and the approval policy is `never`, so nobody can be asked.';

function escalationRefusal(policy: string): string {
  return `The command was refused: the approval policy is \`${policy}\`, under which no command may ask to run outside the sandbox. Call it again without \`sandbox_permissions\`.`;
}

/** Whether a command that the sandbox seems to have stopped may be tried again without it, if a person consents. */
export function mayRetryUnsandboxed(policy: AskForApproval): boolean {
  if (typeof policy === 'object') return policy.granular.sandbox_approval;
  return policy === 'on-failure' || policy === 'untrusted';
}

/** Whether anybody can be asked at all. */
export function canAsk(policy: AskForApproval): boolean {
  return policy !== 'never';
}
