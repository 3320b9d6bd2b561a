import type { Core, CoreEventName, CoreEvents } from '../core/index.ts';
import type { RpcConnection } from '../rpc/index.ts';
import { ClientConnection } from './client-connection.ts';
import { dispatch } from './dispatch.ts';
import { Lanes } from './lanes.ts';
import { notify } from './notify.ts';

/** Serves clients: their requests go to the core, and what happens in the core goes to them. */
export class AppServer {
  readonly #core: Core;
  readonly #lanes = new Lanes();
  readonly #connections = new Set<ClientConnection>();

  constructor(core: Core) {
    this.#core = core;
  }

  /** Serves a client until its connection closes. */
  accept(rpc: RpcConnection): void {
    const connection = new ClientConnection(rpc);
    this.#connections.add(connection);
    rpc.onRequest((method, params, signal, afterAnswer) =>
      dispatch(method, params, { core: this.#core, lanes: this.#lanes, connection, signal, afterAnswer }),
    );
    void rpc.closed.then(() => {
      this.#connections.delete(connection);
      connection.dispose();
    });
    rpc.listen();
  }

  /** Takes an event of the core to the clients. */
  notify<E extends CoreEventName>(event: E, params: CoreEvents[E]): void {
    notify(this.#connections, event, params);
  }
}
