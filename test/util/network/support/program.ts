/** Visits the addresses of its command line by a network made from its environment, and prints what came of it. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { createNetwork } from '../../../../src/util/network/index.ts';
import { errorMessage } from '../../../../src/util/errors.ts';
import type { Network, NetworkDescription } from '../../../../src/util/network/index.ts';
import type { Log } from '../../../../src/util/logger.ts';

/** What the server said, or the name and the message of the error. */
export type Visit = { readonly said: string } | { readonly error: string };

export interface Report {
  readonly visits: readonly Visit[];
  readonly log: readonly { level: string; fields: Readonly<Record<string, unknown>>; message: string }[];
  readonly description: NetworkDescription;
}

const log: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[] = [];

function logAt(level: string): Log {
  return (fields, message) => log.push({ level, fields, message });
}

async function visit(network: Network, address: string): Promise<Visit> {
  try {
    return {
      said: address.startsWith('ws') ? await exchange(network, address) : await request(network, address),
    };
  } catch (error) {
    const reason = error instanceof TypeError ? error.cause : error;
    const name = reason instanceof Error && reason.name !== 'Error' ? `${reason.name}: ` : '';
    return { error: `${name}${errorMessage(reason)}` };
  }
}

async function request(network: Network, address: string): Promise<string> {
  const response = await network.fetch(address, { method: 'POST', body: 'a body' });
  return `${response.status} ${await response.text()}`;
}

async function exchange(network: Network, address: string): Promise<string> {
  const agent = network.webSocketAgent(address);
  const socket = new WebSocket(address, agent === undefined ? {} : { agent });
  await once(socket, 'open');
  socket.send('a frame');
  const [frame] = (await once(socket, 'message')) as [Buffer];
  const closed = once(socket, 'close');
  socket.close();
  await closed;
  return frame.toString();
}

const network = createNetwork({
  environment: process.env,
  logger: { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') },
  connectTimeoutMs: 5_000,
});
const visits: Visit[] = [];
for (const address of process.argv.slice(2)) visits.push(await visit(network, address));
await network.close();
const report: Report = { visits, log, description: network.describe() };
process.stdout.write(JSON.stringify(report));
