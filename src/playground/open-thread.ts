import type { BrowserClient, NotificationName, NotificationParamsOf } from '../client/browser/index.ts';
import type { Thread } from '../protocol/index.ts';
import type { Address } from './address.ts';
import { AgentItems, Turns } from './conversation/index.ts';
import type { Log } from './conversation/index.ts';
import { byId } from './dom.ts';
import { Questions } from './questions/index.ts';

/** The title of a thread in which nobody has said anything. */
const NAMELESS = 'New thread';

export interface OpenThreadOptions {
  readonly client: () => BrowserClient;
  readonly address: Address;
  readonly log: Log;
  /** Another thread is open, or none. */
  readonly onOpened: (threadId: string | null) => void;
  /** Something was said in it, or done. */
  readonly onActivity: () => void;
  /** A turn of the agent has begun or ended. */
  readonly onTurn: (isRunning: boolean) => void;
  /** The last question was answered, and the focus belongs elsewhere. */
  readonly onAnswered: () => void;
  readonly onProblem: (error: unknown) => void;
}

type ThreadNotification = {
  [N in NotificationName]: NotificationParamsOf<N> extends { readonly threadId: string } ? N : never;
}[NotificationName];

/** The thread that the page shows. It begins with the first thing that is said to it. */
export class OpenThread {
  readonly #options: OpenThreadOptions;
  readonly #title = byId('thread-title');
  readonly #items: AgentItems;
  readonly #turns: Turns;
  readonly #questions: Questions;
  #id: string | null = null;
  #beginning: Promise<string> | null = null;

  constructor(options: OpenThreadOptions) {
    const { log } = options;
    this.#options = options;
    this.#items = new AgentItems(log);
    this.#turns = new Turns({
      log,
      items: this.#items,
      onChange: () => options.onTurn(this.#turns.runningId !== null),
    });
    this.#questions = new Questions({
      log,
      changesOf: (itemId) => this.#items.changesOf(itemId),
      onCancelTurn: (threadId, turnId) => void this.#interrupt(threadId, turnId).catch(options.onProblem),
      onLeft: options.onAnswered,
    });
  }

  get isTurnRunning(): boolean {
    return this.#turns.runningId !== null;
  }

  /** The id of the thread, which is begun if there is none. */
  begin(): Promise<string> {
    if (this.#id !== null) return Promise.resolve(this.#id);
    this.#beginning ??= this.#start().finally(() => (this.#beginning = null));
    return this.#beginning;
  }

  /** Goes on with a stored thread and shows its turns. */
  async resume(threadId: string): Promise<void> {
    const { log } = this.#options;
    this.leave();
    const { thread } = await this.#options.client().request('thread/resume', { threadId });
    log.clear();
    this.#opened(thread);
    log.quietly(() => this.#turns.restore(thread.turns));
    this.#questions.show(thread.id);
  }

  /** Shows an empty page. What runs in the thread goes on; nothing more is heard of it. */
  leave(): void {
    const { log } = this.#options;
    if (this.#id !== null) void this.#unsubscribe(this.#id);
    this.#items.clear();
    this.#turns.clear();
    this.#questions.show(null);
    log.clear();
    this.#show(null, NAMELESS);
  }

  /** Types to the agent: begins a turn, or steers the one that runs. */
  async sendText(text: string): Promise<void> {
    const client = this.#options.client();
    const threadId = await this.begin();
    this.#nameAfter(text);
    const input = [{ type: 'text' as const, text }];
    const expectedTurnId = this.#turns.runningId;
    if (expectedTurnId === null) await client.request('turn/start', { threadId, input });
    else await client.request('turn/steer', { threadId, input, expectedTurnId });
  }

  async stopTurn(): Promise<void> {
    const turnId = this.#turns.runningId;
    if (this.#id === null || turnId === null) return;
    await this.#interrupt(this.#id, turnId);
  }

  /** Hears of the thread on a new connection, and answers what the daemon asks. */
  listen(client: BrowserClient): void {
    const { log, onActivity } = this.#options;
    const items = this.#items;
    const turns = this.#turns;
    const on = <N extends ThreadNotification>(
      name: N,
      hear: (params: NotificationParamsOf<N>) => void,
    ): void => {
      client.onNotification(name, (params) => {
        if ((params as { readonly threadId: string }).threadId === this.#id) hear(params);
      });
    };
    on('turn/started', ({ turn }) => turns.started(turn));
    on('turn/completed', ({ turn }) => {
      turns.completed(turn);
      onActivity();
    });
    on('item/started', ({ item }) => items.show(item, 'started'));
    on('item/completed', ({ item }) => items.show(item, 'completed'));
    on('item/agentMessage/delta', ({ delta, itemId }) => items.addText(itemId, delta));
    on('item/commandExecution/outputDelta', ({ delta, itemId }) => items.addOutput(itemId, delta));
    on('item/commandExecution/terminalInteraction', ({ stdin }) => items.addTyped(stdin));
    on('item/mcpToolCall/progress', ({ itemId, message }) => items.showProgress(itemId, message));
    on('turn/plan/updated', ({ explanation, plan, turnId }) => items.showPlan(turnId, plan, explanation));
    on('item/reasoning/summaryTextDelta', ({ delta, itemId }) => items.addThought(itemId, delta));
    on('error', ({ error, willRetry }) => turns.failed(error, willRetry));
    on('thread/realtime/transcript/done', ({ role, text }) => {
      if (role === 'user') this.#nameAfter(text);
      onActivity();
    });
    client.onNotification('warning', ({ message, threadId }) => {
      if (threadId === null || threadId === this.#id) log.warning('Warning', message);
    });
    client.onNotification('configWarning', ({ summary }) => log.warning('Configuration', summary));
    client.onNotification('thread/name/updated', ({ threadId, threadName }) => {
      if (threadId === this.#id && threadName) this.#title.textContent = threadName;
    });
    this.#questions.listen(client);
  }

  async #interrupt(threadId: string, turnId: string): Promise<void> {
    await this.#options.client().request('turn/interrupt', { threadId, turnId });
  }

  async #unsubscribe(threadId: string): Promise<void> {
    try {
      await this.#options.client().request('thread/unsubscribe', { threadId });
    } catch {
      // It spares both sides some messages. Where there is no connection, nothing comes anyway.
    }
  }

  async #start(): Promise<string> {
    const { thread } = await this.#options.client().request('thread/start', {});
    this.#opened(thread);
    this.#questions.show(thread.id);
    return thread.id;
  }

  #opened({ id, name, preview }: Thread): void {
    this.#show(id, name ?? (preview || NAMELESS));
  }

  /** A thread without a name is known by the first words of its user. */
  #nameAfter(words: string): void {
    if (this.#title.textContent === NAMELESS) this.#title.textContent = words;
  }

  #show(id: string | null, title: string): void {
    this.#id = id;
    this.#options.address.threadId = id;
    this.#title.textContent = title;
    this.#options.onOpened(id);
  }
}
