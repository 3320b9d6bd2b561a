import { shortened } from '../util/shortened.ts';
import type { Chunk, ChunkLine, Hunk } from './hunk.ts';

/** What became of a text that ought to be a patch; `line` counts from one in the text as it was given. */
export type ParsedPatch =
  | { readonly ok: true; readonly hunks: readonly Hunk[] }
  | { readonly ok: false; readonly message: string; readonly line: number };

/** The longest text, in UTF-16 units, that is taken as a patch. */
export const PATCH_LIMIT = 4 * 1024 * 1024;

/** The most files that one patch may name, a file that is named twice counting twice. */
export const HUNK_LIMIT = 2000;

const HEREDOC_START = /^(?:apply_patch\s*)?<<\s*(?:'(\w+)'|"(\w+)"|(\w+))$/;
const FILE_HEADER = /^\*\*\* (Add File|Delete File|Update File):(.*)$/;
const MOVE_HEADER = /^\*\*\* Move to:(.*)$/;
const END_OF_FILE = '*** End of File';

class PatchSyntaxError extends Error {
  override readonly name = 'PatchSyntaxError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/**
 * Reads the patch format of the `apply_patch` tool. It is lenient where models are careless: white space around the
 * patch and its markers, a heredoc around it, blank lines between the files, an empty line instead of one with a
 * single space, no `@@` before the first chunk. A patch without any file is read well and has no hunks. Never throws.
 */
export function parsePatch(text: string): ParsedPatch {
  if (text.length > PATCH_LIMIT) {
    return { ok: false, message: `the patch is longer than ${PATCH_LIMIT} characters`, line: 1 };
  }
  try {
    return { ok: true, hunks: new PatchReader(patchLines(text)).hunks() };
  } catch (error) {
    if (!(error instanceof PatchSyntaxError)) throw error;
    return { ok: false, message: `line ${error.line} of the patch: ${error.message}`, line: error.line };
  }
}

interface PatchLines {
  /** The lines between the two markers. */
  readonly lines: readonly string[];
  /** The number of the first of them in the text, counted from one. */
  readonly firstLine: number;
}

function patchLines(text: string): PatchLines {
  // A lone surrogate could not be written to a file, so it becomes what the encoder would make of it.
  const all = text.replace(/\p{Surrogate}/gu, '\uFFFD').split('\n');
  let first = 0;
  let last = all.length - 1;
  const skipBlank = () => {
    while (first < last && isBlank(all[first])) first += 1;
    while (last > first && isBlank(all[last])) last -= 1;
  };
  skipBlank();
  const heredoc = HEREDOC_START.exec((all[first] ?? '').trim());
  if (heredoc !== null && all[last]?.trim() === (heredoc[1] ?? heredoc[2] ?? heredoc[3])) {
    first += 1;
    last -= 1;
    skipBlank();
  }
  const begin = all[first] ?? '';
  if (begin.trim() !== '*** Begin Patch') {
    throw new PatchSyntaxError(first + 1, `a patch begins with *** Begin Patch, this is ${quoted(begin)}`);
  }
  const end = all[last] ?? '';
  if (last <= first || end.trim() !== '*** End Patch') {
    throw new PatchSyntaxError(last + 1, `a patch ends with *** End Patch, this is ${quoted(end)}`);
  }
  const lines = all.slice(first + 1, last);
  const carriageReturns = begin.endsWith('\r');
  return {
    lines: carriageReturns ? lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)) : lines,
    firstLine: first + 2,
  };
}

class PatchReader {
  readonly #lines: readonly string[];
  readonly #firstLine: number;
  #at = 0;

  constructor(patch: PatchLines) {
    this.#lines = patch.lines;
    this.#firstLine = patch.firstLine;
  }

