import type {
  Thread as ThreadView,
  ThreadMemorySummarizeResponse,
  ThreadRealtimeStartParams,
  ThreadStatus,
  Turn as TurnView,
  TurnStartParams,
} from '../../protocol/index.ts';
import type { ProcessGroups, Sandbox } from '../../exec/index.ts';
import { Gate } from '../../util/gate.ts';
import type { Account } from '../account.ts';
import type { AuthStore } from '../auth/index.ts';
import { isFeatureEnabled } from '../config/index.ts';
import type { Config } from '../config/index.ts';
import { Conversation } from '../conversation/index.ts';
import type { Utterance } from '../conversation/index.ts';
import type { CoreEnvironment } from '../environment.ts';
import { CoreError } from '../errors.ts';
import { readGit } from '../git/index.ts';
import type { ImageReader } from '../images/index.ts';
import type { ModelCatalogue } from '../models/index.ts';
import type { ModelProvider } from '../provider/index.ts';
import { messagePreview, NO_RECORDER } from '../rollout/index.ts';
import type { RolloutEntry, StoredGit } from '../rollout/index.ts';
import type { ThreadStore } from '../store/index.ts';
import type { Agent, KeptAgent } from '../turn/agent.ts';
import type { SaidInTurn } from '../turn/turn-reporter.ts';
import { inputText } from '../turn/user-message.ts';
import { Audience } from './audience.ts';
import { ClientElicitations } from './client-elicitations.ts';
import { createAgent } from './create-agent.ts';
import { delegateTo } from './delegate.ts';
import { Equipment } from './equipment.ts';
import type { MetaChange } from './record/meta-record.ts';
import type { NotifyPrograms } from './notify-programs.ts';
import { parseItems } from './parse-items.ts';
import { planVoice } from './plan-voice.ts';
import { summarizeThread } from './summarize-thread.ts';
import { ThreadRecord } from './record/thread-record.ts';
import { ThreadStatusTracker } from './thread-status.ts';
import { threadView } from './thread-view.ts';
import type { ThreadFacts } from './thread-view.ts';
import { utteranceEntries } from './record/utterance-entries.ts';

export interface ThreadOptions {
  readonly environment: CoreEnvironment;
  readonly auth: AuthStore;
  readonly account: Account;
  readonly models: ModelCatalogue;
  /** Where files and names of threads are, which other programs change as well. */
  readonly store: Pick<ThreadStore, 'find' | 'list' | 'nameOf'>;
  /** The processes of all threads. */
  readonly groups: ProcessGroups;
  readonly images: ImageReader;
  readonly sandbox: Sandbox;
  /** The programs that the users of all threads have started. */
  readonly notifyPrograms: NotifyPrograms;
  readonly config: Config;
  /** Reads the configuration again, as it was read for the thread. Throws `configurationInvalid`. */
  readonly readConfig: () => Config;
  readonly provider: ModelProvider;
  /** Absolute: where turns work until one says otherwise. */
  readonly cwd: string;
  /** Whether turns have a machine to work on, until one says otherwise. */
  readonly hasEnvironment: boolean;
  /** What the agent is told to be. */
  readonly baseInstructions: string;
  readonly facts: ThreadFacts;
  /** Whether the thread has no file yet. */
  readonly isNew: boolean;
  /** What the agent goes on from; null is from nothing. */
  readonly kept: KeptAgent | null;
  /** How long the thread may have neither a client nor anything to do before it counts as idle, in milliseconds. */
  readonly unloadAfterMs: number;
  readonly onIdle: (thread: Thread) => void;
}

/** A conversation that clients can write and speak to. It lives until `close`. */
export class Thread {
  readonly #options: ThreadOptions;
  readonly #status: ThreadStatusTracker;
  readonly #record: ThreadRecord | null;
  readonly #output = new Gate();
  readonly #audience: Audience;
  #isClosed = false;
  #preview: string;
  /** The name that the user gave it. */
  name: string | null;
  /** What clients ask the user by other ways than this protocol. */
  readonly elicitations = new ClientElicitations();
  /** What the agent works with. */
  readonly equipment: Equipment;
  /** The background agent, which runs the thread's turns. */
  readonly agent: Agent;
  readonly #conversation: Conversation;

