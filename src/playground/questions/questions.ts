import type { BrowserClient } from '../../client/browser/index.ts';
import { BrowserClientError } from '../../client/browser/index.ts';
import type { FileUpdateChange } from '../../protocol/index.ts';
import type { Log } from '../conversation/index.ts';
import { byId } from '../dom.ts';
import { commandCard, fileChangeCard } from './approval-cards.ts';
import type { Answer, Card } from './card.ts';
import { elicitationCard } from './elicitation-card.ts';
import { userInputCard } from './user-input-card.ts';

export interface QuestionsOptions {
  readonly log: Log;
  /** The changes that an item of the open thread is to make. */
  readonly changesOf: (itemId: string) => readonly FileUpdateChange[];
  readonly onCancelTurn: (threadId: string, turnId: string) => void;
  /** The question that had the focus is gone, and there is no other. */
  readonly onLeft: () => void;
}

interface Question {
  readonly threadId: string;
  readonly makeCard: () => Card;
  card: Card | null;
}

/** Everything that the daemon asks a person, each question as a card below the conversation of its thread. */
export class Questions {
  readonly #options: QuestionsOptions;
  readonly #region = byId('questions');
  readonly #told = byId('asked');
  readonly #open = new Set<Question>();
  #threadId: string | null = null;

  constructor(options: QuestionsOptions) {
    this.#options = options;
  }

  /** Answers what the daemon asks on a new connection. */
  listen(client: BrowserClient): void {
    const { changesOf, onCancelTurn } = this.#options;
    client.onRequest('item/commandExecution/requestApproval', (params, signal) =>
      this.#ask(params, signal, (answer) => commandCard(params, answer)),
    );
    client.onRequest('item/fileChange/requestApproval', (params, signal) =>
      this.#ask(params, signal, (answer) => fileChangeCard(params, changesOf(params.itemId), answer)),
    );
    client.onRequest('item/tool/requestUserInput', (params, signal) =>
      this.#ask(params, signal, (answer) =>
        userInputCard(params, { answer, onCancelTurn: () => onCancelTurn(params.threadId, params.turnId) }),
      ),
    );
    client.onRequest('mcpServer/elicitation/request', (params, signal) =>
      this.#ask(params, signal, (answer) => elicitationCard(params, answer)),
    );
  }

  /** Shows the questions of a thread. Those of others stay open, and are shown when their thread is. */
  show(threadId: string | null): void {
    this.#threadId = threadId;
    this.#region.replaceChildren();
    for (const question of this.#open) this.#showCard(question);
    this.#tell();
  }

  #ask<A>(
    { threadId }: { readonly threadId: string },
    signal: AbortSignal,
    makeCard: (answer: Answer<A>) => Card,
  ): Promise<A> {
    const { log } = this.#options;
    return new Promise((resolve, reject) => {
      const question: Question = {
        threadId,
        makeCard: () =>
          makeCard((answer, told) => {
            this.#remove(question);
            log.note(told);
            resolve(answer);
          }),
        card: null,
      };
      const onOver = (): void => {
        const wasOpen = this.#remove(question);
        const isResolved = signal.reason instanceof BrowserClientError && signal.reason.reason === 'aborted';
        if (wasOpen && isResolved && threadId === this.#threadId) {
          log.note(`No longer asked: ${question.card?.title ?? ''}`);
        }
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onOver, { once: true });
      this.#open.add(question);
      this.#showCard(question);
      this.#tell();
    });
  }

  #showCard(question: Question): void {
    if (question.threadId !== this.#threadId) return;
    question.card ??= question.makeCard();
    const { element } = question.card;
    this.#region.append(element);
    // What one is about to press stays where it is.
    if (this.#region.childElementCount > 1) return;
    // Whoever is writing goes on writing; anyone else is led to it.
    if (document.activeElement === document.body) element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest' });
    // The beginning of one that is too high for the window.
    element.firstElementChild?.scrollIntoView({ block: 'nearest' });
  }

  /** Says whether it was still open. */
  #remove(question: Question): boolean {
    const wasOpen = this.#open.delete(question);
    const element = question.card?.element;
    const hadFocus = element?.contains(document.activeElement) === true;
    element?.remove();
    this.#tell();
    if (!hadFocus) return wasOpen;
    const next = this.#region.firstElementChild;
    if (next instanceof HTMLElement) next.focus();
    else this.#options.onLeft();
    return wasOpen;
  }

  /** Lets assistive software tell what is asked, without all of its details. */
  #tell(): void {
    const titles = [...this.#open]
      .filter(({ threadId }) => threadId === this.#threadId)
      .map(({ card }) => card?.title);
    const words =
      titles.length > 1 ? `${titles.length} questions are open. ${titles.at(-1)}` : (titles[0] ?? '');
    if (this.#told.textContent !== words) this.#told.textContent = words;
  }
}
