import type { ThreadRealtimeStartParams, TurnStatus } from '../../protocol/index.ts';
import type { Dial, Headers, RealtimeSocket, SendHttp } from '../../realtime/index.ts';
import { errorMessage } from '../../util/errors.ts';
import type { Logger } from '../../util/logger.ts';
import { Redactor } from '../../util/redactor.ts';
import { CoreError } from '../errors.ts';
import type { EmitCoreEvent } from '../events.ts';
import { connect } from './connect.ts';
import { LiveSession } from './live-session.ts';
import type { Delegate } from './live-session.ts';
import type { StartPlan, StartPlanOutcome, TransportPlan } from './start-plan.ts';
import type { Utterance } from './utterances.ts';

/** How much appended audio and text may wait for the upstream, in characters of the request. */
export const MAX_WAITING_INPUT = 32 * 1024 * 1024;

/** How many starts may wait for the one that is being connected. */
const MAX_WAITING_STARTS = 32;

/** What became of an append: handed to the upstream, given up by a stop, or there was no session to take it. */
export type AppendOutcome = 'sent' | 'stopped' | 'notRunning';

export interface ConversationOptions {
  readonly threadId: string;
  readonly emit: EmitCoreEvent;
  readonly dial: Dial;
  readonly http: SendHttp;
  /** Gives numbers from 0 up to 1. */
  readonly random: () => number;
  readonly logger: Logger;
  /** The signal ends what the plan waits for. */
  readonly plan: (params: ThreadRealtimeStartParams, signal: AbortSignal) => Promise<StartPlanOutcome>;
  readonly onUtterance: (utterance: Utterance) => void;
  readonly delegate: Delegate;
  /** Milliseconds on a monotonic clock. */
  readonly now: () => number;
}

/**
 * The voice of one thread: at most one live session, and the operations on it in their order. Operations wait only
 * for a start before them and for a slow upstream; `stop` waits for nothing.
 */
export class Conversation {
  readonly #options: ConversationOptions;
  #live: LiveSession | null = null;
  #tail: Promise<unknown> = Promise.resolve();
  #queuedOperations = 0;
  #waitingStarts = 0;
  #waitingInput = 0;
  #pauses = 0;
  #call = 0;
  /** A call has been announced, and is not joined yet. */
  #isJoining = false;
  /** Cancels the starts that were requested since the last stop. */
  #starts = new AbortController();

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  get isLive(): boolean {
    return this.#isJoining || (this.#live !== null && !this.#live.hasEnded);
  }

  /** Counts the sessions of the thread; the number of the live one, or of the last. */
  get call(): number {
    return this.#call;
  }

  /** Shows the voice model what the user has typed to the agent. Nothing happens where no session is live. */
  async mirrorText(text: string): Promise<void> {
    try {
      await this.#append(text.length, (session) => session.mirrorText(text));
    } catch (error) {
      const { logger, threadId } = this.#options;
      logger.warn({ threadId, error: errorMessage(error) }, 'typed text was not shown to the voice model');
    }
  }

  /** The agent has finished a message in a turn. */
  agentMessage(turnId: string, text: string): void {
    this.#live?.agentMessage(turnId, text);
  }

  /** A turn of the agent has ended. `error` is why it failed. */
  turnEnded(turnId: string, status: TurnStatus, error: string | null): void {
    this.#live?.turnEnded(turnId, status, error);
  }