  constructor(options: ThreadOptions) {
    const { environment, facts } = options;
    this.#options = options;
    this.#preview = facts.preview;
    this.name = facts.name;
    this.#status = new ThreadStatusTracker((status) =>
      environment.emit('threadStatusChanged', { threadId: this.id, status }),
    );
    this.#record = this.#openRecord();
    this.equipment = new Equipment({
      ...options,
      meta: facts.meta,
      approvalPolicy: () => this.agent.settings.approvalPolicy,
      onWaiting: (flag, isWaiting) => this.#status.setWaiting(flag, isWaiting),
      warn: (message) => this.#warn(message),
    });
    this.#conversation = new Conversation({
      threadId: this.id,
      emit: environment.emit,
      dial: environment.dial,
      http: environment.http,
      random: Math.random,
      logger: environment.logger,
      now: environment.monotonicNow,
      plan: (params, signal) => this.#planVoice(params, signal),
      onUtterance: (utterance) => this.#hear(utterance),
      delegate: (request) => delegateTo(this.agent, this.id)(request),
    });
    this.agent = this.#createAgent();
    this.#audience = new Audience({
      unloadAfterMs: options.unloadAfterMs,
      isBusy: () => this.isBusy,
      onIdle: () => options.onIdle(this),
      onDeserted: () => this.hangUp(),
    });
  }

  get id(): string {
    return this.#options.facts.meta.id;
  }

  /** The file that keeps the thread; null for an ephemeral one. There may be none yet. */
  get path(): string | null {
    return this.#record?.path ?? null;
  }

  /** Whether there is something of the thread in a file. */
  get isKept(): boolean {
    return this.#record?.hasBegun === true;
  }

  /** Whether the thread has ended here: it says nothing any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** A client follows the thread, until `removeSubscriber`. */
  addSubscriber(): void {
    this.#audience.join();
  }

  removeSubscriber(): void {
    this.#audience.leave();
  }

  get providerId(): string {
    return this.#options.provider.id;
  }

  get status(): ThreadStatus {
    return this.#status.status;
  }

  /** Whether a turn runs or a call is on. */
  get isBusy(): boolean {
    return this.agent.isRunning || this.#conversation.isLive;
  }

  get view(): ThreadView {
    return threadView(this.#facts(this.#options.facts.updatedAt), this.status);
  }

  /** The view with the turns given and the time of the last change to the file. */
  async readView(turns: TurnView[]): Promise<ThreadView> {
    const modifiedAt = this.isKept ? ((await this.#record?.modifiedAt()) ?? null) : null;
    if (this.isKept) this.name = (await this.#options.store.nameOf(this.id)) ?? this.name;
    return threadView(this.#facts(modifiedAt ?? this.#options.facts.updatedAt), this.status, turns);
  }

  /** Takes over the servers of a configuration that was read again: at once, or when the running turn has ended. */
  reloadServers(config: Config): void {
    const { servers } = this.equipment;
    servers.prepare(config);
    if (!this.agent.isRunning) servers.reload();
  }

  /** Adds entries to what is kept of the thread, whose file begins now if there is none. Nothing is kept of an ephemeral one. */
  keep(...entries: readonly RolloutEntry[]): void {
    this.#record?.record(...entries);
  }

  /** Adds entries now or not at all, and resolves with whether they are in the file. */
  async keepNow(...entries: readonly RolloutEntry[]): Promise<boolean> {
    return (await this.#record?.write(...entries)) ?? false;
  }

  /** Resolves with whether all that happened so far is in the file. */
  async flush(): Promise<boolean> {
    return (await this.#record?.flush()) ?? true;
  }

  /** Adds response items to what the model knows. Throws `invalidInput` naming the first that is none. */
  injectItems(values: readonly unknown[]): void {
    this.agent.injectItems(parseItems('items', values));
  }

  /** The thread's file has been moved to another place. */
  moveTo(path: string): void {
    this.#record?.moveTo(path);
  }

  get git(): StoredGit | null {
    return this.#record === null ? (this.#options.facts.meta.git ?? null) : this.#record.git;
  }

  /** Keeps other facts of the thread from now on. Nothing is kept of an ephemeral one. */
  changeMeta(change: MetaChange): void {
    this.#record?.recordMeta(change);
  }

  /** The thread's voice. Throws `realtimeUnsupported` where the feature is turned off. */
  get conversation(): Conversation {
    if (!isFeatureEnabled(this.#options.config, 'realtime_conversation')) {
      throw new CoreError('realtimeUnsupported', `thread ${this.id} does not support realtime conversation`);
    }
    return this.#conversation;
  }

  /**
   * Reports that there was no session to take an append, as an error outside any turn. The thread's status and its
   * turns are not touched.
   */
  reportRealtimeNotRunning(): void {
    this.#options.environment.emit('threadError', {
      threadId: this.id,
      turnId: this.#options.environment.newId(),
      error: {
        message: 'no realtime conversation is running',
        codexErrorInfo: 'badRequest',
        additionalDetails: null,
      },
      willRetry: false,
    });
  }

  /** Has the provider summarise the thread so far; the summary is kept beside it. Throws `memoryUnavailable`. */
  summarizeMemory(signal: AbortSignal): Promise<ThreadMemorySummarizeResponse> {
    const { agent, id, path } = this;
    return summarizeThread({ id, path, agent, now: this.#options.environment.now }, signal);
  }

  /**
   * Gives the agent what a user has typed, and shows it to the voice model of a call that is on. Throws what
   * `Agent.startTurn` throws.
   */
  startTurn(params: TurnStartParams): ReturnType<Agent['startTurn']> {
    const started = this.agent.startTurn(params);
    const text = inputText(params.input);
    if (text !== '' && this.#options.config.realtime.mirrorTypedText)
      void this.#conversation.mirrorText(text);
    return started;
  }

  /** Stops and resumes reading what the upstream says, for a client that does not keep up. */
  pauseOutput(): void {
    this.#output.hold();
    this.#conversation.pause();
  }

  resumeOutput(): void {
    this.#output.release();
    this.#conversation.resume();
  }

  /** Ends a call that is on, and says so. */
  hangUp(): void {
    if (this.#conversation.isLive) this.#conversation.stop();
  }

  /** Ends what is under way, and keeps the rest of it. Resolves when it has ended. Idempotent. */
  async close(): Promise<void> {
    this.#audience.close();
    this.#conversation.close();
    await this.agent.close();
    await this.equipment.close();
    await this.#record?.close();
    this.#isClosed = true;
  }

  #facts(updatedAt: number): ThreadFacts {
    const { facts } = this.#options;
    const { git: _, ...meta } = facts.meta;
    const { name, path } = this;
    return { ...facts, meta: { ...meta, git: this.git }, path, preview: this.#preview, name, updatedAt };
  }

  #openRecord(): ThreadRecord | null {
    const { cwd, environment, facts, isNew, store } = this.#options;
    if (facts.path === null) return null;
    return new ThreadRecord({
      path: facts.path,
      meta: facts.meta,
      isNew,
      find: async () => (await store.find(this.id))?.path ?? null,
      git: () => readGit(cwd),
      now: environment.now,
      logger: environment.logger,
      onTrouble: (message) => this.#warn(message),
    });
  }

  #warn(message: string): void {
    this.#options.environment.emit('warning', { threadId: this.id, message });
  }

  /** What is said on a call belongs to the thread. */
  #hear({ realtimeSessionId, role, text }: Utterance): void {
    if (role === 'user' && this.#preview === '') this.#preview = messagePreview(text);
    this.agent.hear({ role, text });
    this.keep(...utteranceEntries(this.#options.environment.newId(), { realtimeSessionId, role, text }));
  }

  #planVoice(params: ThreadRealtimeStartParams, signal: AbortSignal): ReturnType<typeof planVoice> {
    const { history, settings } = this.agent;
    const instructions = this.equipment.instructions.at(settings.cwd).text;
    return planVoice(
      params,
      { ...this.#options, threadId: this.id, cwd: settings.cwd, history, instructions },
      signal,
    );
  }

  #createAgent(): Agent {
    return createAgent(this.#options, {
      equipment: this.equipment,
      conversation: this.#conversation,
      recorder: this.#record ?? NO_RECORDER,
      output: this.#output,
      onTurnEnd: (turn, said) => this.#turnEnded(turn, said),
      onRunning: (isRunning, hasFailed) => {
        this.#status.setRunning(isRunning, hasFailed);
        if (!isRunning) this.equipment.servers.reload();
        this.#audience.watch();
      },
      onUserInput: (input) => {
        if (this.#preview === '') this.#preview = messagePreview(inputText(input));
      },
    });
  }

  #turnEnded({ error, id, status }: TurnView, { answer, inputs }: SaidInTurn): void {
    this.#conversation.turnEnded(id, status, error?.message ?? null);
    if (status !== 'completed') return;
    const { config, environment, notifyPrograms } = this.#options;
    const variables = this.equipment.workbench.commandVariables;
    notifyPrograms.start(
      { argv: config.notify, variables },
      {
        threadId: this.id,
        turnId: id,
        cwd: this.agent.settings.cwd,
        client: environment.identity.clientName,
        inputMessages: inputs,
        lastAssistantMessage: answer,
      },
    );
  }
}
