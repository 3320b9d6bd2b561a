import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Identity } from './certificates.ts';
import { closed, listen } from './servers.ts';

/** A proxy that takes every host for this machine, and keeps a line for everything that it was asked. */
export interface TestProxy {
  readonly port: number;
  readonly asked: string[];
  close(): Promise<void>;
}

export interface HttpProxyOptions {
  readonly identity?: Identity;
  /** The `proxy-authorization` without which it does nothing. */
  readonly authorization?: string;
}

/** Opens tunnels, and passes plain requests on. */
export async function startHttpProxy({ identity, authorization }: HttpProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const allows = (request: IncomingMessage): boolean =>
    authorization === undefined || request.headers['proxy-authorization'] === authorization;
  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${request.method} ${request.url}`);
    if (!allows(request)) return void response.writeHead(407).end();
    const { port, pathname } = new URL(request.url ?? '');
    const onward = sendRequest({ port, host: '127.0.0.1', path: pathname, method: request.method ?? 'GET' });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 0);
      answer.pipe(response);
    });
    request.pipe(onward);
  };
  const server: Server =
    identity === undefined
      ? createServer(forward)
      : createHttpsServer({ cert: identity.certificate, key: identity.key }, forward);
  const tunnels = new Set<Duplex>();
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    tunnels.add(client);
    if (!allows(request)) return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    join(client, Number(request.url?.split(':').at(-1)), () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
  });
  const port = await listen(server);
  return {
    port,
    asked,
    close: async () => {
      for (const tunnel of tunnels) tunnel.destroy();
      server.closeAllConnections();
      await closed(server);
    },
  };
}

/** SOCKS 5, with a user name and a password if they are given as `user:password`. */
export async function startSocksProxy(credentials?: string): Promise<TestProxy> {
  const asked: string[] = [];
  const clients = new Set<Socket>();
  const server = createTcpServer((client) => {
    clients.add(client);
    client.on('error', () => client.destroy());
    serve(client, asked, credentials).catch((error: unknown) => client.destroy(error as Error));
  });
  const port = await listen(server);
  return {
    port,
    asked,
    close: async () => {
      for (const client of clients) client.destroy();
      await closed(server);
    },
  };
}

async function serve(client: Socket, asked: string[], credentials: string | undefined): Promise<void> {
  const [, count = 0] = await take(client, 2);
  const methods = await take(client, count);
  const method = credentials === undefined ? 0 : 2;
  if (!methods.includes(method)) return void client.end(Uint8Array.of(5, 0xff));
  client.write(Uint8Array.of(5, method));
  if (credentials !== undefined) {
    const [, userLength = 0] = await take(client, 2);
    const user = await take(client, userLength);
    const [passwordLength = 0] = await take(client, 1);
    const password = await take(client, passwordLength);
    const isRight = `${user.toString()}:${password.toString()}` === credentials;
    client.write(Uint8Array.of(1, isRight ? 0 : 1));
    if (!isRight) return void client.end();
  }
  const [, , , kind] = await take(client, 4);
  const host =
    kind === 1
      ? (await take(client, 4)).join('.')
      : (await take(client, (await take(client, 1))[0] ?? 0)).toString();
  const port = (await take(client, 2)).readUInt16BE();
  asked.push(`${kind === 1 ? 'address' : 'name'} ${host}:${port}`);
  if (host === 'forbidden.test') return void client.end(Uint8Array.of(5, 2, 0, 1, 0, 0, 0, 0, 0, 0));
  // Some servers tell the name of where they connected from, which is of any length.
  join(client, port, () => client.write(Uint8Array.of(5, 0, 0, 3, 2, 0x61, 0x62, 0, 80)));
}

async function take(socket: Socket, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = socket.read(count) as Buffer | null;
    if (bytes !== null) return bytes;
    await once(socket, 'readable');
  }
}

function join(client: Socket, port: number, onConnect: () => void): void {
  const onward = connect({ host: '127.0.0.1', port }, () => {
    onConnect();
    client.pipe(onward).pipe(client);
  });
  onward.on('error', () => client.destroy());
  client.on('error', () => onward.destroy());
  client.on('close', () => onward.destroy());
}
