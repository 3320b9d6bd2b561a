import { errorMessage } from '../../util/errors.ts';
import { NetworkConfigurationError } from '../../util/network/errors.ts';
import { linkedAbort } from '../abort.ts';
import { withDeadline } from '../clock.ts';
import { abortedError, connectionError, ResponsesError, setupError } from '../error/responses-error.ts';
import { statusError } from '../error/status-error.ts';
import type { ResponseEvent } from '../event/event.ts';
import { handshakeHeaders } from '../request/headers.ts';
import { socketUrl } from '../request/url.ts';
import type { Upstream } from '../upstream.ts';
import { Connection } from './connection.ts';
import type { SocketCall } from './frame.ts';
import { Lock } from './lock.ts';
import type { DialOutcome } from './socket.ts';

const PATH = 'responses';

/** With this status a server says that it has no WebSocket here. */
const UPGRADE_REQUIRED = 426;

/**
 * The requests of a thread by WebSocket, one after the other. One connection serves as many as it lives; one that has
 * ended, failed or been left in the middle of a response is replaced.
 */
export class SocketLane {
  readonly #upstream: Upstream;
  readonly #lock = new Lock();
  #connection: Connection | null = null;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /**
   * Asks for a response and yields what it tells, up to `completed`. Returns false, before anything was sent, when the
   * server wants to be asked by HTTP.
   */
  async *stream(call: SocketCall): AsyncGenerator<ResponseEvent, boolean> {
    const release = await this.#lock.acquire(call.signal);
    let isCompleted = false;
    try {
      const connection = await this.#connect(call);
      if (connection === null) return false;
      for await (const event of connection.request(call)) {
        isCompleted = event.type === 'completed';
        yield event;
      }
      return true;
    } finally {
      if (!isCompleted) this.discard();
      release();
    }
  }

  /** Drops the connection, and with it what its server remembers. */
  discard(): void {
    this.#connection?.drop();
    this.#connection = null;
  }

  /** Ends the connection in order. */
  close(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #connect(call: SocketCall): Promise<Connection | null> {
    if (this.#connection?.isUsable() === true) return this.#connection;
    this.discard();
    const { clock, identity } = this.#upstream.options;
    const { context, signal, turn } = call;
    const url = checkedUrl(socketUrl(this.#upstream.url(PATH)));
    for (let step = 0; ; step += 1) {
      const extra = handshakeHeaders(identity, context, turn.turnState);
      const outcome = await this.#dial(url, await this.#upstream.headers(extra, signal), signal);
      const { headers } = outcome;
      if (outcome.type === 'open') {
        turn.keepTurnState(headers.get('x-codex-turn-state'));
        this.#connection = new Connection({ upstream: this.#upstream, socket: outcome.socket, headers, url });
        return this.#connection;
      }
      if (outcome.status === UPGRADE_REQUIRED) return null;
      const error = statusError({ ...outcome, url }, clock.now());
      if (error.kind !== 'unauthorized' || !(await this.#upstream.recover(step, signal))) throw error;
    }
  }

  async #dial(url: string, headers: Record<string, string>, signal: AbortSignal): Promise<DialOutcome> {
    const { clock, dial, provider } = this.#upstream.options;
    const milliseconds = provider.websocketConnectTimeoutMs;
    const expired = (): Error =>
      new ResponsesError(
        'timeout',
        `the model provider did not take the connection within ${milliseconds} ms`,
      );
    const attempt = linkedAbort(signal);
    try {
      const dialling = dial({ url, headers, signal: attempt.signal });
      return await withDeadline(dialling, { clock, milliseconds, signal, expired });
    } catch (error) {
      attempt.abort();
      throw dialError(error, signal);
    } finally {
      attempt.release();
    }
  }
}

function checkedUrl(url: string): string {
  if (!URL.canParse(url)) throw setupError('failed to build websocket URL: it is not valid');
  const { hash, protocol } = new URL(url);
  if (hash !== '') throw setupError('failed to build websocket URL: it has a fragment');
  if (protocol === 'ws:' || protocol === 'wss:') return url;
  throw setupError(`failed to build websocket URL: \`${protocol.slice(0, -1)}\` is no scheme for it`);
}

function dialError(error: unknown, signal: AbortSignal): ResponsesError {
  if (signal.aborted) return abortedError();
  if (error instanceof ResponsesError) return error;
  if (error instanceof NetworkConfigurationError) return setupError(error.message);
  return connectionError(errorMessage(error), { cause: error });
}
