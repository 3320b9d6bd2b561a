import type { AskForApproval, SandboxPolicy } from '../../../protocol/index.ts';
import { isDangerous, isKnownSafe, shellQuoted } from '../../../exec/index.ts';
import { shortened } from '../../../util/shortened.ts';
import type { CommandPart, Judgement } from '../../rules/index.ts';

/** What is to become of a command before it runs. */
export type Verdict =
  /** `unsandboxed` is what rules allow to leave a sandbox, without anybody's consent. */
  | { readonly kind: 'run'; readonly unsandboxed: boolean }
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

/**
 * Decides whether a command runs, is asked about, or is refused: by the user's rules, and by the thread's policy for what no
 * rule says anything about. What rules allow in every part runs outside the sandbox.
 */
export function verdictOf(
  wanted: WantedCommand,
  policy: AskForApproval,
  sandbox: SandboxPolicy,
  judgement: Judgement,
): Verdict {
  if (judgement.kind === 'forbidden') return { kind: 'refuse', message: forbiddenText(judgement) };
  if (judgement.kind === 'allowed') return { kind: 'run', unsandboxed: !isUnconfined(sandbox) };
  const verdict = verdictByPolicy(wanted, natureOf(wanted.argv, judgement), policy, sandbox);
  if (verdict.kind === 'refuse' || judgement.kind !== 'prompt') return verdict;
  if (!rulesMayAsk(policy)) return { kind: 'refuse', message: promptRefusal(judgement, policy) };
  const reason = judgement.rule.justification ?? wanted.justification ?? ruleReason(judgement);
  return { kind: 'ask', unsandboxed: wanted.wantsEscalation && !isUnconfined(sandbox), reason };
}

type Nature = 'harmless' | 'dangerous' | 'other';

/** What a command is where rules do not decide, as far as no rule fits it. */
function natureOf(argv: readonly string[], judgement: Judgement): Nature {
  if (!('others' in judgement)) {
    if (isKnownSafe(argv)) return 'harmless';
    return isDangerous(argv) ? 'dangerous' : 'other';
  }
  const { others } = judgement;
  if (others.some(({ words }) => isDangerous(words))) return 'dangerous';
  return others.every(isHarmless) ? 'harmless' : 'other';
}

/** A pattern can become an option by way of a file's name. */
function isHarmless({ hasPattern, words }: CommandPart): boolean {
  return !hasPattern && isKnownSafe(words);
}

function verdictByPolicy(
  { justification, wantsEscalation }: WantedCommand,
  nature: Nature,
  policy: AskForApproval,
  sandbox: SandboxPolicy,
): Verdict {
  if (wantsEscalation && !mayAskForEscalation(policy)) {
    return { kind: 'refuse', message: escalationRefusal(policy) };
  }
  if (nature === 'harmless') return IN_SANDBOX;
  if (nature === 'dangerous') {
    if (canAsk(policy)) {
      const unsandboxed = wantsEscalation && !isUnconfined(sandbox);
      return { kind: 'ask', unsandboxed, reason: justification };
    }
    if (policy === 'never' && isUnconfined(sandbox)) return IN_SANDBOX;
    return { kind: 'refuse', message: dangerousRefusal(policy) };
  }
  if (policy === 'untrusted') return { kind: 'ask', unsandboxed: false, reason: justification };
  if (wantsEscalation && !isUnconfined(sandbox)) {
    return { kind: 'ask', unsandboxed: true, reason: justification };
  }
  return IN_SANDBOX;
}

const IN_SANDBOX: Verdict = { kind: 'run', unsandboxed: false };

function isUnconfined({ type }: SandboxPolicy): boolean {
  return type === 'dangerFullAccess' || type === 'externalSandbox';
}

function mayAskForEscalation(policy: AskForApproval): boolean {
  return typeof policy === 'object' ? policy.granular.sandbox_approval : policy === 'on-request';
}

/** Whether a command that the sandbox seems to have stopped may be tried again without it, if a person consents. */
export function mayRetryUnsandboxed(policy: AskForApproval): boolean {
  if (typeof policy === 'object') return policy.granular.sandbox_approval;
  return policy === 'on-failure' || policy === 'untrusted';
}

/** Whether anybody can be asked about the sandbox: what leaves it, what destroys, and what there is none for. */
export function canAsk(policy: AskForApproval): boolean {
  return typeof policy === 'object' ? policy.granular.sandbox_approval : policy !== 'never';
}

/** Whether anybody can be asked because a rule says so. */
function rulesMayAsk(policy: AskForApproval): boolean {
  return typeof policy === 'object' ? policy.granular.rules : policy !== 'never';
}

type ByRule = Extract<Judgement, { kind: 'prompt' | 'forbidden' }>;

function forbiddenText({ rule, words }: ByRule): string {
  const why = rule.justification === null ? '' : ` ${rule.justification}`;
  return `The command was refused: a rule of the user forbids \`${shown(words)}\`.${why}`;
}

function promptRefusal({ rule, words }: ByRule, policy: AskForApproval): string {
  const why = rule.justification === null ? '' : ` ${rule.justification}`;
  return `The command was refused: a rule of the user requires consent to \`${shown(words)}\`, and ${noAsking(policy, 'rules')}.${why}`;
}

function ruleReason({ words }: ByRule): string {
  return `A rule asks for consent to \`${shown(words)}\`.`;
}

/** The command that a rule fits, as far as a sentence has room for it. */
function shown(words: readonly string[]): string {
  return shortened(shellQuoted(words), LONGEST_SHOWN);
}

const LONGEST_SHOWN = 200;

function dangerousRefusal(policy: AskForApproval): string {
  return `The command was refused: it can destroy files without a way back, and ${noAsking(policy, 'sandbox_approval')}.`;
}

function escalationRefusal(policy: AskForApproval): string {
  const reason =
    typeof policy === 'object'
      ? noAsking(policy, 'sandbox_approval')
      : `the approval policy is \`${policy}\`, under which no command may ask to run outside the sandbox`;
  return `The command was refused: ${reason}. Call it again without \`sandbox_permissions\`.`;
}

function noAsking(policy: AskForApproval, kind: 'rules' | 'sandbox_approval'): string {
  const name = typeof policy === 'object' ? 'granular' : policy;
  const why = typeof policy === 'object' ? ` with \`${kind}\` set to false` : '';
  return `the approval policy is \`${name}\`${why}, so nobody can be asked`;
}
