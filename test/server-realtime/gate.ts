import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { Call } from './call.ts';
import type { CallOptions } from './call.ts';

/** A TCP door in front of an upstream: connections are accepted at once and get through when it opens. */
export class Gate {
  readonly url: string;
  /** The connections that came, in order. */
  readonly connections: Socket[] = [];
  readonly #target: URL;
  #isOpen = false;
  #watchers: (() => void)[] = [];

  private constructor(port: number, target: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#target = new URL(target);
  }

  /** Ended with the test. */
  static async before(target: string): Promise<Gate> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const gate = new Gate((server.address() as AddressInfo).port, target);
    server.on('connection', (socket) => gate.#accept(socket));
    onTestFinished(() => {
      for (const socket of gate.connections) socket.destroy();
      server.close();
    });
    return gate;
  }

  /** Resolves when so many connections have come. */
  async arrival(count = 1): Promise<void> {
    while (this.connections.length < count) {
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    }
  }

  /** Lets everything through, now and later. */
  open(): void {
    this.#isOpen = true;
    for (const socket of this.connections) this.#letThrough(socket);
  }

  /** Holds what comes from now on. */
  shut(): void {
    this.#isOpen = false;
  }

  #accept(socket: Socket): void {
    socket.on('error', () => {});
    this.connections.push(socket);
    if (this.#isOpen) this.#letThrough(socket);
    for (const resolve of this.#watchers.splice(0)) resolve();
  }

  #letThrough(socket: Socket): void {
    if (socket.destroyed) return;
    const onward = connect(Number(this.#target.port), this.#target.hostname);
    onward.on('error', () => socket.destroy());
    socket.on('close', () => onward.destroy());
    onward.on('close', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  }
}

/** A call whose upstream is behind a gate, which is shut. */
export async function callBehindGate(
  options: Omit<CallOptions, 'editConfig'> = {},
): Promise<{ call: Call; gate: Gate }> {
  const gates: Gate[] = [];
  const call = await Call.open({
    ...options,
    editConfig: async (text, { url }) => {
      const gate = await Gate.before(url);
      gates.push(gate);
      return text.replaceAll(url, gate.url);
    },
  });
  const [gate] = gates;
  if (gate === undefined) throw new Error('the configuration was not written');
  return { call, gate };
}
