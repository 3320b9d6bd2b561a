import type {
  ToolRequestUserInputOption,
  ToolRequestUserInputParams,
  ToolRequestUserInputQuestion,
  ToolRequestUserInputResponse,
} from '../../protocol/index.ts';
import { make, makeButton } from '../dom.ts';
import type { Answer, Card } from './card.ts';
import { freshId, line, makeCard } from './card.ts';

/** What is told of an answer that nobody else is to see. */
const NOT_SHOWN = '(not shown)';
const NO_ANSWER = '(no answer)';

/** One question on the card. */
interface Asked {
  readonly question: ToolRequestUserInputQuestion;
  readonly element: HTMLElement;
  /** What was answered; empty where nothing was. */
  readonly read: () => string;
  readonly clear: () => void;
}

export interface UserInputCardOptions {
  readonly answer: Answer<ToolRequestUserInputResponse>;
  readonly onCancelTurn: () => void;
}

/** Asks what the agent wants to know: options to choose from, words of one's own, or both. */
export function userInputCard(
  { questions }: ToolRequestUserInputParams,
  { answer, onCancelTurn }: UserInputCardOptions,
): Card {
  const asked = questions.map(ask);
  const give = (read: (each: Asked) => string): void => {
    const given = asked.map((each) => ({ question: each.question, text: read(each) }));
    for (const { clear } of asked) clear();
    answer(responseOf(given), given.map(toldOf).join('\n'));
  };
  const send = make('button', 'primary', 'Answer');
  const buttons = make(
    'div',
    'row',
    send,
    makeButton('Skip', () => give(() => '')),
    makeButton('Cancel the turn', onCancelTurn),
  );
  const title = questions.length === 1 ? 'The agent asks you something' : 'The agent asks you some things';
  const card = makeCard(title, [...asked.map(({ element }) => element), buttons], 'form');
  card.element.addEventListener('submit', (event) => {
    event.preventDefault();
    give(({ read }) => read());
  });
  return card;
}

interface Given {
  readonly question: ToolRequestUserInputQuestion;
  readonly text: string;
}

function responseOf(given: readonly Given[]): ToolRequestUserInputResponse {
  const answers = given.map(
    ({ question, text }) => [question.id, { answers: text === '' ? [] : [text] }] as const,
  );
  return { answers: Object.fromEntries(answers) };
}

function toldOf({ question: { isSecret, question }, text }: Given): string {
  const words = isSecret && text !== '' ? NOT_SHOWN : text || NO_ANSWER;
  return `${question} — ${words}`;
}

function ask(question: ToolRequestUserInputQuestion): Asked {
  const options = question.options ?? [];
  return options.length === 0 ? askInWords(question) : askToChoose(question, options);
}

function askInWords(question: ToolRequestUserInputQuestion): Asked {
  const field = wordsField(question);
  field.required = true;
  const label = make('label', '', ...questionWords(question));
  label.htmlFor = field.id;
  return {
    question,
    element: make('div', 'field', label, field),
    read: () => wordsIn(field, question),
    clear: () => (field.value = ''),
  };
}

function askToChoose(
  question: ToolRequestUserInputQuestion,
  options: readonly ToolRequestUserInputOption[],
): Asked {
  const group = freshId();
  const choices = options.map(({ description, label }) => ({
    label,
    ...makeChoice(group, label, line(description, 'hint')),
  }));
  const legend = make('legend', '', ...questionWords(question));
  const element = make('fieldset', 'field', legend, ...choices.map((choice) => choice.element));
  const other = makeChoice(group, 'Other', null);
  const field = wordsField(question);
  field.setAttribute('aria-label', `Other: ${question.question}`);
  if (question.isOther) element.append(make('div', 'other', other.element, field));
  // Whoever writes an answer has chosen it.
  field.addEventListener('input', () => {
    if (field.value !== '') other.button.checked = true;
    field.required = other.button.checked;
  });
  element.addEventListener('change', () => (field.required = other.button.checked));
  return {
    question,
    element,
    read: () => {
      if (other.button.checked) return wordsIn(field, question);
      return choices.find(({ button }) => button.checked)?.label ?? '';
    },
    clear: () => (field.value = ''),
  };
}

function makeChoice(
  group: string,
  text: string,
  description: HTMLElement | null,
): { button: HTMLInputElement; element: HTMLElement } {
  const button = make('input', '');
  button.type = 'radio';
  button.name = group;
  button.required = true;
  const words = make('span', '', text, description ?? '');
  return { button, element: make('label', 'choice', button, words) };
}

function wordsField({ isSecret }: ToolRequestUserInputQuestion): HTMLInputElement {
  const field = make('input', '');
  field.id = freshId();
  field.type = isSecret ? 'password' : 'text';
  field.autocomplete = 'off';
  return field;
}

/** A secret is given as it was written: a space may be part of it. */
function wordsIn({ value }: HTMLInputElement, { isSecret }: ToolRequestUserInputQuestion): string {
  return isSecret ? value : value.trim();
}

function questionWords({ header, question }: ToolRequestUserInputQuestion): (Node | string)[] {
  return header === '' ? [question] : [make('span', 'hint', header), ' ', question];
}
