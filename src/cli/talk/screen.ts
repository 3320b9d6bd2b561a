import type { Writable } from 'node:stream';
import { withoutControls } from '../../util/display-width.ts';
import { renderLiveLine } from './live-line.ts';
import type { CallState, LiveView } from './live-line.ts';

/** A stream that may be a terminal. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

export interface ScreenOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
}

const DEFAULT_COLUMNS = 80;
const TO_LINE_START = '\r\u001b[K';

/**
 * What the user sees. Results are lines on stdout, remarks and errors are lines on stderr. On a terminal a live line
 * stands below them; elsewhere each change of state is a line of its own.
 */
export class Screen {
  readonly #options: ScreenOptions;
  readonly #live: Output | null;
  readonly #hasColor: boolean;
  #shown = '';
  #state: CallState | null = null;

  constructor(options: ScreenOptions) {
    const { stdout, stderr, env } = options;
    this.#options = options;
    const isDumb = env['TERM'] === 'dumb';
    this.#live = isDumb ? null : stderr.isTTY ? stderr : stdout.isTTY ? stdout : null;
    this.#hasColor = (env['NO_COLOR'] ?? '') === '';
  }

  /** True where there is a live line. */
  get isLive(): boolean {
    return this.#live !== null;
  }

  /** Shows the state of the call. */
  update(view: LiveView): void {
    if (this.#live !== null) {
      const columns = this.#live.columns || DEFAULT_COLUMNS;
      this.#draw(renderLiveLine(view, { columns, hasColor: this.#hasColor }));
    } else if (view.state !== this.#state) {
      this.#options.stderr.write(`${view.state}\n`);
    }
    this.#state = view.state;
  }

  /** A line of the result. Control characters in it are replaced. */
  print(line: string): void {
    this.#above(this.#options.stdout, line);
  }

  /** A remark or an error. */
  remark(line: string): void {
    this.#above(this.#options.stderr, line);
  }

  /** Takes the live line away. */
  close(): void {
    this.#draw('');
  }

  #above(output: Output, line: string): void {
    const shown = this.#shown;
    this.#draw('');
    output.write(`${line.split('\n').map(withoutControls).join('\n')}\n`);
    this.#draw(shown);
  }

  #draw(line: string): void {
    if (this.#live === null || line === this.#shown) return;
    this.#live.write(TO_LINE_START + line);
    this.#shown = line;
  }
}
