import { abortable } from '../util/abortable.ts';
import { errorMessage } from '../util/errors.ts';
import type { Logger } from '../util/logger.ts';
import { Redactor } from '../util/redactor.ts';
import { shortened } from '../util/shortened.ts';
import { CallTimer } from './call-timer.ts';
import type { ElicitationAnswer, ElicitationRequest } from './elicitation.ts';
import type {
  McpCallResult,
  McpPage,
  McpResource,
  McpResourceContents,
  McpResourceTemplate,
  McpTool,
} from './results.ts';
import { ServerConnection } from './server-connection.ts';
import type { CallOptions, ConnectionOptions } from './server-connection.ts';

export type McpStatus = 'starting' | 'ready' | 'failed' | 'cancelled';

const MAX_REASON_LENGTH = 500;

export interface McpServerOptions extends Pick<
  ConnectionOptions,
  'clientInfo' | 'elicit' | 'fetch' | 'settings' | 'startProcess'
> {
  readonly logger: Logger;
  /** Hears of every change, with a sentence for the user where the server failed. */
  readonly onStatus: (status: McpStatus, error: string | null) => void;
}

/** One call of a tool. */
export interface McpCall extends CallOptions {
  /** The server's own name of it. */
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

type Question<T> = (connection: ServerConnection, signal: AbortSignal) => Promise<T>;

/** One server, connected when it is needed and again after it has ended, until `close`. */
export class McpServer {
  readonly #options: McpServerOptions;
  readonly #redactor = new Redactor();
  readonly #over = new AbortController();
  readonly #calls = new Set<CallTimer>();
  #connecting: Promise<ServerConnection> | null = null;
  #connection: ServerConnection | null = null;
  #tools: readonly McpTool[] = [];
  #isRefreshing = false;
  #isStale = false;
  #questions = 0;

  constructor(options: McpServerOptions) {
    const { secrets } = options.settings;
    this.#options = options;
    const credential = Object.fromEntries(secrets.map((secret, index) => [`s${index}`, secret]));
    this.#redactor.remember({ credential, headers: {}, query: {} });
  }

  get name(): string {
    return this.#options.settings.name;
  }

  /** What the server offered when it was asked last, in its order. */
  get tools(): readonly McpTool[] {
    return this.#tools;
  }

  /** Connects. Gives a sentence for the user where that fails, and null where the server is ready. Never rejects. */
  async start(): Promise<string | null> {
    try {
      await this.#connect();
      return null;
    } catch (error) {
      return errorMessage(error);
    }
  }

  /**
   * Calls a tool of a server that is connected anew where it has ended. Rejects with a sentence, which holds no secret, when
   * there is no result, and with the signal's reason when that aborts.
   */
  call({ args, meta, onProgress, signal, tool }: McpCall): Promise<McpCallResult> {
    return this.#ask(signal, (connection, either) =>
      connection.call(tool, args, { meta, onProgress, signal: either }),
    );
  }

  /** All resources. Rejects as `call` does; so do the following. */
  listResources(signal: AbortSignal): Promise<McpResource[]> {
    return this.#ask(signal, (connection, either) => connection.listResources(either));
  }

  listResourceTemplates(signal: AbortSignal): Promise<McpResourceTemplate[]> {
    return this.#ask(signal, (connection, either) => connection.listResourceTemplates(either));
  }

  /** One page of the resources; null is the first. */
  resourcePage(cursor: string | null, signal: AbortSignal): Promise<McpPage<McpResource>> {
    return this.#ask(signal, (connection, either) => connection.resourcePage(cursor, either));
  }

  /** One page of the templates; null is the first. */
  resourceTemplatePage(cursor: string | null, signal: AbortSignal): Promise<McpPage<McpResourceTemplate>> {
    return this.#ask(signal, (connection, either) => connection.resourceTemplatePage(cursor, either));
  }

  readResource(uri: string, signal: AbortSignal): Promise<McpResourceContents> {
    return this.#ask(signal, (connection, either) => connection.readResource(uri, either));
  }

  /** Ends the connection and the program behind it. Never rejects. Idempotent. */
  async close(): Promise<void> {
    this.#over.abort(new Error('it is not wanted any more'));
    await this.#connecting?.catch(() => {});
    const connection = this.#connection;
    this.#connection = null;
    await connection?.close();
  }

