import type {
  CodexErrorInfo,
  ThreadItem,
  Turn as TurnView,
  TurnError,
  UserInput,
} from '../../protocol/index.ts';
import { ResponsesError, streamResponse } from '../../responses/index.ts';
import type { ResponseEvent, ResponseItem, ResponseUsage, ResponsesRequest } from '../../responses/index.ts';
import { errorMessage } from '../../util/errors.ts';
import type { EmitCoreEvent } from '../events.ts';
import { userMessage } from './model-input.ts';

export interface TurnOptions {
  readonly id: string;
  readonly threadId: string;
  readonly input: readonly UserInput[];
  /** What the thread has said so far; the turn adds to it. */
  readonly history: ResponseItem[];
  readonly request: (history: readonly ResponseItem[], turnId: string) => Omit<ResponsesRequest, 'signal'>;
  readonly emit: EmitCoreEvent;
  readonly newId: () => string;
  /** Unix milliseconds. */
  readonly now: () => number;
  readonly onUsage: (usage: ResponseUsage) => void;
  readonly onRunning: (isRunning: boolean, hasFailed: boolean) => void;
}

/**
 * One turn of the background agent: the input goes to the model, and what comes back goes to the client. A turn ends
 * exactly once. Input given while it runs is sent on when the current response is done.
 */
export class Turn {
  readonly #options: TurnOptions;
  readonly #abort = new AbortController();
  #startedAt: number | null = null;
  #completedAt: number | null = null;
  #status: TurnView['status'] = 'inProgress';
  #error: TurnError | null = null;
  #waitingInput: (readonly UserInput[])[];
  /** Resolves when the turn has ended. */
  readonly done: Promise<void>;
  #resolveDone!: () => void;

  constructor(options: TurnOptions) {
    this.#options = options;
    this.#waitingInput = [options.input];
    this.done = new Promise((resolve) => {
      this.#resolveDone = resolve;
    });
  }

  get id(): string {
    return this.#options.id;
  }

  /** The turn as clients see it; items are told by their own events. */
  get view(): TurnView {
    const started = this.#startedAt;
    const completed = this.#completedAt;
    return {
      id: this.#options.id,
      items: [],
      itemsView: 'notLoaded',
      status: this.#status,
      error: this.#error,
      startedAt: started === null ? null : Math.floor(started / 1000),
      completedAt: completed === null ? null : Math.floor(completed / 1000),
      durationMs: started === null || completed === null ? null : completed - started,
    };
  }

  /** Gives the running turn more input. */
  addInput(input: readonly UserInput[]): void {
    this.#waitingInput.push(input);
  }

  /** Ends the turn as interrupted. Idempotent. */
  interrupt(): void {
    this.#abort.abort();
  }

  async run(): Promise<void> {
    const { emit, now, onRunning, threadId } = this.#options;
    this.#startedAt = now();
    onRunning(true, false);
    emit('turnStarted', { threadId, turn: this.view });
    try {
      while (this.#waitingInput.length > 0) {
        for (const input of this.#waitingInput.splice(0)) this.#recordInput(input);
        await this.#sample();
      }
      this.#status = 'completed';
    } catch (error) {
      this.#status = this.#abort.signal.aborted ? 'interrupted' : 'failed';
      if (this.#status === 'failed') this.#error = turnError(error);
    }
    this.#completedAt = now();
    onRunning(false, this.#status === 'failed');
    if (this.#error !== null) {
      emit('threadError', { threadId, turnId: this.id, error: this.#error, willRetry: false });
    }
    emit('turnCompleted', { threadId, turn: this.view });
    this.#resolveDone();
  }

  #recordInput(input: readonly UserInput[]): void {
    const item: ThreadItem = { type: 'userMessage', id: this.#options.newId(), content: [...input] };
    this.#itemStarted(item);
    this.#itemCompleted(item);
    this.#options.history.push(userMessage(input));
  }

  async #sample(): Promise<void> {
    const { history, request } = this.#options;
    const { signal } = this.#abort;
    const prepared = request(history, this.id);
    const messages = new Set<string>();
    for await (const event of streamResponse({ ...prepared, signal })) this.#handle(event, messages);
  }

  #handle(event: ResponseEvent, messages: Set<string>): void {
    const { threadId, emit, onUsage } = this.#options;
    switch (event.type) {
      case 'itemAdded':
        if (isAssistantMessage(event.item)) this.#messageStarted(event.item, messages);
        return;
      case 'textDelta':
        if (event.itemId === null || !messages.has(event.itemId)) return;
        emit('agentMessageDelta', { threadId, turnId: this.id, itemId: event.itemId, delta: event.delta });
        return;
      case 'itemDone': {
        this.#options.history.push(event.item);
        if (!isAssistantMessage(event.item)) return;
        const item = this.#messageStarted(event.item, messages);
        this.#itemCompleted({ ...item, text: messageText(event.item) });
        return;
      }
      case 'completed':
        if (event.usage !== null) onUsage(event.usage);
        return;
      default:
    }
  }

  #messageStarted(item: ResponseItem, messages: Set<string>): AgentMessage {
    const id = typeof item['id'] === 'string' ? item['id'] : this.#options.newId();
    const message: AgentMessage = { type: 'agentMessage', id, text: '', phase: null, memoryCitation: null };
    if (!messages.has(id)) this.#itemStarted(message);
    messages.add(id);
    return message;
  }

  #itemStarted(item: ThreadItem): void {
    const { emit, now, threadId } = this.#options;
    emit('itemStarted', { item, threadId, turnId: this.id, startedAtMs: now() });
  }

  #itemCompleted(item: ThreadItem): void {
    const { emit, now, threadId } = this.#options;
    emit('itemCompleted', { item, threadId, turnId: this.id, completedAtMs: now() });
  }
}

type AgentMessage = Extract<ThreadItem, { type: 'agentMessage' }>;

function isAssistantMessage(item: ResponseItem): boolean {
  return item.type === 'message' && item['role'] === 'assistant';
}

function messageText(item: ResponseItem): string {
  const content = Array.isArray(item['content']) ? (item['content'] as { text?: unknown }[]) : [];
  return content.map(({ text }) => (typeof text === 'string' ? text : '')).join('');
}

function turnError(error: unknown): TurnError {
  return { message: errorMessage(error), codexErrorInfo: errorInfo(error), additionalDetails: null };
}

function errorInfo(error: unknown): CodexErrorInfo {
  if (!(error instanceof ResponsesError)) return 'other';
  const httpStatusCode = error.status;
  switch (error.kind) {
    case 'connection':
      return { httpConnectionFailed: { httpStatusCode } };
    case 'disconnected':
      return { responseStreamDisconnected: { httpStatusCode } };
    case 'status':
      if (httpStatusCode === 401) return 'unauthorized';
      return httpStatusCode === 400 ? 'badRequest' : 'other';
    case 'failed':
      return 'other';
  }
}
