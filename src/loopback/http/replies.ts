import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { errorBody } from '../api-error.ts';
import type { ApiRefusal } from '../api-error.ts';

/** Sends a body of JSON and ends the response. */
export function replyJson(response: ServerResponse, status: number, body: object): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}

export function replyRefusal(response: ServerResponse, { status, problem }: ApiRefusal): void {
  replyJson(response, status, errorBody(problem));
}

/** Answers an upgrade that is refused, and closes its connection. */
export function refuseUpgrade(socket: Duplex, { status, problem }: ApiRefusal): void {
  const body = JSON.stringify(errorBody(problem));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

/** The most that the body of a request may hold, unless its reader wants less. */
const LONGEST_BODY_BYTES = 64 * 1024 * 1024;

export type BodyOutcome = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false };

/** Reads the body of a request. Not ok means that it is too long; rejects when the client goes away. */
export function readBody(
  request: IncomingMessage,
  mostBytes: number = LONGEST_BODY_BYTES,
): Promise<BodyOutcome> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    request.on('data', (piece: Buffer) => {
      length += piece.length;
      if (length <= mostBytes) return pieces.push(piece);
      pieces.length = 0;
      return resolve({ ok: false });
    });
    request.once('end', () => resolve({ ok: true, bytes: Buffer.concat(pieces) }));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client went away before the end of its request')));
  });
}
