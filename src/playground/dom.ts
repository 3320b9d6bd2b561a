/** An element of the page by its id, and of that kind. The page and its program belong together: a missing one is a fault. */
export function byId(id: string): HTMLElement;
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E;
export function byId(id: string, kind: new () => HTMLElement = HTMLElement): HTMLElement {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`the page has no ${kind.name} \`${id}\``);
}

/** Makes an element with a class, texts and children. Texts are never read as markup. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  element.append(...children);
  return element;
}

/** Makes a button that does something when it is pressed, by pointer or by key. */
export function makeButton(text: string, onPress: () => void): HTMLButtonElement {
  const button = make('button', '', text);
  button.type = 'button';
  button.addEventListener('click', onPress);
  return button;
}

/** Shows a state in words, and to the style sheet and to tests as a word of its own. */
export function showState(element: HTMLElement, state: string, words: string): void {
  element.dataset['state'] = state;
  if (element.textContent !== words) element.textContent = words;
}
