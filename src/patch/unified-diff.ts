import { structuredPatch } from 'diff';
import { linesWithEnds } from './text-lines.ts';

/** How many added and removed lines a diff may have before it is given as one block instead of the shortest way. */
const EDIT_LIMIT = 2000;

interface DiffHunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Lines with their mark and without a line end. */
  readonly lines: readonly string[];
}

/**
 * The hunks of a unified diff between two texts, without file headers, with so many lines of context; empty where
 * the texts are equal. The work is bounded: texts that differ in very many lines give one block.
 */
export function unifiedDiff(before: string, after: string, context: number): string {
  if (before === after) return '';
  const oldLines = linesWithEnds(before);
  const newLines = linesWithEnds(after);
  const shorter = Math.min(oldLines.length, newLines.length);
  let head = 0;
  while (head < shorter && oldLines[head] === newLines[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && oldLines.at(-1 - tail) === newLines.at(-1 - tail)) tail += 1;

  // Only what differs, with its context, is compared, so that a small change of a large file costs little.
  const offset = Math.max(0, head - context);
  const trailing = Math.max(0, tail - context);
  const oldPart = oldLines.slice(offset, oldLines.length - trailing);
  const newPart = newLines.slice(offset, newLines.length - trailing);
  const patch = structuredPatch('', '', oldPart.join(''), newPart.join(''), undefined, undefined, {
    context,
    maxEditLength: EDIT_LIMIT,
  });
  const hunks = patch?.hunks ?? [oneBlock(oldPart, newPart, head - offset, tail - trailing)];
  return hunks.map((hunk) => rendered(hunk, offset)).join('');
}

function oneBlock(oldPart: string[], newPart: string[], head: number, tail: number): DiffHunk {
  const marked = (mark: string, lines: readonly string[]) =>
    lines.flatMap((line) =>
      line.endsWith('\n') ? [mark + line.slice(0, -1)] : [mark + line, '\\ No newline at end of file'],
    );
  return {
    oldStart: 1,
    oldLines: oldPart.length,
    newStart: 1,
    newLines: newPart.length,
    lines: [
      ...marked(' ', oldPart.slice(0, head)),
      ...marked('-', oldPart.slice(head, oldPart.length - tail)),
      ...marked('+', newPart.slice(head, newPart.length - tail)),
      ...marked(' ', oldPart.slice(oldPart.length - tail)),
    ],
  };
}

function rendered(hunk: DiffHunk, offset: number): string {
  const oldRange = range(hunk.oldStart + offset, hunk.oldLines);
  const newRange = range(hunk.newStart + offset, hunk.newLines);
  return `@@ -${oldRange} +${newRange} @@\n${hunk.lines.join('\n')}\n`;
}

/** A range as git writes it: no length where it is one, and the line before it where it is none. */
function range(start: number, length: number): string {
  if (length === 1) return String(start);
  return `${length === 0 ? start - 1 : start},${length}`;
}
