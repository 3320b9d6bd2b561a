/** A text taken apart so that every line can be put back with the line end that it had. */
export interface TextLines {
  /** The byte order mark, if there is one; it is no part of the first line. */
  readonly mark: string;
  readonly texts: readonly string[];
  /** The end of each line: `\n`, `\r\n`, or nothing behind a last line that has none. */
  readonly ends: readonly string[];
  /** The line end that most lines have; `\n` where there is none to count. */
  readonly commonEnd: string;
}

/** The lines of a text. A text that ends with a line end has no empty line behind it; an empty text has no line. */
export function textLines(text: string): TextLines {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const texts: string[] = [];
  const ends: string[] = [];
  let carriageReturns = 0;
  for (const line of linesWithEnds(text.slice(mark.length))) {
    const end = line.endsWith('\r\n') ? '\r\n' : line.endsWith('\n') ? '\n' : '';
    if (end === '\r\n') carriageReturns += 1;
    texts.push(line.slice(0, line.length - end.length));
    ends.push(end);
  }
  return { mark, texts, ends, commonEnd: carriageReturns * 2 > texts.length ? '\r\n' : '\n' };
}

/** The lines of a text, each with its `\n`, which only the last may lack. */
export function linesWithEnds(text: string): string[] {
  const lines: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = text.indexOf('\n', start);
    const next = end === -1 ? text.length : end + 1;
    lines.push(text.slice(start, next));
    start = next;
  }
  return lines;
}
