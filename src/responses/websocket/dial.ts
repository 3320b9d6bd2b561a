import type { Agent, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import { responseHeaders } from '../http/transport.ts';
import type { ResponseHeaders } from '../http/transport.ts';
import type { DialOutcome, DialRequest, DialSocket } from './socket.ts';
import { WsSocket } from './ws-socket.ts';

/** The longest message that is taken, in bytes. */
const LONGEST_MESSAGE = 64 * 1024 * 1024;

/** How much of the body of a refused handshake is read, in bytes. */
const REFUSAL_BYTES = 64 * 1024;

export interface WebSocketDialOptions {
  /** The agent that makes the connection to a URL, or undefined for the ordinary one. */
  readonly agentFor?: (url: string) => Agent | undefined;
}

/** Opens sockets with the `ws` library. */
export function webSocketDial({ agentFor }: WebSocketDialOptions = {}): DialSocket {
  return (request) => dial(request, agentFor?.(request.url));
}

function dial({ headers, signal, url }: DialRequest, agent: Agent | undefined): Promise<DialOutcome> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, {
      headers,
      perMessageDeflate: false,
      maxPayload: LONGEST_MESSAGE,
      followRedirects: false,
      ...(agent === undefined ? {} : { agent }),
    });
    let handshake: ResponseHeaders = responseHeaders([]);
    const settle = (): void => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
    };
    const giveUp = (): void => {
      settle();
      socket.on('error', () => {});
      socket.terminate();
    };
    const onAbort = (): void => {
      giveUp();
      reject(new Error('the connection attempt was given up'));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('upgrade', (response) => {
      handshake = headersOf(response);
    });
    socket.once('open', () => {
      settle();
      resolve({ type: 'open', socket: new WsSocket(socket), headers: handshake });
    });
    socket.once('unexpected-response', (_request, response) => {
      void readStart(response).then((body) => {
        giveUp();
        resolve({ type: 'refused', status: response.statusCode ?? 0, headers: headersOf(response), body });
      });
    });
    socket.once('error', (error) => {
      giveUp();
      reject(error);
    });
    if (signal.aborted) onAbort();
  });
}

function headersOf({ headersDistinct }: IncomingMessage): ResponseHeaders {
  const entries = Object.entries(headersDistinct).map(
    ([name, values]) => [name, values?.join(', ') ?? ''] as const,
  );
  return responseHeaders(entries);
}

/** The beginning of a body; whoever aborts the attempt bounds the time. */
function readStart(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const done = (): void => resolve(Buffer.concat(chunks).subarray(0, REFUSAL_BYTES).toString('utf8'));
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= REFUSAL_BYTES) done();
    });
    response.once('end', done).once('close', done).once('error', done);
  });
}
