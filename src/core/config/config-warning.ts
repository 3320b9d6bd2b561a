import type { ConfigWarningNotification } from '../../protocol/index.ts';
import type { ConfigError } from './config-error.ts';

/** Puts a configuration error into the shape of the warning that a client shows; the range ends on its last character. */
export function configWarningOf(error: ConfigError): ConfigWarningNotification {
  const { message, file, line, column, endColumn } = error;
  const summary = 'The configuration is not valid; defaults are used until it is corrected.';
  if (file === null) return { summary, details: message };
  if (line === null || column === null) return { summary, details: message, path: file };
  const range = { start: { line, column }, end: { line, column: endColumn ?? column } };
  return { summary, details: message, path: file, range };
}
