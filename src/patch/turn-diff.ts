import { createHash } from 'node:crypto';
import { relative, sep } from 'node:path';
import type { PlannedChange } from './planned-change.ts';
import { isInside } from '../util/inside.ts';
import { unifiedDiff } from './unified-diff.ts';

export interface TurnDiffOptions {
  /** The absolute folder from which the diff names its files: the root of the git repository, or the working directory. */
  readonly root: string;
  /** How long the diff may be, in bytes of UTF-8 and without its mark of what is left out; one MiB if not given. */
  readonly limitBytes?: number;
  /** How many UTF-16 units of file content are held for it, before and after together; 32 Mi if not given. */
  readonly limitContent?: number;
}

interface FileVersion {
  readonly text: string;
  readonly executable: boolean;
}

const CONTEXT_LINES = 3;
const NAMED_FILES = 10;
const NO_BLOB = '0'.repeat(40);
const NO_FILE = '/dev/null';

/** The changes that patches made in one turn, taken together, as `turn/diff/updated` has them. */
export class TurnDiff {
  readonly #root: string;
  readonly #limitBytes: number;
  readonly #limitContent: number;
  /** Each touched file as the turn found it; null where there was none. By absolute path. */
  readonly #found = new Map<string, FileVersion | null>();
  /** The same files as they are now. */
  readonly #current = new Map<string, FileVersion | null>();
  /** For a file that was moved in the turn, where the turn found it. */
  readonly #origins = new Map<string, string>();
  /** Files whose content is too much to be held. */
  readonly #unheld = new Set<string>();
  #content = 0;
  #text: string | null = '';

  constructor(options: TurnDiffOptions) {
    this.#root = options.root;
    this.#limitBytes = options.limitBytes ?? 1024 * 1024;
    this.#limitContent = options.limitContent ?? 32 * 1024 * 1024;
  }

  /** Takes in changes that have been made, in the order in which they were. */
  record(changes: readonly PlannedChange[]): void {
    for (const change of changes) this.#recordChange(change);
    this.#text = null;
  }

  /**
   * The diff of the turn in git's form, its files in the order of their paths; empty where nothing is different in
   * the end. Files for which there is no room are named in a last line that begins with `#`.
   */
  text(): string {
    this.#text ??= this.#render();
    return this.#text;
  }

  #recordChange(change: PlannedChange): void {
    const executable = ((change.mode ?? 0) & 0o111) !== 0;
    const version = (text: string | null) => (text === null ? null : { text, executable });
    this.#remember(change.path, version(change.before));
    if (change.movePath === null) {
      this.#set(change.path, version(change.after));
      if (change.after === null) this.#origins.delete(change.path);
      return;
    }
    this.#remember(change.movePath, null);
    this.#origins.set(change.movePath, this.#origins.get(change.path) ?? change.path);
    this.#origins.delete(change.path);
    this.#set(change.path, null);
    this.#set(change.movePath, version(change.after));
  }

  #remember(path: string, version: FileVersion | null): void {
    if (this.#found.has(path) || this.#unheld.has(path)) return;
    this.#found.set(path, version);
    this.#current.set(path, null);
    this.#hold(path, version);
  }

  #set(path: string, version: FileVersion | null): void {
    if (this.#unheld.has(path)) return;
    this.#content -= this.#current.get(path)?.text.length ?? 0;
    this.#current.set(path, version);
    this.#hold(path, version);
  }

  /** Counts a version that has just been put away, and gives up the whole file where it is too much. */
  #hold(path: string, version: FileVersion | null): void {
    this.#content += version?.text.length ?? 0;
    if (this.#content <= this.#limitContent) return;
    this.#content -= (this.#found.get(path)?.text.length ?? 0) + (this.#current.get(path)?.text.length ?? 0);
    this.#found.delete(path);
    this.#current.delete(path);
    this.#unheld.add(path);
  }

  #render(): string {
    const sections: string[] = [];
    const left: string[] = [...this.#unheld].map((path) => this.#name(path));
    let bytes = 0;
    for (const { source, target } of this.#pairs()) {
      const section = this.#section(source, target);
      bytes += Buffer.byteLength(section);
      if (bytes <= this.#limitBytes) {
        sections.push(section);
        continue;
      }
      bytes -= Buffer.byteLength(section);
      left.push(this.#name(target));
    }
    return sections.join('') + leftOut(left);
  }

  /** What each section of the diff compares, sorted; a moved file is compared with what it was before it moved. */
  #pairs(): readonly { source: string; target: string }[] {
    const sources = new Map<string, string>();
    for (const [target, origin] of this.#origins) {
      const isMove =
        this.#found.get(target) === null &&
        (this.#current.get(target) ?? null) !== null &&
        (this.#found.get(origin) ?? null) !== null &&
        this.#current.get(origin) === null;
      if (isMove && !sources.has(origin)) sources.set(origin, target);
    }
    const targets = new Set(sources.values());
    return [...this.#found.keys()]
      .filter((path) => !targets.has(path))
      .map((path) => ({ source: path, target: sources.get(path) ?? path }))
      .toSorted((left, right) => (this.#name(left.source) < this.#name(right.source) ? -1 : 1));
  }

  #section(source: string, target: string): string {
    const before = this.#found.get(source) ?? null;
    const after = this.#current.get(target) ?? null;
    const moved = source !== target;
    if (!moved && before?.text === after?.text) return '';
    const oldName = quotedName(`a/${this.#name(source)}`);
    const newName = quotedName(`b/${this.#name(target)}`);
    const lines = [`diff --git ${oldName} ${newName}`];
    if (before === null) lines.push(`new file mode ${fileMode(after)}`);
    if (after === null) lines.push(`deleted file mode ${fileMode(before)}`);
    if (moved) {
      lines.push(
        `rename from ${quotedName(this.#name(source))}`,
        `rename to ${quotedName(this.#name(target))}`,
      );
    }
    const hunks = unifiedDiff(before?.text ?? '', after?.text ?? '', CONTEXT_LINES);
    if (before?.text !== after?.text) lines.push(`index ${blobId(before)}..${blobId(after)}`);
    if (hunks !== '') {
      lines.push(`--- ${before === null ? NO_FILE : oldName}`, `+++ ${after === null ? NO_FILE : newName}`);
    }
    return `${lines.join('\n')}\n${hunks}`;
  }

  /** A path from the root, or the whole of it, without its first slash, where it lies elsewhere. */
  #name(path: string): string {
    const name = isInside(this.#root, path) ? relative(this.#root, path) : path;
    return name.split(sep).join('/').replace(/^\//, '');
  }
}

function leftOut(names: readonly string[]): string {
  if (names.length === 0) return '';
  const rest = names.length > NAMED_FILES ? ` and ${names.length - NAMED_FILES} more` : '';
  return `# too large to be shown: ${names.slice(0, NAMED_FILES).map(quotedName).join(', ')}${rest}\n`;
}

function fileMode(version: FileVersion | null): string {
  return version?.executable === true ? '100755' : '100644';
}

/** The name that git gives to such a content. */
function blobId(version: FileVersion | null): string {
  if (version === null) return NO_BLOB;
  const size = Buffer.byteLength(version.text);
  return createHash('sha1').update(`blob ${size}\0`).update(version.text).digest('hex');
}

/** A name as git writes it: in quotes, with escapes, where it has a character that would be misread. */
function quotedName(name: string): string {
  // eslint-disable-next-line no-control-regex
  if (!/["\\\u0000-\u001F\u007F]/.test(name)) return name;
  // eslint-disable-next-line no-control-regex
  const escaped = name.replace(/["\\]|[\u0000-\u001F\u007F]/g, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}
