import type { Thread } from '../core/index.ts';
import type {
  InitializeParams,
  NotificationName,
  NotificationParamsOf,
  ServerRequestName,
} from '../protocol/index.ts';
import { findNotification } from '../protocol/index.ts';
import type { RpcConnection } from '../rpc/index.ts';

type Capabilities = NonNullable<InitializeParams['capabilities']>;

/** One client: what it may use, what it wants to hear, and which threads it follows. */
export class ClientConnection {
  readonly #rpc: RpcConnection;
  readonly #threads = new Map<string, Thread>();
  #capabilities: Capabilities | null = null;
  #optedOut: ReadonlySet<string> = new Set();

  constructor(rpc: RpcConnection) {
    this.#rpc = rpc;
    rpc.onBacklog((isBacklogged) => {
      for (const thread of this.#threads.values()) setPaused(thread, isBacklogged);
    });
  }

  get isInitialized(): boolean {
    return this.#capabilities !== null;
  }

  get hasExperimentalApi(): boolean {
    return this.#capabilities?.experimentalApi === true;
  }

  initialize(capabilities: Capabilities): void {
    this.#capabilities = capabilities;
    this.#optedOut = new Set(capabilities.optOutNotificationMethods ?? []);
  }

  /** The client hears of the thread from now on; while it does not keep up, the thread's upstream is not read. */
  subscribe(thread: Thread): void {
    if (this.#threads.get(thread.id) === thread) return;
    this.#forgetClosed();
    this.#threads.set(thread.id, thread);
    thread.addSubscriber();
    if (this.#rpc.isBacklogged) setPaused(thread, true);
  }

  /** Says whether the client had been following the thread. */
  unsubscribe(thread: Thread): boolean {
    if (this.#threads.get(thread.id) !== thread) return false;
    this.#threads.delete(thread.id);
    if (this.#rpc.isBacklogged) setPaused(thread, false);
    thread.removeSubscriber();
    return true;
  }

  isSubscribedTo(threadId: string): boolean {
    return this.#threads.get(threadId)?.isClosed === false;
  }

  /** Whether the client does not keep up, and one of the others follows a thread whose upstream is not read for that. */
  holdsUp(others: readonly ClientConnection[]): boolean {
    if (!this.#rpc.isBacklogged) return false;
    return [...this.#threads.keys()].some((id) => others.some((other) => other.isSubscribedTo(id)));
  }

  /** Asks the client. Rejects where no answer will come, and where the client answers with an error. */
  request(
    method: ServerRequestName,
    params: object,
    options: { signal: AbortSignal; onId: (id: number) => void },
  ): Promise<unknown> {
    return this.#rpc.request(method, params, options);
  }

  /** Sends a notification, unless the client has not opened with `initialize`, opted out, or may not see it. */
  notify<N extends NotificationName>(method: N, params: NotificationParamsOf<N>): void {
    if (!this.isInitialized || this.#optedOut.has(method)) return;
    if (!this.hasExperimentalApi && findNotification(method)?.experimental === true) return;
    this.#rpc.notify(method, params);
  }

  #forgetClosed(): void {
    for (const [id, thread] of this.#threads) if (thread.isClosed) this.#threads.delete(id);
  }

  /** The client is gone: whatever it slowed down goes on. */
  dispose(): void {
    for (const thread of this.#threads.values()) this.unsubscribe(thread);
  }
}

function setPaused(thread: Thread, isPaused: boolean): void {
  if (isPaused) thread.pauseOutput();
  else thread.resumeOutput();
}
