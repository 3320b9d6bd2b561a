import { make, makeButton } from '../dom.ts';
import type { Choice } from './decisions.ts';

/** Gives the answer to a question, and what the conversation tells of it. */
export type Answer<A> = (answer: A, told: string) => void;

/** A question as it is shown. Its title says what is asked. */
export interface Card {
  readonly title: string;
  readonly element: HTMLElement;
}

let lastId = 0;

/** An id that no other element of the page has. */
export function freshId(): string {
  lastId += 1;
  return `question-${lastId}`;
}

/** Makes a card with a heading, by which assistive software knows it; parts that are null are left out. */
export function makeCard(
  title: string,
  parts: readonly (HTMLElement | null)[],
  tag: 'div' | 'form' = 'div',
): Card {
  const heading = make('h2', '', title);
  heading.id = freshId();
  const element = make(tag, 'question', heading, ...parts.filter((part) => part !== null));
  element.setAttribute('role', 'group');
  element.setAttribute('aria-labelledby', heading.id);
  // It takes the focus itself, so that nobody presses a button of it by mistake.
  element.tabIndex = -1;
  return { title, element };
}

/** A row of buttons, one for each choice. The first is the one that stands out. */
export function choiceButtons<D>(
  choices: readonly Choice<D>[],
  onChoose: (choice: Choice<D>) => void,
): HTMLElement {
  const buttons = choices.map((choice) => makeButton(choice.text, () => onChoose(choice)));
  if (buttons[0] !== undefined) buttons[0].className = 'primary';
  return make('div', 'row', ...buttons);
}

/** A line of its own, or nothing. */
export function line(text: string | null | undefined, className = ''): HTMLElement | null {
  return text ? make('p', className, text) : null;
}
