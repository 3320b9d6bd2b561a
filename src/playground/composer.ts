import { byId } from './dom.ts';

export type Destination = 'agent' | 'call';

export interface ComposerOptions {
  /** Sends what was typed. The text comes back into the field when this rejects. */
  readonly onSend: (text: string, destination: Destination) => Promise<void>;
  readonly onStopTurn: () => void;
}

/** Where one types, to the agent or into the call. Enter sends, Shift and Enter begin a new line. */
export class Composer {
  readonly #field = byId('message', HTMLTextAreaElement);
  readonly #stopTurn = byId('stop-turn', HTMLButtonElement);
  readonly #choices = [...document.querySelectorAll<HTMLInputElement>('input[name=destination]')];
  readonly #options: ComposerOptions;

  constructor(options: ComposerOptions) {
    this.#options = options;
    byId('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#send();
    });
    this.#field.addEventListener('keydown', (event) => {
      // While an input method composes a character, Enter belongs to it.
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      void this.#send();
    });
    this.#stopTurn.addEventListener('click', () => options.onStopTurn());
    for (const choice of this.#choices) choice.addEventListener('change', () => this.#showDestination());
  }

  /** Typing into a call needs one. */
  setCallOn(isOn: boolean): void {
    const choice = this.#choices.find(({ value }) => value === 'call');
    if (choice === undefined || choice.disabled === !isOn) return;
    choice.disabled = !isOn;
    if (!isOn && choice.checked) this.#choose('agent');
  }

  setTurnRunning(isRunning: boolean): void {
    this.#stopTurn.disabled = !isRunning;
  }

  focus(): void {
    this.#field.focus();
  }

  get #destination(): Destination {
    return this.#choices.find(({ checked }) => checked)?.value === 'call' ? 'call' : 'agent';
  }

  #choose(destination: Destination): void {
    for (const choice of this.#choices) choice.checked = choice.value === destination;
    this.#showDestination();
  }

  #showDestination(): void {
    this.#field.placeholder = this.#destination === 'call' ? 'Type into the call' : 'Type to the agent';
  }

  async #send(): Promise<void> {
    const text = this.#field.value.trim();
    if (text === '') return;
    this.#field.value = '';
    try {
      await this.#options.onSend(text, this.#destination);
    } catch {
      // Whoever sends it tells why; here it only must not be lost.
      if (this.#field.value === '') this.#field.value = text;
    }
  }
}
