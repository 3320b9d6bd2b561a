import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { openConnection } from '../rpc/index.ts';
import type { RpcConnection } from '../rpc/index.ts';
import type { Logger } from '../util/logger.ts';
import { within } from '../util/within.ts';
import type { ListenerLimits } from './limits.ts';
import { SlowClientWatch } from './slow-client-watch.ts';
import { WebSocketStreams } from './web-socket-streams.ts';

/** What serves a connection, as far as the listener has to know. */
export interface AcceptedConnection {
  /** Whether other connections get nothing either while this one does not read. */
  readonly holdsUpOthers: boolean;
}

export interface ServedClientOptions {
  readonly socket: WebSocket;
  readonly transport: Duplex;
  readonly limits: ListenerLimits;
  readonly logger: Logger;
  /** Sets the handlers of the connection and starts reading it. */
  readonly accept: (rpc: RpcConnection) => AcceptedConnection;
}

/** One client on a WebSocket, from the end of its handshake to the end of its connection. */
export class ServedClient {
  readonly #rpc: RpcConnection;
  readonly #streams: WebSocketStreams;

  constructor({ accept, limits, logger, socket, transport }: ServedClientOptions) {
    const streams = new WebSocketStreams({
      socket,
      transport,
      closeMs: limits.closeMs,
      onError: (error) => logger.warn({ error }, 'a client broke the WebSocket protocol'),
    });
    const { input, output } = streams;
    const rpc = openConnection({ input, output, framing: 'lines', logger });
    this.#streams = streams;
    this.#rpc = rpc;
    const watch = new SlowClientWatch({
      limits,
      unsentBytes: () => output.writableLength,
      sentBytes: () => streams.sentBytes,
      holdsUpOthers: () => accepted.holdsUpOthers,
      drop: (reason) => {
        logger.warn({ reason, unsentBytes: output.writableLength }, 'dropped a client that does not keep up');
        streams.drop(1013, reason);
      },
    });
    rpc.onBacklog((isBacklogged) => watch.backlog(isBacklogged));
    void rpc.closed.then(() => watch.stop());
    const accepted = accept(rpc);
  }

  /** Resolves when the connection has ended. */
  get closed(): Promise<void> {
    return this.#streams.closed;
  }

  /** Resolves when every request that was read has been answered, and the answers have been sent. */
  drained(): Promise<void> {
    return this.#rpc.drained();
  }

  /** Sends what waits, closes with a code, and cuts the connection where one of the two takes longer than `stepMs`. */
  async close(code: number, reason: string, stepMs: number): Promise<void> {
    this.#streams.sayGoodbye(code, reason);
    const hasSent = await within(stepMs, this.#rpc.close());
    if (!hasSent) this.#streams.drop(code, reason);
    if (!(await within(stepMs, this.closed))) this.#streams.terminate();
  }
}
