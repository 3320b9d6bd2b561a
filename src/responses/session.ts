import { linkedAbort } from './abort.ts';
import { backoffMs, LONGEST_DELAY_MS } from '../util/backoff.ts';
import { sleep } from './clock.ts';
import { compactHistory } from './compact.ts';
import { abortedError, ResponsesError } from './error/responses-error.ts';
import type { ResponseEvent } from './event/event.ts';
import { streamByHttp } from './http/stream.ts';
import type { StreamCall } from './http/stream.ts';
import type { ResponseItem } from './item/item.ts';
import { summarizeMemories } from './memory.ts';
import type { MemoryRequest, MemorySummary } from './memory.ts';
import { Prewarm } from './prewarm.ts';
import type { RequestContext, ResponsesRequest } from './request/request.ts';
import { TurnScope } from './turn-scope.ts';
import { Upstream } from './upstream.ts';
import type { UpstreamOptions } from './upstream.ts';
import { SocketLane } from './websocket/lane.ts';

export interface CallOptions {
  readonly context: RequestContext;
  readonly signal: AbortSignal;
}

export interface StreamOptions extends CallOptions {
  /** The scope of the turn that the request belongs to. */
  readonly turn: TurnScope;
}

/**
 * The requests of one thread, for as long as it lives. It chooses between WebSocket and HTTP, keeps the connection
 * between turns, and once it has fallen back to HTTP stays there. All failures are `ResponsesError`s.
 */
export class ResponsesSession {
  readonly #upstream: Upstream;
  readonly #lane: SocketLane;
  readonly #lifetime = new AbortController();
  #prewarm: Prewarm | null = null;
  #usesWebSocket: boolean;
  #hasSent = false;
  #windowGeneration: number | null = null;

  constructor(options: UpstreamOptions) {
    this.#upstream = new Upstream(options);
    this.#lane = new SocketLane(this.#upstream);
    this.#usesWebSocket = options.provider.supportsWebsockets;
  }

  /** Whether the next request goes by WebSocket. */
  get usesWebSocket(): boolean {
    return this.#usesWebSocket;
  }

  /** The scope that all requests of one turn are made in. */
  beginTurn(): TurnScope {
    return new TurnScope();
  }

  /**
   * Opens the connection in the background and tells the server what the first request will be like; `request` has no
   * input. Does nothing by HTTP, or when a request was sent before. Failures are logged.
   */
  prewarm(request: ResponsesRequest, context: RequestContext): void {
    if (!this.#usesWebSocket || this.#hasSent || this.#lifetime.signal.aborted) return;
    this.#hasSent = true;
    this.#windowGeneration = context.windowGeneration;
    const { clock, logger, provider } = this.#upstream.options;
    this.#prewarm = new Prewarm({
      clock,
      logger,
      milliseconds: provider.websocketConnectTimeoutMs,
      run: async (turn, signal) => {
        const events = this.#lane.stream({ request, context, turn, signal, generates: false });
        let next = await events.next();
        while (next.done !== true) next = await events.next();
        if (!next.value) this.fallBackToHttp();
      },
    });
  }

  /**
   * Asks for a response and yields what it tells; `completed` is the last event. Whoever stops earlier gives the
   * response up. A response that broke is not asked for again here: that is for the turn to do.
   */
  async *stream(request: ResponsesRequest, options: StreamOptions): AsyncGenerator<ResponseEvent, void> {
    const abort = linkedAbort(options.signal, this.#lifetime.signal);
    try {
      const { context, turn } = options;
      const { signal } = abort;
      if (signal.aborted) throw abortedError();
      this.#hasSent = true;
      await this.#takeOverPrewarm(turn, signal);
      if (signal.aborted) throw abortedError();
      this.#keepWindow(context.windowGeneration);
      const call = { request, context, turn, signal };
      if (!this.#usesWebSocket || !(yield* this.#streamBySocket(call)))
        yield* streamByHttp(this.#upstream, call);
    } catch (error) {
      throw this.#upstream.redacted(error);
    } finally {
      abort.release();
    }
  }

  /** Has the provider compact a history; see `supportsRemoteCompaction`. Gives the items that stand for it. */
  compact(request: ResponsesRequest, { context, signal }: CallOptions): Promise<ResponseItem[]> {
    return this.#call(signal, (linked) =>
      compactHistory(this.#upstream, { request, context, signal: linked }),
    );
  }

  /** Has the provider summarise what happened in threads. */
  summarizeMemories(request: MemoryRequest, signal: AbortSignal): Promise<MemorySummary[]> {
    return this.#call(signal, (linked) => summarizeMemories(this.#upstream, request, linked));
  }

  /**
   * Leaves WebSocket for good. To be called when a turn has used up its retries; true means that it may start over, by
   * HTTP.
   */
  fallBackToHttp(): boolean {
    if (!this.#usesWebSocket) return false;
    this.#usesWebSocket = false;
    this.#lane.discard();
    return true;
  }

  /** How long a turn waits before the n-th retry (1, 2, …) of a response, in milliseconds. */
  streamRetryDelayMs(retry: number, error: unknown): number {
    const asked = error instanceof ResponsesError ? error.retryAfterMs : null;
    if (asked !== null) return Math.min(asked, LONGEST_DELAY_MS);
    return backoffMs(retry, this.#upstream.options.random);
  }

  /** Waits for as long as `streamRetryDelayMs` says. Rejects as aborted when the signal aborts. */
  async waitBeforeRetry(retry: number, error: unknown, signal: AbortSignal): Promise<void> {
    const delayMs = this.streamRetryDelayMs(retry, error);
    await this.#call(signal, (linked) => sleep(this.#upstream.options.clock, delayMs, linked));
  }

  /** Aborts what is under way and ends the connection. Idempotent. */
  close(): void {
    this.#lifetime.abort();
    this.#prewarm?.abort();
    this.#lane.close();
  }

  /** False when the server wants to be asked by HTTP, which then holds for good. */
  async *#streamBySocket(call: StreamCall): AsyncGenerator<ResponseEvent, boolean> {
    if (yield* this.#lane.stream({ ...call, generates: true })) return true;
    this.fallBackToHttp();
    return false;
  }

  async #takeOverPrewarm(turn: TurnScope, signal: AbortSignal): Promise<void> {
    const prewarm = this.#prewarm;
    this.#prewarm = null;
    await prewarm?.handOver(turn, signal);
  }

  /** What a server remembers of a history that has been compacted since is of no use. */
  #keepWindow(windowGeneration: number): void {
    if (this.#windowGeneration !== null && this.#windowGeneration !== windowGeneration) this.#lane.discard();
    this.#windowGeneration = windowGeneration;
  }

  async #call<T>(signal: AbortSignal, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const abort = linkedAbort(signal, this.#lifetime.signal);
    try {
      return await run(abort.signal);
    } catch (error) {
      throw this.#upstream.redacted(error);
    } finally {
      abort.release();
    }
  }
}