  hunks(): readonly Hunk[] {
    const hunks: Hunk[] = [];
    for (this.#skipBlank(); this.#at < this.#lines.length; this.#skipBlank()) {
      if (hunks.length === HUNK_LIMIT) this.#fail(`a patch names at most ${HUNK_LIMIT} files`);
      hunks.push(this.#hunk());
    }
    return hunks;
  }

  #hunk(): Hunk {
    const line = this.#lineNumber();
    const header = FILE_HEADER.exec(this.#current().trim());
    if (header === null) {
      return this.#fail(
        'here *** Add File: path, *** Delete File: path or *** Update File: path is expected, ' +
          `this is ${quoted(this.#current())}`,
      );
    }
    const path = this.#path(header[2]);
    this.#at += 1;
    if (header[1] === 'Delete File') return { kind: 'delete', path, line };
    if (header[1] === 'Add File') return { kind: 'add', path, content: this.#content(), line };
    return this.#update(path, line);
  }

  #content(): string {
    let content = '';
    for (; this.#at < this.#lines.length && this.#current().startsWith('+'); this.#at += 1) {
      content += `${this.#current().slice(1)}\n`;
    }
    const end = this.#at;
    this.#skipBlank();
    if (this.#at < this.#lines.length && !this.#current().trim().startsWith('***')) {
      this.#at = this.#at > end && this.#current().startsWith('+') ? end : this.#at;
      this.#fail(`every line of an added file begins with +, this is ${quoted(this.#current())}`);
    }
    return content;
  }

  #update(path: string, line: number): Hunk {
    const move = MOVE_HEADER.exec((this.#lines[this.#at] ?? '').trim());
    const moveTo = move === null ? null : this.#path(move[1]);
    if (move !== null) this.#at += 1;
    const chunks: Chunk[] = [];
    for (this.#skipBlank(); !this.#atHeader(); this.#skipBlank())
      chunks.push(this.#chunk(chunks.length === 0));
    if (chunks.length === 0 && moveTo === null) {
      throw new PatchSyntaxError(line, `the update of ${quoted(path)} says nothing to change`);
    }
    return { kind: 'update', path, moveTo, chunks, line };
  }

  /** Whether the chunks of an update end here. */
  #atHeader(): boolean {
    return this.#at >= this.#lines.length || this.#current().startsWith('***');
  }

  #chunk(mayBeImplicit: boolean): Chunk {
    const line = this.#lineNumber();
    const seek: string[] = [];
    let marked = false;
    for (; this.#at < this.#lines.length && isChunkMark(this.#current()); this.#at += 1) {
      marked = true;
      const context = this.#current().trimEnd().slice(3);
      if (context !== '') seek.push(context);
    }
    if (!marked && !mayBeImplicit) {
      this.#fail(
        `a chunk begins with @@ and its lines with a space, + or -, this is ${quoted(this.#current())}`,
      );
    }
    const lines = this.#chunkLines();
    if (lines.length === 0) {
      this.#fail(
        this.#at < this.#lines.length
          ? `a line of a chunk begins with a space, + or -, this is ${quoted(this.#current())}`
          : 'the patch ends where the lines of a chunk are expected',
      );
    }
    const endOfFile = this.#lines[this.#at]?.trimEnd() === END_OF_FILE;
    if (endOfFile) this.#at += 1;
    return { seek, lines, endOfFile, line };
  }

  #chunkLines(): readonly ChunkLine[] {
    const lines: ChunkLine[] = [];
    for (; this.#at < this.#lines.length; this.#at += 1) {
      const line = chunkLine(this.#current());
      if (line === null) break;
      lines.push(line);
    }
    return lines;
  }

  #path(raw: string | undefined): string {
    const path = raw?.trim() ?? '';
    if (path === '') return this.#fail('no path is named');
    if (path.includes('\0')) return this.#fail('the path has a NUL character');
    if (path.endsWith('/')) return this.#fail(`${quoted(path)} names a folder, patches are of files`);
    return path;
  }

  #skipBlank(): void {
    while (this.#at < this.#lines.length && isBlank(this.#lines[this.#at])) this.#at += 1;
  }

  #current(): string {
    return this.#lines[this.#at] ?? '';
  }

  #lineNumber(): number {
    return this.#firstLine + this.#at;
  }

  #fail(message: string): never {
    throw new PatchSyntaxError(this.#lineNumber(), message);
  }
}

function chunkLine(line: string): ChunkLine | null {
  if (line === '') return { kind: 'context', text: '' };
  if (line.startsWith(' ')) return { kind: 'context', text: line.slice(1) };
  if (line.startsWith('+')) return { kind: 'add', text: line.slice(1) };
  if (line.startsWith('-')) return { kind: 'remove', text: line.slice(1) };
  return null;
}

function isChunkMark(line: string): boolean {
  return line.trimEnd() === '@@' || line.startsWith('@@ ');
}

function isBlank(line: string | undefined): boolean {
  return line === undefined || line.trim() === '';
}

function quoted(line: string): string {
  return JSON.stringify(shortened(line, 100));
}
