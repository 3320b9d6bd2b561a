import { closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode } from '../../util/error-code.ts';
import { ruleText } from './rule.ts';
import type { PrefixRule } from './rule.ts';
import { elsewhereReason, LINKED, MAX_FILE_BYTES, NO_WAITING } from './rules-folder.ts';

/** Where rules are added that a person has made by an answer. */
const FILE_NAME = 'default.rules';

export type AppendOutcome =
  { readonly ok: true } | { readonly ok: false; readonly path: string; readonly reason: string };

/**
 * Adds a rule behind the others of the file for that, which is made if there is none, unless the same line is in it already. It
 * is one write at the end of the file, so that it comes between the lines of another program and not into one. No link is
 * followed. Never throws.
 */
export function appendRule(folder: string, rule: PrefixRule): AppendOutcome {
  const path = join(folder, FILE_NAME);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | NO_WAITING | NO_LINK;
    const file = openSync(path, flags, 0o600);
    try {
      const reason = appendLine(file, ruleText(rule));
      return reason === null ? { ok: true } : { ok: false, path, reason };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = errorCode(error);
    return { ok: false, path, reason: code === 'ELOOP' ? LINKED : code };
  }
}

/** Gives the reason why nothing was written that should have been; null otherwise. */
function appendLine(file: number, line: string): string | null {
  const found = fstatSync(file);
  if (!found.isFile()) return 'it is not a regular file';
  const reason = elsewhereReason(found);
  if (reason !== null) return reason;
  if (found.size > MAX_FILE_BYTES) return TOO_LARGE;
  const text = readFileSync(file, 'utf8');
  if (text.split(/\r?\n/u).includes(line)) return null;
  const isOpen = text !== '' && !text.endsWith('\n');
  const bytes = Buffer.from(`${isOpen ? '\n' : ''}${line}\n`);
  if (found.size + bytes.length > MAX_FILE_BYTES) return TOO_LARGE;
  return writeSync(file, bytes) === bytes.length ? null : 'it was written only in part';
}

/** Windows has no such flag. */
const NO_LINK = process.platform === 'win32' ? 0 : constants.O_NOFOLLOW;

const TOO_LARGE = `it would be larger than ${MAX_FILE_BYTES} bytes`;
