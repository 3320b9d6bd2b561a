import { byId, make, makeButton } from '../dom.ts';

/** The questions of the daemon that are answered by a decision, each with what it asks. */
const QUESTIONS = {
  'item/commandExecution/requestApproval': 'May the agent run this command?',
  'item/fileChange/requestApproval': 'May the agent change these files?',
} as const;

export type Question = keyof typeof QUESTIONS;

export const APPROVAL_METHODS = Object.keys(QUESTIONS) as Question[];

/** What a person may decide, in the order of the buttons. */
const DECISIONS = [
  ['accept', 'Accept'],
  ['acceptForSession', 'Accept for this session'],
  ['decline', 'Decline'],
  ['cancel', 'Cancel the turn'],
] as const;

/** What is known of the files of a change, by the id of its item; the question itself does not tell them. */
export type DescribeItem = (itemId: string) => string | null;

/** Which question is meant; a member that is left out fits every question. */
interface Withdrawal {
  readonly turnId?: string;
  readonly itemId?: string;
}

interface Waiting {
  readonly turnId: unknown;
  readonly itemId: unknown;
  readonly answer: (decision: unknown) => void;
}

/** The questions that wait for a person's decision, each with its buttons. */
export class Approvals {
  readonly #region = byId('approvals');
  readonly #describeItem: DescribeItem;
  readonly #waiting = new Set<Waiting>();

  constructor(describeItem: DescribeItem) {
    this.#describeItem = describeItem;
  }

  /** Shows a question, and gives the answer to it once a person has decided or it was withdrawn. */
  ask(question: Question, params: unknown): Promise<{ decision: unknown }> {
    const fields = (params ?? {}) as Readonly<Record<string, unknown>>;
    return new Promise((resolve) => {
      const card = make('section', 'approval');
      const answer = (decision: unknown): void => {
        this.#waiting.delete(waiting);
        card.remove();
        resolve({ decision });
      };
      const waiting: Waiting = { turnId: fields['turnId'], itemId: fields['itemId'], answer };
      const buttons = choices(fields['availableDecisions']).map(([decision, text]) => {
        const button = makeButton(text, () => answer(decision));
        if (decision === 'accept') button.className = 'primary';
        return button;
      });
      const title = make('h2', '', QUESTIONS[question]);
      card.append(title, ...this.#subject(fields), make('div', 'row', ...buttons));
      card.setAttribute('role', 'group');
      card.setAttribute('aria-label', title.textContent);
      this.#waiting.add(waiting);
      this.#region.append(card);
      // Whoever is writing goes on writing; anyone else can decide at once.
      if (document.activeElement === document.body) buttons[0]?.focus();
    });
  }

  /** Takes questions away that nobody waits for any more. The answer that is given to them has no effect. */
  withdraw({ itemId, turnId }: Withdrawal = {}): void {
    for (const waiting of this.#waiting) {
      if (turnId !== undefined && waiting.turnId !== turnId) continue;
      if (itemId !== undefined && waiting.itemId !== itemId) continue;
      waiting.answer('cancel');
    }
  }

  #subject(fields: Readonly<Record<string, unknown>>): Node[] {
    const { command, cwd, grantRoot, itemId, reason } = fields;
    const described = typeof itemId === 'string' ? this.#describeItem(itemId) : null;
    const subject = typeof command === 'string' ? command : described;
    return [
      typeof reason === 'string' ? make('p', '', reason) : null,
      subject === null ? null : make('pre', '', subject),
      typeof cwd === 'string' ? make('p', 'hint', `in ${cwd}`) : null,
      typeof grantRoot === 'string'
        ? make('p', 'hint', `and from then on anything below ${grantRoot}`)
        : null,
    ].filter((node) => node !== null);
  }
}

/** The decisions that the daemon offers, or all of them where it names none. */
function choices(offered: unknown): (readonly [decision: unknown, text: string])[] {
  if (!Array.isArray(offered) || offered.length === 0) return [...DECISIONS];
  const named = DECISIONS.filter(([decision]) => offered.includes(decision));
  const amendments = (offered as unknown[]).flatMap((decision) => {
    const words = (decision as { acceptWithExecpolicyAmendment?: { execpolicy_amendment?: unknown } } | null)
      ?.acceptWithExecpolicyAmendment?.execpolicy_amendment;
    return Array.isArray(words) ? [[decision, `Always accept ${words.join(' ')}`] as const] : [];
  });
  return [...named.slice(0, 1), ...amendments, ...named.slice(1)];
}
