import { Secret } from '../../util/secret.ts';
import { isTable } from './table.ts';
import type { Table } from './table.ts';

/** Tables whose texts may all be credentials, whatever their keys. */
const SECRET_TABLES: ReadonlySet<string> = new Set(['env', 'headers', 'http_headers', 'query_params', 'set']);

/** A key that names a credential, unless it names the variable that holds one. */
const SECRET_KEY = /token|secret|password|passphrase|credential|authorization|api_?key/iu;
const VARIABLE_KEY = /_(?:env_?)?var$/iu;

/** The user information of a URL. */
const USER_INFORMATION = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/iu;

/** What stands before the query of a URL, and the query. */
const QUERY = /^([a-z][a-z0-9+.-]*:\/\/[^?#]*\?)([^#]*)/iu;

/** A layer's values as JSON has them: dates and times as texts, whole numbers beyond 64-bit floats rounded. */
export function printable(values: Table): Table {
  return printTable(values, (text) => text);
}

/** The same with every text that may be a credential replaced by a marker. */
export function printableWithoutSecrets(values: Table): Table {
  return printTable(values, (text, path) => (isSecret(path) ? redacted(text) : publicUrl(text)));
}

type PrintText = (text: string, path: readonly string[]) => string;

function printTable(values: Table, printText: PrintText, path: readonly string[] = []): Table {
  const entries = Object.entries(values).map(
    ([key, value]) => [key, printValue(value, printText, [...path, key])] as const,
  );
  return Object.fromEntries(entries);
}

function printValue(value: unknown, printText: PrintText, path: readonly string[]): unknown {
  if (typeof value === 'string') return printText(value, path);
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((element) => printValue(element, printText, path));
  return isTable(value) ? printTable(value, printText, path) : value;
}

function isSecret(path: readonly string[]): boolean {
  const key = path.at(-1) ?? '';
  if (SECRET_KEY.test(key) && !VARIABLE_KEY.test(key)) return true;
  return path.slice(0, -1).some((table) => SECRET_TABLES.has(table));
}

function redacted(text: string): string {
  return new Secret(text).toString();
}

/** A URL can hold a credential before its host and in its query. */
function publicUrl(text: string): string {
  return text
    .replace(USER_INFORMATION, (user, scheme: string) => `${scheme}${redacted(user)}@`)
    .replace(
      QUERY,
      (_, before: string, query: string) => `${before}${query.replace(/=[^&]+/gu, `=${redacted(query)}`)}`,
    );
}
