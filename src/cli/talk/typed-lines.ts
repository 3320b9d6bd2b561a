import { StringDecoder } from 'node:string_decoder';
import { LineEditor } from './line-editor.ts';
import type { Input } from './options.ts';

export interface TypedLinesOptions {
  readonly stdin: Input;
  /** Whether keys are read one by one and shown by the caller, or whole lines as they come. */
  readonly isEdited: boolean;
  /** Takes a line. Further lines of a pipe wait for it; keys do not. */
  readonly onLine: (text: string) => Promise<void>;
  /** There will be no more lines. */
  readonly onEnd: () => void;
  readonly onInterrupt: () => void;
}

/** Characters of a line from a pipe; a longer one is cut into several. */
const MAX_LINE_LENGTH = 16_384;

/** The lines that are typed, or that come from a pipe. */
export class TypedLines {
  readonly #options: TypedLinesOptions;
  readonly #editor = new LineEditor();
  readonly #decoder = new StringDecoder('utf8');
  #partial = '';
  #hasEnded = false;

  constructor(options: TypedLinesOptions) {
    const { stdin, isEdited } = options;
    this.#options = options;
    if (isEdited) stdin.setRawMode?.(true);
    stdin.on('data', this.#onData);
    stdin.once('end', this.#onEnd);
    stdin.once('error', this.#onEnd);
    stdin.resume();
  }

  /** The line that is being typed. */
  get typed(): string {
    return this.#editor.text;
  }

  /** Stops reading and gives the terminal back as it was. */
  close(): void {
    const { stdin, isEdited } = this.#options;
    this.#hasEnded = true;
    stdin.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onEnd);
    if (isEdited) stdin.setRawMode?.(false);
    stdin.pause();
  }

  readonly #onData = (chunk: Buffer | string): void => {
    const text = typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
    if (this.#options.isEdited) this.#onKeys(text);
    else void this.#onText(text);
  };

  readonly #onEnd = (): void => {
    // The rest of a pipe is still being taken where a chunk has lines in it.
    void this.#takeLines('\n').then(() => this.#finish());
  };

  #onKeys(keys: string): void {
    for (const event of this.#editor.type(keys)) {
      if (event.kind === 'line') void this.#options.onLine(event.text);
      else if (event.kind === 'interrupt') this.#options.onInterrupt();
      else this.#finish();
    }
  }

  async #onText(text: string): Promise<void> {
    const { stdin } = this.#options;
    stdin.pause();
    await this.#takeLines(text);
    if (!this.#hasEnded) stdin.resume();
  }

  async #takeLines(text: string): Promise<void> {
    const lines = (this.#partial + text).split(/\r?\n/);
    this.#partial = lines.pop() ?? '';
    while (this.#partial.length > MAX_LINE_LENGTH) {
      lines.push(this.#partial.slice(0, MAX_LINE_LENGTH));
      this.#partial = this.#partial.slice(MAX_LINE_LENGTH);
    }
    for (const line of lines) await this.#options.onLine(line);
  }

  #finish(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onEnd();
  }
}
