import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Identity } from './certificates.ts';

export interface EchoServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Answers a request with its body and a frame with its text, over TLS if it is given an identity. */
export async function startEchoServer(identity?: Identity): Promise<EchoServer> {
  const server: Server =
    identity === undefined
      ? createHttpServer(echo)
      : createHttpsServer({ cert: identity.certificate, key: identity.key }, echo);
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => socket.send(`echo of ${data.toString()}`));
  });
  const port = await listen(server);
  return {
    port,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await closed(server);
    },
  };
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text: string) => (body += text));
  request.on('end', () => response.end(`echo of ${body}`));
}

export async function listen(server: NetServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

export async function closed(server: NetServer): Promise<void> {
  server.close();
  await once(server, 'close');
}
