import type { Ask, Questions } from '../questions.ts';

/** How many answers for the whole session are remembered; the oldest is forgotten. */
const MAX_REMEMBERED = 1_024;

/** What a person has said to something that needs consent. */
export type Consent = 'accepted' | 'declined' | 'cancelled';

type WaitingFlag = 'waitingOnApproval' | 'waitingOnUserInput';

/** Asks people for their consent, and remembers what holds for the session. */
export class Approvals {
  readonly #ask: Ask;
  readonly #onWaiting: (flag: WaitingFlag, isWaiting: boolean) => void;
  readonly #allow: (words: readonly string[]) => boolean;
  readonly #forSession = new Set<string>();

  /** `allow` makes a rule for commands that begin with these words, and gives whether it holds. */
  constructor(
    ask: Ask,
    onWaiting: (flag: WaitingFlag, isWaiting: boolean) => void,
    allow: (words: readonly string[]) => boolean,
  ) {
    this.#ask = ask;
    this.#onWaiting = onWaiting;
    this.#allow = allow;
  }

  /** Whether a person has consented to this, as the key names it, for the whole session. */
  isAcceptedForSession(key: string): boolean {
    return this.#forSession.has(key);
  }

  /** Asks whether a command may run. Nobody to ask counts as a no. Rejects when the signal aborts. */
  async command(
    key: string,
    params: Questions['commandApproval']['params'],
    signal: AbortSignal,
  ): Promise<Consent> {
    const answer = await this.#waiting('waitingOnApproval', () =>
      this.#ask('commandApproval', params, signal),
    );
    const decision = answer?.decision ?? 'decline';
    if (typeof decision === 'object') {
      if ('applyNetworkPolicyAmendment' in decision) return 'declined';
      const { execpolicy_amendment } = decision.acceptWithExecpolicyAmendment;
      if (!this.#allow(execpolicy_amendment)) this.#remember(key);
      return 'accepted';
    }
    return this.#consent(key, decision);
  }

  /** Asks whether files may be changed; the keys name the files. Otherwise like `command`. */
  async fileChange(
    keys: readonly string[],
    params: Questions['fileChangeApproval']['params'],
    signal: AbortSignal,
  ): Promise<Consent> {
    const answer = await this.#waiting('waitingOnApproval', () =>
      this.#ask('fileChangeApproval', params, signal),
    );
    const decision = answer?.decision ?? 'decline';
    if (decision === 'acceptForSession') for (const key of keys) this.#remember(key);
    return this.#consent(null, decision);
  }

  /** Asks the agent's own questions. Null where nobody answers. Rejects when the signal aborts. */
  userInput(
    params: Questions['userInput']['params'],
    signal: AbortSignal,
  ): Promise<Questions['userInput']['answer'] | null> {
    return this.#waiting('waitingOnUserInput', () => this.#ask('userInput', params, signal));
  }

  #consent(key: string | null, decision: 'accept' | 'acceptForSession' | 'decline' | 'cancel'): Consent {
    if (decision === 'cancel') return 'cancelled';
    if (decision === 'decline') return 'declined';
    if (decision === 'acceptForSession' && key !== null) this.#remember(key);
    return 'accepted';
  }

  #remember(key: string): void {
    this.#forSession.add(key);
    const [oldest] = this.#forSession;
    if (this.#forSession.size > MAX_REMEMBERED && oldest !== undefined) this.#forSession.delete(oldest);
  }

  async #waiting<T>(flag: WaitingFlag, ask: () => Promise<T>): Promise<T> {
    this.#onWaiting(flag, true);
    try {
      return await ask();
    } finally {
      this.#onWaiting(flag, false);
    }
  }
}
