import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { AnySchema } from '@modelcontextprotocol/sdk/server/zod-compat.js';
import type { RequestOptions } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ElicitRequest, ElicitResult } from '@modelcontextprotocol/sdk/types.js';
import { isNestedDeeper } from '../util/nesting.ts';
import { within } from '../util/within.ts';
import { boundedFetch } from './bounded-fetch.ts';
import type { ElicitationAnswer, ElicitationRequest } from './elicitation.ts';
import type {
  McpCallResult,
  McpPage,
  McpResource,
  McpResourceContents,
  McpResourceTemplate,
  McpTool,
} from './results.ts';
import { loadSdk } from './sdk.ts';
import type { Sdk } from './sdk.ts';
import type { McpFetch, McpServerSettings, StartServerProcess } from './server-settings.ts';
import { StdioTransport } from './stdio-transport.ts';

/** How many pages of a list are read, and how many entries are kept. */
const MAX_PAGES = 50;
const MAX_ENTRIES = 2_000;

/** Values that are nested deeper are not passed on. */
const DEEPEST_VALUE = 64;

/** The code of the SDK's own error for a connection that has ended. */
const CONNECTION_CLOSED = -32_000;

/** The longest delay that a timer of Node can hold. */
const NO_TIMEOUT_MS = 2_147_483_647;

/** How long a server may take to hear that a session is over, in milliseconds. */
const GOODBYE_MS = 200;

export interface ConnectionOptions {
  readonly settings: McpServerSettings;
  readonly clientInfo: { readonly name: string; readonly title: string; readonly version: string };
  readonly startProcess: StartServerProcess;
  readonly fetch: McpFetch;
  /** Asks the user. Rejects when the signal aborts. */
  readonly elicit: (request: ElicitationRequest, signal: AbortSignal) => Promise<ElicitationAnswer>;
  readonly onToolsChanged: () => void;
  /** Called once, when the connection has ended for whatever reason. */
  readonly onClosed: () => void;
}

/** One connection to one server, from its first to its last message. */
export class ServerConnection {
  readonly #sdk: Sdk;
  readonly #client: Client;
  readonly #transport: Transport;
  #isClosed = false;

