import { AuthStore } from './auth/index.ts';
import { Account } from './account.ts';
import type { CoreEnvironment } from './environment.ts';
import { Threads } from './thread/threads.ts';

/** Everything the daemon holds, under one lifetime. */
export class Core {
  readonly environment: CoreEnvironment;
  readonly account: Account;
  readonly threads: Threads;

  constructor(environment: CoreEnvironment) {
    const auth = new AuthStore({ codexHome: environment.codexHome });
    this.environment = environment;
    this.account = new Account(environment, auth);
    this.threads = new Threads(environment, auth);
  }

  /** Ends every thread. Idempotent. */
  async close(): Promise<void> {
    await this.threads.closeAll();
  }
}