  /** Throws `overloaded` when no further start can wait; to be asked before a start is accepted. */
  checkStart(): void {
    if (this.#waitingStarts < MAX_WAITING_STARTS) return;
    throw new CoreError('overloaded', `${MAX_WAITING_STARTS} starts wait already; wait for one to be up`);
  }

  /** Opens a session after the operations before it. The outcome is told by events. */
  start(params: ThreadRealtimeStartParams): void {
    const { signal } = this.#starts;
    this.#waitingStarts += 1;
    void this.#enqueue(() => {
      this.#waitingStarts -= 1;
      return this.#start(params, signal);
    });
  }

  /**
   * Hands over a chunk of audio. Gives a promise only if the chunk has to wait. Throws `overloaded` when too much
   * is waiting.
   */
  appendAudio(data: string): AppendOutcome | Promise<AppendOutcome> {
    return this.#append(data.length, (session) => session.sendAudio(data));
  }

  /** Hands over a text item, like `appendAudio`. No response is asked for. */
  appendText(text: string): AppendOutcome | Promise<AppendOutcome> {
    return this.#append(text.length, (session) => session.sendText(text));
  }

  /** Ends the live session and cancels what is being connected. Says `closed` even if nothing was running. */
  stop(): void {
    this.close();
    this.#options.emit('realtimeClosed', { threadId: this.#options.threadId, reason: 'requested' });
  }

  /** Ends everything without a word. Idempotent. */
  close(): void {
    this.#starts.abort();
    this.#starts = new AbortController();
    if (this.isLive)
      this.#options.logger.info({ threadId: this.#options.threadId }, 'realtime session closed');
    this.#isJoining = false;
    this.#live?.dispose();
    this.#live = null;
  }

  /** Stops reading from the upstream until `resume` was called as often. */
  pause(): void {
    this.#pauses += 1;
    this.#live?.pause();
  }

  resume(): void {
    this.#pauses -= 1;
    if (this.#pauses === 0) this.#live?.resume();
  }

  #append(size: number, send: (session: LiveSession) => void): AppendOutcome | Promise<AppendOutcome> {
    if (this.#queuedOperations === 0) {
      if (this.#live === null || this.#live.hasEnded) return 'notRunning';
      if (!this.#live.isFull) {
        send(this.#live);
        return 'sent';
      }
    }
    if (this.#waitingInput + size > MAX_WAITING_INPUT) {
      throw new CoreError(
        'overloaded',
        `more than ${MAX_WAITING_INPUT} bytes of input wait for the realtime service; wait for answers before sending more`,
      );
    }
    this.#waitingInput += size;
    const { signal } = this.#starts;
    return this.#enqueue(async () => {
      const session = this.#live;
      await session?.writable();
      this.#waitingInput -= size;
      if (signal.aborted) return 'stopped';
      if (session === null || session.hasEnded) return 'notRunning';
      send(session);
      return 'sent';
    });
  }

  #enqueue<T>(operation: () => Promise<T>): Promise<T> {
    this.#queuedOperations += 1;
    const result = this.#tail.then(operation).finally(() => {
      this.#queuedOperations -= 1;
    });
    this.#tail = result.catch(() => {});
    return result;
  }

  async #start(params: ThreadRealtimeStartParams, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted) return;
      const outcome = await this.#options.plan(params, signal);
      if (signal.aborted) return;
      if (!outcome.ok) return this.#reportStartFailure(outcome.message);
      await this.#connect(outcome.plan, signal);
    } catch (error) {
      if (!signal.aborted) this.#reportStartFailure(errorMessage(error));
    }
  }

  /** A session that is live goes on until there is a new one in its place. */
  async #connect(plan: StartPlan, signal: AbortSignal): Promise<void> {
    const { dial, emit, http, now, random, threadId } = this.#options;
    const redactor = redactorOf(plan);
    const redacted = (error: unknown): never => {
      throw new Error(redactor.apply(errorMessage(error)), { cause: error });
    };
    const { sdp, socket } = await connect(plan, { dial, http, now, random, signal }).catch(redacted);
    const joined = socket.catch(redacted);
    if (sdp === null) {
      const opened = await joined;
      if (signal.aborted) return opened.close();
      this.#live?.dispose();
      return this.#goLive(plan, opened, redactor);
    }
    if (signal.aborted) return closeWhenOpen(joined);
    this.#live?.dispose();
    this.#live = null;
    this.#announce(plan);
    emit('realtimeSdp', { threadId, sdp });
    this.#isJoining = true;
    try {
      const socketOfCall = await joined;
      if (signal.aborted) return socketOfCall.close();
      this.#goLive(plan, socketOfCall, redactor);
    } catch (error) {
      if (signal.aborted) return;
      this.#reportStartFailure(errorMessage(error));
      emit('realtimeClosed', { threadId, reason: 'error' });
    } finally {
      if (!signal.aborted) this.#isJoining = false;
    }
  }

  #goLive(plan: StartPlan, socket: RealtimeSocket, redactor: Redactor): void {
    const { delegate, emit, logger, now, threadId } = this.#options;
    const { realtimeSessionId, version } = plan;
    const session: LiveSession = new LiveSession({
      threadId,
      version,
      socket,
      emit,
      logger,
      now,
      onEnd: (reason) => {
        logger.info({ threadId, reason }, 'realtime session ended');
        if (this.#live === session) this.#live = null;
        emit('realtimeClosed', { threadId, reason });
      },
      onUtterance: (role, text) => this.#options.onUtterance({ role, text, realtimeSessionId }),
      delegate,
      redactor,
    });
    this.#live = session;
    socket.send(JSON.stringify({ type: 'session.update', session: plan.session }));
    if (!this.#isJoining) this.#announce(plan);
    session.listen();
    if (this.#pauses > 0) session.pause();
  }

  #announce({ realtimeSessionId, version }: StartPlan): void {
    const { emit, logger, threadId } = this.#options;
    this.#call += 1;
    logger.info({ threadId, version: version.name }, 'realtime session started');
    emit('realtimeStarted', { threadId, realtimeSessionId, version: version.name });
  }

  #reportStartFailure(message: string): void {
    const { emit, logger, threadId } = this.#options;
    logger.warn({ threadId, message }, 'realtime session not started');
    emit('realtimeError', { threadId, message });
  }
}

async function closeWhenOpen(socket: Promise<RealtimeSocket>): Promise<void> {
  await socket.then(
    (opened) => opened.close(),
    () => {},
  );
}

/** An upstream may repeat in an error what it was sent; what was sent in confidence is taken out. */
function redactorOf({ transport }: StartPlan): Redactor {
  const redactor = new Redactor();
  const requests = requestsOf(transport);
  redactor.remember({
    credential: Object.fromEntries(
      requests.map(({ headers }, index) => [`${index}`, headers['Authorization'] ?? '']),
    ),
    headers: Object.fromEntries(requests.flatMap(({ headers }) => Object.entries(headers))),
    query: Object.fromEntries(requests.flatMap(({ url }) => [...new URL(url).searchParams])),
  });
  return redactor;
}

/** Everything that is sent to make a session. */
function requestsOf(transport: TransportPlan): { readonly url: string; readonly headers: Headers }[] {
  switch (transport.type) {
    case 'websocket':
      return [transport];
    case 'call':
      return [transport.call, transport.sideband];
    case 'existingCall':
      return [transport.sideband];
  }
}
