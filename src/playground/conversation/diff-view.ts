import type { FileUpdateChange } from '../../protocol/index.ts';
import { make } from '../dom.ts';

/** Lines of one file that are coloured; the rest follows plainly, so that a large change does not slow the page down. */
const MAX_COLOURED = 1_000;

/** Changes of files, each below what happens to the file. */
export function diffView(changes: readonly FileUpdateChange[]): HTMLElement {
  const parts = changes.flatMap((change) => [
    make('p', 'diff-path', changeWords(change)),
    make('pre', 'diff', ...diffLines(change)),
  ]);
  return make('div', '', ...parts);
}

/** What happens to a file, and which. */
export function changeWords({ kind, path }: FileUpdateChange): string {
  const movesTo = kind.type === 'update' ? kind.move_path : null;
  return `${kind.type} ${path}${movesTo === null ? '' : ` → ${movesTo}`}`;
}

function diffLines({ diff, kind }: FileUpdateChange): (Node | string)[] {
  const lines = diff.replace(/\n$/u, '').split('\n');
  const coloured = lines
    .slice(0, MAX_COLOURED)
    .map((line) => make('span', lineClass(line, kind), `${line}\n`));
  return [...coloured, lines.slice(MAX_COLOURED).join('\n')];
}

/** A file that is added or deleted comes as it is, any other change line by line with a sign. */
function lineClass(line: string, kind: FileUpdateChange['kind']): string {
  if (kind.type === 'add') return 'added';
  if (kind.type === 'delete') return 'removed';
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return line.startsWith('@@') ? 'place' : '';
}
