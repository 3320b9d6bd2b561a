import { formatDottedKey } from './dotted-key.ts';
import { locateKey } from './key-location.ts';
import type { ConfigLayer } from './layer.ts';
import type { Fault } from './fault.ts';

/**
 * Why a configuration cannot be used. `message` is complete in itself: it names the file, line and column or the
 * override, and the key. No value that may be a secret is in it.
 */
export interface ConfigError {
  readonly message: string;
  /** The file's path; null for an override or a request. */
  readonly file: string | null;
  /** Counted from 1; null where the place is not known. */
  readonly line: number | null;
  /** Counted from 1, in UTF-16 units. */
  readonly column: number | null;
  /** The last column of the key, on the same line. */
  readonly endColumn: number | null;
  /** The dotted path of the key; null for a file that does not parse. */
  readonly key: string | null;
}

/** One layer, and the path under which it holds a value of the merged table. */
export interface Candidate {
  readonly layer: ConfigLayer;
  readonly path: readonly string[];
}

/** Reports a fault where a candidate holds it, or without a place if there is none. */
export function configErrorAt(fault: Fault, candidate: Candidate | null): ConfigError {
  const key = formatDottedKey(fault.path);
  const unplaced = { file: null, line: null, column: null, endColumn: null, key };
  if (candidate === null) return { message: `${key}: ${fault.message}`, ...unplaced };
  const { origin } = candidate.layer;
  const name = formatDottedKey(candidate.path);
  if (origin.kind === 'override') {
    const inner = origin.key === name ? '' : `${name}: `;
    return { message: `-c ${origin.key}: ${inner}${fault.message}`, ...unplaced, key: name };
  }
  if (origin.kind === 'request') {
    return { message: `config of the request: ${name}: ${fault.message}`, ...unplaced, key: name };
  }
  const location = locateKey(origin.text, candidate.path);
  const place = location === null ? origin.path : `${origin.path}:${location.line}:${location.column}`;
  return {
    message: `${place}: ${name}: ${fault.message}`,
    file: origin.path,
    line: location?.line ?? null,
    column: location?.column ?? null,
    endColumn: location?.endColumn ?? null,
    key: name,
  };
}
