import { StringDecoder } from 'node:string_decoder';

/** Lines kept, and characters kept of each. */
const KEPT = { lines: 20, lineLength: 1_000 };

/** Cuts the stderr of a process into lines and remembers the last of them, in bounded memory. */
export class StderrTail {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  readonly #lines: string[] = [];
  #partial = '';

  constructor(onLine: (line: string) => void = () => {}) {
    this.#onLine = onLine;
  }

  /** The last lines, oldest first, with one that has no end yet. A long line is cut. */
  get lines(): readonly string[] {
    return this.#partial === '' ? [...this.#lines] : [...this.#lines, this.#partial].slice(-KEPT.lines);
  }

  push(chunk: Uint8Array): void {
    const pieces = this.#decoder.write(chunk).split('\n');
    for (const [index, piece] of pieces.entries()) {
      if (index > 0) this.#endLine();
      this.#partial = (this.#partial + piece).slice(0, KEPT.lineLength);
    }
  }

  end(): void {
    this.#partial += this.#decoder.end();
    if (this.#partial !== '') this.#endLine();
  }

  #endLine(): void {
    const line = this.#partial.trimEnd();
    this.#partial = '';
    if (line === '') return;
    this.#lines.push(line);
    if (this.#lines.length > KEPT.lines) this.#lines.shift();
    this.#onLine(line);
  }
}
