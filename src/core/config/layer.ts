import { readFileSync, statSync } from 'node:fs';
import { TextDecoder } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import { errorCode, isMissing } from '../../util/error-code.ts';
import type { ConfigError } from './config-error.ts';
import { splitDottedKey } from './dotted-key.ts';
import type { Table } from './table.ts';
import { mergeTables, tableWith } from './table.ts';

/** Where a layer's values were written. */
export type LayerOrigin =
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  | { readonly kind: 'override'; readonly key: string }
  | { readonly kind: 'request' };

/** The values of one source of configuration, before they are merged and checked. */
export interface ConfigLayer {
  readonly origin: LayerOrigin;
  readonly values: Table;
}

export type LayerOutcome =
  { readonly ok: true; readonly layer: ConfigLayer } | { readonly ok: false; readonly error: ConfigError };

/** Reads a TOML file as a layer. A file that does not exist is an empty layer; one that cannot be read is an error. */
export function fileLayer(path: string): LayerOutcome {
  const read = readText(path);
  if (!read.ok) return read;
  try {
    const values = parse(read.text, { integersAsBigInt: 'asNeeded' });
    return { ok: true, layer: { origin: { kind: 'file', path, text: read.text }, values } };
  } catch (error) {
    return { ok: false, error: syntaxError(path, error) };
  }
}

/**
 * Reads one `key=value` of the command line as a layer. The value is TOML if it parses as that, and otherwise the text
 * as it stands, so that `model=gpt-5` needs no quotes.
 */
export function overrideLayer(argument: string): LayerOutcome {
  const equals = argument.indexOf('=');
  if (equals === -1) return badOverride(overrideName(argument), 'there is no "=", expected key=value');
  const name = argument.slice(0, equals).trim();
  if (name === '') return badOverride(null, 'there is no key before "=", expected key=value');
  const path = splitDottedKey(name);
  if (path === null) return badOverride(name, 'this is not a dotted key such as a.b or a."b c"');
  const values = tableWith(path, overrideValue(argument.slice(equals + 1)));
  return { ok: true, layer: { origin: { kind: 'override', key: name }, values } };
}

/** Takes the `config` of a request as a layer. Its top-level names may be dotted; a null leaves the value below. */
export function requestLayer(config: Readonly<Record<string, unknown>>): ConfigLayer {
  const tables = Object.entries(config).map(([name, value]) =>
    tableWith(splitDottedKey(name) ?? [name], value),
  );
  const values = mergeTables(tables);
  return { origin: { kind: 'request' }, values };
}

type TextOutcome =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: ConfigError };

function readText(path: string): TextOutcome {
  try {
    // Opening a pipe or a device could block for ever.
    if (!statSync(path).isFile()) return { ok: false, error: fileError(path, 'not a regular file') };
    const bytes = readFileSync(path);
    const text = decode(bytes);
    if (text !== null) return { ok: true, text };
    const line = firstUndecodableLine(bytes);
    return { ok: false, error: fileError(path, 'not valid UTF-8', { line, column: 1 }) };
  } catch (error) {
    const code = errorCode(error);
    if (isMissing(code)) return { ok: true, text: '' };
    return { ok: false, error: fileError(path, `cannot be read (${code})`) };
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function firstUndecodableLine(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    if (decode(bytes.subarray(start, end)) === null || newline === -1) return line;
    line += 1;
    start = newline + 1;
  }
}

function syntaxError(path: string, error: unknown): ConfigError {
  // The parser's full message quotes lines of the file, which may hold a token, so only its first line is passed on.
  if (!(error instanceof TomlError)) return fileError(path, 'not valid TOML');
  const [firstLine = ''] = error.message.split('\n');
  const reason = firstLine.replace('Invalid TOML document: ', '');
  return fileError(path, `not valid TOML, ${reason}`, { line: error.line, column: error.column });
}

function fileError(path: string, reason: string, at?: { line: number; column: number }): ConfigError {
  const place = at === undefined ? path : `${path}:${at.line}:${at.column}`;
  return {
    message: `${place}: ${reason}`,
    file: path,
    line: at?.line ?? null,
    column: at?.column ?? null,
    endColumn: at?.column ?? null,
    key: null,
  };
}

function overrideValue(text: string): unknown {
  try {
    const parsed = parse(`value = ${text}`, { integersAsBigInt: 'asNeeded' });
    // A text of several lines could hold further keys; then it is not one TOML value.
    return Object.keys(parsed).length === 1 ? parsed['value'] : text;
  } catch {
    return text;
  }
}

/** The argument if it can only be a key; anything else may be a value that was put in the wrong place. */
function overrideName(argument: string): string | null {
  return /^[a-z_][a-z0-9_.]*$/u.test(argument) ? argument : null;
}

function badOverride(key: string | null, reason: string): LayerOutcome {
  const message = key === null ? `-c: ${reason}` : `-c ${key}: ${reason}`;
  return { ok: false, error: { message, file: null, line: null, column: null, endColumn: null, key } };
}