  #connect(): Promise<ServerConnection> {
    if (this.#over.signal.aborted) return Promise.reject(this.#failure(this.#over.signal.reason, null));
    if (this.#connection !== null) return Promise.resolve(this.#connection);
    this.#connecting ??= this.#open().finally(() => (this.#connecting = null));
    return this.#connecting;
  }

  async #open(): Promise<ServerConnection> {
    const { logger, onStatus, settings } = this.#options;
    onStatus('starting', null);
    const late = new AbortController();
    const seconds = settings.startupTimeoutMs / 1000;
    const timer = setTimeout(
      () => late.abort(new Error(`no answer within ${seconds} s`)),
      settings.startupTimeoutMs,
    );
    const signal = AbortSignal.any([this.#over.signal, late.signal]);
    let created: ServerConnection | null = null;
    try {
      const opening = this.#openConnection(signal, (connection) => (created = connection));
      const connection = await abortable(opening, signal);
      this.#connection = connection;
      onStatus('ready', null);
      return connection;
    } catch (error) {
      const failure = this.#failure(signal.aborted ? signal.reason : error, created);
      await (created as ServerConnection | null)?.close();
      if (this.#over.signal.aborted) onStatus('cancelled', null);
      else onStatus('failed', failure.message);
      logger.warn({ server: settings.name, cancelled: this.#over.signal.aborted }, 'MCP server not started');
      throw failure;
    } finally {
      clearTimeout(timer);
    }
  }

  async #openConnection(
    signal: AbortSignal,
    onCreated: (connection: ServerConnection) => void,
  ): Promise<ServerConnection> {
    const { clientInfo, fetch, settings, startProcess } = this.#options;
    let opened: ServerConnection | null = null;
    const connection = await ServerConnection.open(
      {
        clientInfo,
        fetch,
        settings,
        startProcess,
        elicit: (request, asked) => this.#elicit(request, asked),
        onToolsChanged: () => void this.#refresh(),
        onClosed: () => this.#lost(opened),
      },
      signal,
      onCreated,
    );
    opened = connection;
    this.#tools = await connection.listTools(signal);
    if (connection.isClosed) throw new Error('it has ended');
    return connection;
  }

  /** Asks the server something, which has the time of a call for it. */
  async #ask<T>(signal: AbortSignal, question: Question<T>): Promise<T> {
    signal.throwIfAborted();
    const { toolTimeoutMs } = this.#options.settings;
    const late = new AbortController();
    const seconds = toolTimeoutMs / 1000;
    const timer = new CallTimer(toolTimeoutMs, () => late.abort(new Error(`no answer within ${seconds} s`)));
    const either = AbortSignal.any([signal, late.signal]);
    const connection = await abortable(this.#connect(), signal);
    this.#calls.add(timer);
    if (this.#questions === 0) timer.run();
    try {
      return await this.#askOver(connection, question, either);
    } catch (error) {
      signal.throwIfAborted();
      throw this.#failure(late.signal.aborted ? late.signal.reason : error, this.#connection ?? connection);
    } finally {
      timer.pause();
      this.#calls.delete(timer);
    }
  }

  /** A question that reached a server which had forgotten the session was not heard, so it is asked in a new one. */
  async #askOver<T>(connection: ServerConnection, question: Question<T>, signal: AbortSignal): Promise<T> {
    try {
      return await question(connection, signal);
    } catch (error) {
      if (signal.aborted || connection.isTold(error)) throw error;
      const { settings } = this.#options;
      if (settings.transport.kind === 'http' && this.#connection === connection) {
        this.#connection = null;
        await connection.close();
      }
      if (!connection.isSessionLost(error)) throw error;
      return question(await abortable(this.#connect(), signal), signal);
    }
  }

  /** The user's time is not the server's. */
  async #elicit(request: ElicitationRequest, signal: AbortSignal): Promise<ElicitationAnswer> {
    this.#questions += 1;
    for (const call of this.#calls) call.pause();
    try {
      return await this.#options.elicit(request, AbortSignal.any([signal, this.#over.signal]));
    } catch {
      // The question is not of interest any more: the call was interrupted, or the server does not wait for the answer.
      return { action: 'cancel', content: null, meta: null };
    } finally {
      this.#questions -= 1;
      if (this.#questions === 0) for (const call of this.#calls) call.run();
    }
  }

  /** Asks for the tools again; what changes meanwhile is asked for afterwards. */
  async #refresh(): Promise<void> {
    this.#isStale = true;
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    try {
      while (this.#isStale && this.#connection !== null) {
        this.#isStale = false;
        const limit = AbortSignal.timeout(this.#options.settings.startupTimeoutMs);
        this.#tools = await this.#connection.listTools(AbortSignal.any([limit, this.#over.signal]));
      }
    } catch {
      this.#options.logger.warn({ server: this.name }, 'MCP tools not listed again');
    } finally {
      this.#isRefreshing = false;
    }
  }

  /** The server has ended by itself; the next call connects anew. */
  #lost(connection: ServerConnection | null): void {
    if (connection === null || this.#connection !== connection) return;
    this.#connection = null;
    this.#options.logger.warn({ server: this.name }, 'MCP server ended');
    this.#options.onStatus('failed', this.#failure(new Error('it has ended'), connection).message);
    void connection.close();
  }

  #failure(error: unknown, connection: ServerConnection | null): Error {
    const reason = connection?.exit ?? withLastWords(reasonOf(error), connection?.lastWords ?? '');
    const short = shortened(this.#redactor.apply(reason), MAX_REASON_LENGTH);
    return new Error(`MCP server \`${this.name}\`: ${short}`);
  }
}

/** `fetch` says what went wrong only in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)}: ${errorMessage(cause)}`;
}

function withLastWords(reason: string, lastWords: string): string {
  return lastWords === '' ? reason : `${reason}; its last words: ${lastWords}`;
}
