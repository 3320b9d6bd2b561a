/** How many lines may be compared for one file before the search is given up. */
export const COMPARISON_LIMIT = 20_000_000;

const DASHES = /[\u2010-\u2015\u2212]/g;
const SINGLE_QUOTES = /[\u2018-\u201B]/g;
const DOUBLE_QUOTES = /[\u201C-\u201F]/g;
const SPACES = /[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g;

/** How like two lines have to be, from the strictest on; each is a form in which they have to be equal. */
const FORMS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => line.trim(),
  plainPunctuation,
];

/** Finds runs of lines in a file, exactly or, where that fails, more and more loosely. */
export class LineFinder {
  readonly #forms: (readonly string[])[];
  #comparisons = 0;

  constructor(lines: readonly string[]) {
    this.#forms = [lines];
  }

  /** Whether a search was given up because the limit of comparisons was reached. */
  get exhausted(): boolean {
    return this.#comparisons > COMPARISON_LIMIT;
  }

  /**
   * The first place at or behind `start` where the lines stand, or -1. With `atEnd` only the very end of the file
   * is looked at.
   */
  find(lines: readonly string[], start: number, atEnd: boolean): number {
    for (let form = 0; form < FORMS.length && !this.exhausted; form += 1) {
      const file = this.#file(form);
      const wanted = lines.map((line) => FORMS[form]?.(line) ?? line);
      const last = file.length - wanted.length;
      for (let at = atEnd ? Math.max(start, last) : start; at <= last && !this.exhausted; at += 1) {
        if (this.#standsAt(file, wanted, at)) return at;
      }
    }
    return -1;
  }

  #standsAt(file: readonly string[], wanted: readonly string[], at: number): boolean {
    for (let index = 0; index < wanted.length; index += 1) {
      this.#comparisons += 1;
      if (file[at + index] !== wanted[index]) return false;
    }
    return !this.exhausted;
  }

  #file(form: number): readonly string[] {
    const lines = this.#forms[0] ?? [];
    return (this.#forms[form] ??= lines.map((line) => FORMS[form]?.(line) ?? line));
  }
}

function plainPunctuation(line: string): string {
  return line
    .replace(DASHES, '-')
    .replace(SINGLE_QUOTES, "'")
    .replace(DOUBLE_QUOTES, '"')
    .replace(SPACES, ' ')
    .trim();
}