  private constructor(sdk: Sdk, options: ConnectionOptions) {
    this.#sdk = sdk;
    this.#transport = createTransport(sdk, options);
    this.#client = new sdk.Client(
      { ...options.clientInfo },
      {
        capabilities: { elicitation: { form: {}, url: {} } },
        // What a tool says is passed on as it is; nothing is compiled for it.
        jsonSchemaValidator: {
          getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
        },
      },
    );
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- the client of the SDK has no other way
    this.#client.onclose = () => {
      this.#isClosed = true;
      options.onClosed();
    };
    this.#client.setNotificationHandler(sdk.ToolListChangedNotificationSchema, options.onToolsChanged);
    this.#client.setRequestHandler(sdk.ElicitRequestSchema, async ({ params }, { signal }) =>
      elicitResult(await options.elicit(elicitationRequest(shallow(params)), signal)),
    );
  }

  /** Connects, and closes again what it cannot connect. Rejects when the signal aborts. */
  static async open(
    options: ConnectionOptions,
    signal: AbortSignal,
    onCreated: (connection: ServerConnection) => void,
  ): Promise<ServerConnection> {
    const sdk = await loadSdk();
    signal.throwIfAborted();
    const connection = new ServerConnection(sdk, options);
    onCreated(connection);
    await connection.#client.connect(connection.#transport, { signal, timeout: NO_TIMEOUT_MS });
    return connection;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Why a program was given up, or has ended by itself; null where nothing is known. */
  get exit(): string | null {
    return this.#transport instanceof StdioTransport ? this.#transport.exit : null;
  }

  /** What a program has said last on its standard error; empty where nothing is known. */
  get lastWords(): string {
    return this.#transport instanceof StdioTransport ? this.#transport.lastWords : '';
  }

  async listTools(signal: AbortSignal): Promise<McpTool[]> {
    if (this.#client.getServerCapabilities()?.tools === undefined) return [];
    const { ListToolsResultSchema: schema } = this.#sdk;
    return listAll(async (cursor) => {
      const { nextCursor, tools } = await this.#page('tools/list', schema, cursor, signal);
      return pageOf(tools, nextCursor);
    });
  }

  listResources(signal: AbortSignal): Promise<McpResource[]> {
    return listAll((cursor) => this.resourcePage(cursor, signal));
  }

  listResourceTemplates(signal: AbortSignal): Promise<McpResourceTemplate[]> {
    return listAll((cursor) => this.resourceTemplatePage(cursor, signal));
  }

  /** Null is the first page. A server that has no resources has an empty one. */
  async resourcePage(cursor: Cursor, signal: AbortSignal): Promise<McpPage<McpResource>> {
    if (this.#client.getServerCapabilities()?.resources === undefined) return NOTHING;
    const { ListResourcesResultSchema: schema } = this.#sdk;
    const { nextCursor, resources } = await this.#page('resources/list', schema, cursor, signal);
    return pageOf(resources, nextCursor);
  }

  /** As `resourcePage`. */
  async resourceTemplatePage(cursor: Cursor, signal: AbortSignal): Promise<McpPage<McpResourceTemplate>> {
    if (this.#client.getServerCapabilities()?.resources === undefined) return NOTHING;
    const { ListResourceTemplatesResultSchema: schema } = this.#sdk;
    const page = await this.#page('resources/templates/list', schema, cursor, signal);
    return pageOf(page.resourceTemplates, page.nextCursor);
  }

  async readResource(uri: string, signal: AbortSignal): Promise<McpResourceContents> {
    const request = { method: 'resources/read' as const, params: { uri } };
    const options = { signal, timeout: NO_TIMEOUT_MS };
    return shallow(
      (await this.#client.request(request, this.#sdk.ReadResourceResultSchema, options)).contents,
    );
  }

  /** Calls a tool. The server is told when the signal aborts. */
  async call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    { meta, onProgress, signal }: CallOptions,
  ): Promise<McpCallResult> {
    const options: RequestOptions = {
      signal,
      timeout: NO_TIMEOUT_MS,
      onprogress: ({ message }) => {
        if (message !== undefined) onProgress(message);
      },
    };
    const params = { name, arguments: { ...args }, ...(meta === null ? {} : { _meta: { ...meta } }) };
    const request = { method: 'tools/call' as const, params };
    return shallow(await this.#client.request(request, this.#sdk.CallToolResultSchema, options));
  }

  #page<T extends AnySchema>(method: ListMethod, schema: T, cursor: Cursor, signal: AbortSignal) {
    const params = cursor === null ? {} : { cursor };
    return this.#client.request({ method, params }, schema, { signal, timeout: NO_TIMEOUT_MS });
  }

  /** Whether an error says that the server does not know the session any more, so that nothing was done. */
  isSessionLost(error: unknown): boolean {
    return error instanceof this.#sdk.StreamableHTTPError && error.code === 404;
  }

  /** Whether an error was told by the server itself, over a connection that goes on. */
  isTold(error: unknown): boolean {
    return error instanceof this.#sdk.McpError && error.code !== CONNECTION_CLOSED;
  }

  /** Ends the connection, and the program behind it. Never rejects. */
  async close(): Promise<void> {
    if (this.#transport instanceof this.#sdk.StreamableHTTPClientTransport && !this.#isClosed) {
      await within(
        GOODBYE_MS,
        this.#transport.terminateSession().catch(() => {}),
      );
    }
    await this.#client.close().catch(() => {});
    // A client that never got to connect leaves its transport alone.
    await this.#transport.close().catch(() => {});
  }
}

const NOTHING = { entries: [], nextCursor: null };

type Cursor = string | null;

type ListMethod = 'tools/list' | 'resources/list' | 'resources/templates/list';

/** What is nested too deep is left out. */
function pageOf<T>(entries: readonly T[], nextCursor: string | undefined): McpPage<T> {
  const kept = entries.filter((entry) => !isNestedDeeper(entry, DEEPEST_VALUE)).slice(0, MAX_ENTRIES);
  return { entries: kept, nextCursor: nextCursor ?? null };
}

async function listAll<T>(read: (cursor: Cursor) => Promise<McpPage<T>>): Promise<T[]> {
  const entries: T[] = [];
  let cursor: Cursor = null;
  for (let page = 0; page < MAX_PAGES && entries.length < MAX_ENTRIES; page += 1) {
    const { entries: more, nextCursor }: McpPage<T> = await read(cursor);
    entries.push(...more);
    if (nextCursor === null || nextCursor === cursor) break;
    cursor = nextCursor;
  }
  return entries.slice(0, MAX_ENTRIES);
}

export interface CallOptions {
  readonly signal: AbortSignal;
  /** Told to the server beside the arguments. */
  readonly meta: Readonly<Record<string, unknown>> | null;
  readonly onProgress: (message: string) => void;
}

function createTransport(sdk: Sdk, { fetch, settings, startProcess }: ConnectionOptions): Transport {
  const { transport } = settings;
  if (transport.kind === 'stdio') return new StdioTransport({ settings: transport, startProcess, sdk });
  return new sdk.StreamableHTTPClientTransport(new URL(transport.url), {
    fetch: boundedFetch(fetch),
    requestInit: { headers: transport.headers },
  });
}

function elicitationRequest(params: ElicitRequest['params']): ElicitationRequest {
  const { message } = params;
  const meta = params._meta ?? null;
  if (params.mode === 'url') {
    return { mode: 'url', message, url: params.url, elicitationId: params.elicitationId, meta };
  }
  return { mode: 'form', message, requestedSchema: params.requestedSchema, meta };
}

function elicitResult({ action, content, meta }: ElicitationAnswer): ElicitResult {
  return {
    action,
    ...(action === 'accept' && isRecord(content) ? { content: content as ElicitResult['content'] } : {}),
    ...(isRecord(meta) ? { _meta: meta } : {}),
  };
}

/** Throws where a value is nested too deep. */
function shallow<T>(value: T): T {
  if (isNestedDeeper(value, DEEPEST_VALUE)) throw new Error('what it says is nested too deep');
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
