import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WireMessage } from '../support/daemon.ts';

/** What the adapter and its app-server said to each other. */
export interface Exchange {
  /** The methods of the adapter's messages, in order. */
  readonly sent: string[];
  /** The methods that were answered with an error, and the errors. */
  readonly refused: { method: string; error: WireMessage['error'] }[];
}

/** Reads the log that the adapter writes into the directory of its variable `APP_SERVER_LOGS`. */
export function readExchange(logs: string): Exchange {
  const log = readFileSync(join(logs, 'app-server.log'), 'utf8');
  const requests = messages(log, 'IN');
  const methods = new Map(requests.map(({ id, method }) => [id, method ?? '']));
  return {
    sent: requests.flatMap(({ method }) => (method === undefined ? [] : [method])),
    refused: messages(log, 'OUT').flatMap(({ id, error }) =>
      error === undefined ? [] : [{ method: methods.get(id) ?? '', error }],
    ),
  };
}

/** An entry is a stamp, a mark, and the bytes of one read or write as they were, which may end within a message. */
const ENTRY = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[([A-Z_]+)\] /m;

function messages(log: string, mark: string): WireMessage[] {
  const [, ...parts] = log.split(ENTRY);
  const bytes = parts.flatMap((part, index) =>
    part === mark && index % 2 === 0 ? [(parts[index + 1] ?? '').slice(0, -1)] : [],
  );
  return bytes
    .join('')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WireMessage);
}
