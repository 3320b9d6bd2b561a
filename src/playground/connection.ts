import { BrowserClient } from '../client/browser/index.ts';
import { errorMessage } from '../util/errors.ts';
import type { Address } from './address.ts';
import { daemonUrl } from './address.ts';
import { byId, showState } from './dom.ts';

export interface ConnectionOptions {
  readonly address: Address;
  /** Sets the listeners of a connection and reads what the page shows. Called again for each new connection. */
  readonly onConnected: (client: BrowserClient) => Promise<void>;
  readonly onLost: (reason: string) => void;
}

/** The connection to the daemon, and its state as the page shows it. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #state = byId('connection');
  readonly #again = byId('reconnect', HTMLButtonElement);
  #client: BrowserClient | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#again.addEventListener('click', () => void this.open());
  }

  /** The client of the connection. Throws while there is none. */
  get client(): BrowserClient {
    if (this.#client === null) throw new Error('there is no connection to the daemon');
    return this.#client;
  }

  /** Connects. What goes wrong is shown, and can be tried again. */
  async open(): Promise<void> {
    this.#again.hidden = true;
    showState(this.#state, 'connecting', 'connecting');
    try {
      const client = await BrowserClient.connect(daemonUrl(), {
        clientInfo: { name: 'parley_playground', title: 'Parley playground', version: '1.0.0' },
        capabilities: { experimentalApi: true },
        token: this.#options.address.token,
      });
      this.#client = client;
      void client.closed.then(({ reason }) => this.#lost(reason));
      await this.#options.onConnected(client);
      if (this.#client === client) showState(this.#state, 'connected', 'connected');
    } catch (error) {
      this.#lost(errorMessage(error));
    }
  }

  #lost(reason: string): void {
    const client = this.#client;
    this.#client = null;
    void client?.close();
    showState(this.#state, 'lost', 'not connected');
    this.#again.hidden = false;
    this.#options.onLost(reason);
  }
}
