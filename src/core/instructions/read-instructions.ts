import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readInstructionFile } from './instruction-file.ts';

export interface InstructionPlaces {
  /** Absolute: the folder of the instructions that hold everywhere. */
  readonly codexHome: string;
  /** Absolute: where work is done. */
  readonly cwd: string;
  /** How much is read of all files together. */
  readonly maxBytes: number;
}

/** What users have written down for agents that work in a folder. */
export interface Instructions {
  /** Null where there is nothing. */
  readonly text: string | null;
  /** Absolute paths of the files whose text it is, in that order. */
  readonly sources: readonly string[];
  /** Sentences for the user about files that are left out or cut. */
  readonly warnings: readonly string[];
}

/** The first of them that says something counts in a folder. */
const NAMES = ['AGENTS.override.md', 'AGENTS.md'];

/**
 * Puts the instruction files together: the global one first, then those of the project from its root down to the working
 * directory. What goes beyond the limit is left out, with a mark at the place. Never throws.
 */
export function readInstructions({ codexHome, cwd, maxBytes }: InstructionPlaces): Instructions {
  const texts: string[] = [];
  const sources: string[] = [];
  const warnings: string[] = [];
  let room = maxBytes;
  for (const folder of new Set([resolve(codexHome), ...projectFolders(resolve(cwd))])) {
    if (maxBytes === 0) break;
    const found = instructionsIn(folder, room, warnings);
    if (found === null) continue;
    const { isCut, path, text } = found;
    if (isCut) warnings.push(cutWarning(path, text === '', maxBytes));
    room = isCut ? 0 : room - Buffer.byteLength(text);
    if (text === '') continue;
    texts.push(isCut ? `${text}\n${cutMark(path)}` : text);
    sources.push(path);
  }
  return { text: texts.length === 0 ? null : texts.join('\n\n'), sources, warnings };
}

interface FoundInstructions {
  readonly path: string;
  readonly text: string;
  readonly isCut: boolean;
}

/** The instructions in one folder, as far as there is room; null where it has none. */
function instructionsIn(folder: string, room: number, warnings: string[]): FoundInstructions | null {
  for (const name of NAMES) {
    const path = join(folder, name);
    const file = readInstructionFile(path, room);
    if (file.kind === 'unusable') warnings.push(`The instructions in ${path} are left out: ${file.reason}.`);
    if (file.kind === 'text' && (file.text !== '' || file.isCut)) return { path, ...file };
  }
  return null;
}

/** From the root of the repository down to the folder; only the folder itself where it lies in none. */
function projectFolders(cwd: string): string[] {
  const folders: string[] = [];
  for (let folder = cwd; ; folder = dirname(folder)) {
    folders.unshift(folder);
    if (existsSync(join(folder, '.git'))) return folders;
    if (dirname(folder) === folder) return [cwd];
  }
}

function cutMark(path: string): string {
  return `[${path} goes on here, beyond the limit for instructions]`;
}

function cutWarning(path: string, isGone: boolean, maxBytes: number): string {
  const fate = isGone ? 'left out' : 'cut';
  return `The instructions in ${path} are ${fate}: all of them together may take ${maxBytes} bytes (project_doc_max_bytes).`;
}
