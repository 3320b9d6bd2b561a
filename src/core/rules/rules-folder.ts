import { constants, lstatSync, readdirSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../util/error-code.ts';
import { readRegularFileSync, textOfFile } from '../../util/regular-file.ts';
import { parseRules } from './parse-rules.ts';
import type { HostExecutable } from './parse-rules.ts';
import type { PrefixRule } from './rule.ts';
import type { Place } from './rules-fault.ts';

/** What goes beyond these is a fault. */
const MAX_FILES = 64;
const MAX_RULES = 5_000;
export const MAX_FILE_BYTES = 256 * 1024;

/** Why the rules of a file do not count. */
export interface RulesFileFault {
  readonly path: string;
  readonly message: string;
  /** Null where it is not about a place in the file. */
  readonly place: Place | null;
}

export interface ReadRules {
  readonly rules: readonly PrefixRule[];
  readonly hosts: readonly HostExecutable[];
  readonly faults: readonly RulesFileFault[];
}

/** The folder of the files with rules. */
export function rulesFolder(codexHome: string): string {
  return join(codexHome, 'rules');
}

/**
 * Tells one state of the folder from another, without reading the files. Never throws; what is wrong shows when they are read.
 */
export function rulesStamp(folder: string): string {
  try {
    const stamps = fileNames(folder).map((name) => {
      const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
      return [name, found?.ino, found?.nlink, found?.size, found?.mtimeMs, found?.ctimeMs];
    });
    return JSON.stringify(stamps);
  } catch (error) {
    return errorCode(error);
  }
}

/**
 * Reads the files of the folder whose names end in `.rules`, in the order of their names. Of a file with a fault nothing
 * counts. Never throws.
 */
export function readRules(folder: string): ReadRules {
  const rules: PrefixRule[] = [];
  const hosts: HostExecutable[] = [];
  const faults: RulesFileFault[] = [];
  const addFault = (path: string, message: string, place: Place | null = null): void => {
    faults.push({ path, message, place });
  };
  const names = namesOrReason(folder);
  if (typeof names === 'string')
    return { rules, hosts, faults: [{ path: folder, message: names, place: null }] };
  for (const name of names.slice(0, MAX_FILES)) {
    const path = join(folder, name);
    const file = readText(path);
    const parsed = file.kind === 'text' ? parseRules(file.text) : null;
    if (file.kind === 'unusable') addFault(path, file.reason);
    else if (parsed?.ok === false) addFault(path, parsed.message, parsed.place);
    else if (parsed?.ok === true && rules.length + parsed.rules.length > MAX_RULES) {
      addFault(path, `there are more than ${MAX_RULES} rules, with those of the files before it`);
    } else if (parsed?.ok === true) {
      rules.push(...parsed.rules);
      hosts.push(...parsed.hosts);
    }
  }
  if (names.length > MAX_FILES) {
    addFault(
      folder,
      `there are more than ${MAX_FILES} files; those from ${names[MAX_FILES] ?? ''} on are left out`,
    );
  }
  return { rules, hosts, faults };
}

function namesOrReason(folder: string): string[] | string {
  try {
    return fileNames(folder);
  } catch (error) {
    const code = errorCode(error);
    return code === 'ENOENT' ? [] : `it cannot be read (${code})`;
  }
}

function fileNames(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.rules'))
    .sort();
}

type FileText =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string }
  | { readonly kind: 'text'; readonly text: string };

/** Only a regular file is read; nothing blocks on a pipe or a device. */
function readText(path: string): FileText {
  const reason = linkReason(path);
  if (reason !== null) return { kind: 'unusable', reason };
  const file = readRegularFileSync(path, MAX_FILE_BYTES);
  if (file.kind === 'irregular') return { kind: 'unusable', reason: 'it is not a regular file' };
  if (file.kind === 'failed') {
    return file.code === 'ENOENT'
      ? { kind: 'absent' }
      : { kind: 'unusable', reason: `it cannot be read (${file.code})` };
  }
  if (file.isCut) return { kind: 'unusable', reason: `it is larger than ${MAX_FILE_BYTES} bytes` };
  try {
    return { kind: 'text', text: textOfFile(file, { fatal: true, ignoreBOM: true }) };
  } catch {
    return { kind: 'unusable', reason: 'it is not valid UTF-8' };
  }
}

function linkReason(path: string): string | null {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    return found === undefined ? null : elsewhereReason(found);
  } catch {
    // Reading it says what is wrong.
    return null;
  }
}

/**
 * Why a file could be changed by way of another place, of which a command may have one that it can write to: what a rule allows
 * runs without a sandbox. Null for a file that lies in the folder and nowhere else.
 */
export function elsewhereReason(found: Stats): string | null {
  if (found.isSymbolicLink()) return LINKED;
  return found.isFile() && found.nlink > 1 ? `it has a second name; ${OWN_PLACE}` : null;
}

const OWN_PLACE = 'files with rules have to lie in the folder themselves';

/** Said of a link. */
export const LINKED = `it is a link; ${OWN_PLACE}`;

/** Opening a pipe would otherwise wait for its other end. Windows has no such flag, and no such pipes among files. */
export const NO_WAITING = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;
