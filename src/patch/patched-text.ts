import type { Chunk } from './hunk.ts';
import { LineFinder } from './line-finder.ts';
import { textLines } from './text-lines.ts';
import type { TextLines } from './text-lines.ts';

/** The text that an update makes of a file, or why it does not fit. */
export type PatchedText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly message: string };

interface Edit {
  /** The index of the first line that is replaced, or of the line before which lines are put. */
  readonly at: number;
  readonly chunk: Chunk;
  /** How many lines of the file the chunk's context and removals stand for. */
  readonly length: number;
}

type Located =
  | { readonly ok: true; readonly edit: Edit; readonly next: number }
  | { readonly ok: false; readonly message: string };

const SHOWN_LINES = 12;
const SHOWN_CHARACTERS = 1000;

/**
 * A text with chunks applied to it. Each is looked for behind the one before. Lines that a chunk has as context, and
 * all that it does not mention, keep every byte, line ends included; added lines get the line end that most lines of
 * the file have, and always one. A chunk that only adds goes behind the last line it seeks, or to the end of the file.
 */
export function patchedText(text: string, chunks: readonly Chunk[]): PatchedText {
  const lines = textLines(text);
  const finder = new LineFinder(lines.texts);
  const edits: Edit[] = [];
  let position = 0;
  for (const chunk of chunks) {
    const located = locate(chunk, finder, lines.texts.length, position);
    if (!located.ok) return located;
    edits.push(located.edit);
    position = located.next;
  }
  return {
    ok: true,
    text: edited(
      lines,
      edits.toSorted((left, right) => left.at - right.at),
    ),
  };
}

function locate(chunk: Chunk, finder: LineFinder, lineCount: number, start: number): Located {
  let position = start;
  for (const seek of chunk.seek) {
    const found = finder.find([seek], position, false);
    if (found === -1) return { ok: false, message: notFound(chunk, [seek], finder) };
    position = found + 1;
  }
  const wanted = chunk.lines.flatMap((line) => (line.kind === 'add' ? [] : [line.text]));
  if (wanted.length === 0) {
    const at = chunk.seek.length > 0 && !chunk.endOfFile ? position : lineCount;
    return { ok: true, edit: { at, chunk, length: 0 }, next: position };
  }
  for (const candidate of candidates(chunk)) {
    const found = finder.find(candidate.wanted, position, chunk.endOfFile);
    if (found === -1) continue;
    const length = candidate.wanted.length;
    return { ok: true, edit: { at: found, chunk: candidate.chunk, length }, next: found + length };
  }
  return { ok: false, message: notFound(chunk, wanted, finder) };
}

/** The chunk as it is and, where it ends with empty context lines, without them: they may only have set it apart. */
function candidates(chunk: Chunk): { chunk: Chunk; wanted: readonly string[] }[] {
  const end = chunk.lines.findLastIndex((line) => line.kind !== 'context' || line.text !== '') + 1;
  const shortened = { ...chunk, lines: chunk.lines.slice(0, end) };
  const variants = end === chunk.lines.length ? [chunk] : [chunk, shortened];
  return variants
    .map((variant) => ({
      chunk: variant,
      wanted: variant.lines.flatMap((line) => (line.kind === 'add' ? [] : [line.text])),
    }))
    .filter(({ wanted }) => wanted.length > 0);
}

function edited(lines: TextLines, edits: readonly Edit[]): string {
  const parts: string[] = [lines.mark];
  // A last line without an end gets one as soon as another follows it.
  let owesEnd = false;
  const push = (text: string, end: string) => {
    if (owesEnd) parts.push(lines.commonEnd);
    parts.push(text, end);
    owesEnd = end === '';
  };
  const keep = (index: number) => push(lines.texts[index] ?? '', lines.ends[index] ?? '');
  const add = (text: string) => {
    const bare = lines.commonEnd === '\r\n' && text.endsWith('\r') ? text.slice(0, -1) : text;
    push(bare, lines.commonEnd);
  };
  let next = 0;
  for (const edit of edits) {
    for (; next < edit.at; next += 1) keep(next);
    for (const line of edit.chunk.lines) {
      if (line.kind === 'add') {
        add(line.text);
        continue;
      }
      if (line.kind === 'context') keep(next);
      next += 1;
    }
  }
  for (; next < lines.texts.length; next += 1) keep(next);
  return parts.join('');
}

function notFound(chunk: Chunk, wanted: readonly string[], finder: LineFinder): string {
  const place = `the chunk on line ${chunk.line} of the patch`;
  if (finder.exhausted) return `${place} takes too long to find, give it fewer repeated lines`;
  const where =
    chunk.endOfFile && chunk.seek.length === 0 ? 'at the end of the file' : 'behind the chunk before it';
  const shown = wanted.slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_CHARACTERS);
  const rest = wanted.length > SHOWN_LINES ? `\n(and ${wanted.length - SHOWN_LINES} more lines)` : '';
  return `${place} is not found ${where}; it wants\n${shown}${rest}`;
}
