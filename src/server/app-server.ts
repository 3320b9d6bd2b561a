import type { Core, CoreEventName, CoreEvents } from '../core/index.ts';
import type { RpcConnection } from '../rpc/index.ts';
import type { Ask } from '../core/index.ts';
import { Asking } from './asking.ts';
import { ClientConnection } from './client-connection.ts';
import { DelayedNotices } from './delayed-notices.ts';
import { dispatch } from './dispatch.ts';
import { Lanes } from './lanes.ts';
import { notify } from './notify.ts';

/** A client as whoever brought it may see it. */
export interface AcceptedClient {
  /** Whether the client does not read what it is sent, and other clients follow a thread that waits for it. */
  readonly holdsUpOthers: boolean;
}

/** Serves clients: their requests go to the core, and what happens in the core goes to them. */
export class AppServer {
  readonly #core: Core;
  readonly #lanes = new Lanes();
  readonly #connections = new Set<ClientConnection>();
  readonly #asking = new Asking(this.#connections);
  readonly #notices: DelayedNotices;

  constructor(core: Core) {
    this.#core = core;
    this.#notices = new DelayedNotices(core.environment.logger);
  }

  /** Serves a client until its connection closes. */
  accept(rpc: RpcConnection): AcceptedClient {
    const connection = new ClientConnection(rpc);
    this.#connections.add(connection);
    rpc.onRequest((method, params, signal, afterAnswer) =>
      dispatch(method, params, {
        core: this.#core,
        lanes: this.#lanes,
        asking: this.#asking,
        notices: this.#notices,
        connection,
        signal,
        afterAnswer,
      }),
    );
    void rpc.closed.then(() => {
      this.#connections.delete(connection);
      connection.dispose();
    });
    rpc.listen();
    const others = (): ClientConnection[] => [...this.#connections].filter((other) => other !== connection);
    return {
      get holdsUpOthers() {
        return connection.holdsUp(others());
      },
    };
  }

  /** Resolves when clients have been told everything that follows the answers they were given. */
  settled(): Promise<void> {
    return this.#notices.settled();
  }

  /** Puts a question of the core to the clients. */
  get ask(): Ask {
    return this.#asking.ask;
  }

  /** Takes an event of the core to the clients. */
  notify<E extends CoreEventName>(event: E, params: CoreEvents[E]): void {
    notify(this.#connections, event, params);
  }
}
