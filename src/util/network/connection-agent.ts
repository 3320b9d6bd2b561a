import { Agent } from 'node:http';
import type { ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { callbackify } from 'node:util';

/** An agent of `node:http` whose connections are made elsewhere, each one for one request. */
export class ConnectionAgent extends Agent {
  /** Node compares it with the protocol of the request. */
  readonly protocol: 'http:' | 'https:';
  readonly #connect: () => Promise<Socket>;

  constructor(secure: boolean, connect: () => Promise<Socket>) {
    super();
    this.protocol = secure ? 'https:' : 'http:';
    this.#connect = connect;
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    callbackify(this.#connect)((error, socket) => callback?.(error, socket));
  }
}
