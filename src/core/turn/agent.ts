import type { Turn as TurnView, TurnStartParams, TurnSteerParams } from '../../protocol/index.ts';
import type { MemorySummary, ResponseItem } from '../../responses/index.ts';
import { deferred } from '../../util/deferred.ts';
import { CoreError } from '../errors.ts';
import { readWorkspaces } from '../git/index.ts';
import { effectiveContextWindow } from '../models/index.ts';
import { selectedSandbox } from '../permissions/index.ts';
import type { SelectedSandbox } from '../permissions/index.ts';
import type { OpenItems, StoredTurnContext } from '../rollout/index.ts';
import type { KeptMemory } from './agent-memory.ts';
import { agentRequest } from './agent-request.ts';
import { requestContext, turnContext } from './agent-resources.ts';
import type { AgentResources } from './agent-resources.ts';
import { compactHistory } from './compact-turn.ts';
import { contextOfStored } from './context/stored-context.ts';
import { answerUser } from './regular-turn.ts';
import { ResponseNotes } from './stream/response-notes.ts';
import type { TurnFacts } from './turn-entries.ts';
import { selectedEnvironment, withEnvironment } from './turn-environment.ts';
import { checkInput, clientMetadataOf, notSteerable } from './turn-input.ts';
import type { ClientMetadata } from './turn-input.ts';
import { TurnReporter } from './turn-reporter.ts';
import type { TurnSettings } from './turn-settings.ts';
import { withOverrides } from './turn-settings.ts';
import { Turn } from './turn.ts';
import type { TurnKind } from './turn.ts';
import { UserCommands } from './user-command-turn.ts';
import type { SpokenText } from './voice-notes.ts';

/** What an agent goes on from: what it remembered, and the context of the last turn as it was kept. */
export type KeptAgent = Omit<KeptMemory, 'told'> & { readonly context: StoredTurnContext | null };

/** The background agent of one thread: at most one turn at a time, and what is asked of it meanwhile. */
export class Agent {
  readonly #resources: AgentResources;
  #settings: TurnSettings;
  #turn: Turn | null = null;
  /** Resolves when the work is over that keeps turns from beginning; null where there is none. */
  #alone: Promise<void> | null = null;
  readonly #closing = new AbortController();
  readonly #userCommands: UserCommands;

  constructor(resources: AgentResources, settings: TurnSettings) {
    this.#resources = resources;
    this.#settings = settings;
    this.#userCommands = new UserCommands({
      resources,
      settings: () => this.#settings,
      runningTurn: () => this.#turn,
      newTurn: () => this.#newTurn('regular', null, this.#settings),
      settled: () => this.settled(),
      isClosed: () => this.#closing.signal.aborted,
    });
  }

  get settings(): TurnSettings {
    return this.#settings;
  }

  /** Lets the provider prepare itself for the first turn, where it can. It is told of all tools, so it is asked when they are known. */
  prewarm(): void {
    const { mcp } = this.#resources;
    if (mcp.isEmpty) this.#prewarmNow();
    else
      void mcp.settled(this.#closing.signal).then(
        () => {
          if (this.#turn === null && !this.#resources.memory.hasTold) this.#prewarmNow();
        },
        // Closed before they were known.
        () => {},
      );
  }

  #prewarmNow(): void {
    const { models, provider, session } = this.#resources;
    const settings = this.#settings;
    const model = models.modelInfo(settings.model, provider.id);
    session.prewarm(
      agentRequest(this.#resources, { input: [], settings, model }),
      requestContext(this.#resources, settings, null),
    );
  }

  /** What the model knows of the thread. */
  get history(): readonly ResponseItem[] {
    return this.#resources.memory.history.items;
  }

  get isRunning(): boolean {
    return this.#turn !== null;
  }

  /** What the running turn has begun and not ended, as it is now; null where no turn runs. */
  get openItems(): OpenItems | null {
    return this.#turn?.reporter.openItems ?? null;
  }

  /** Resolves when no turn is just ending, and none is kept from beginning: what is asked meets one that runs, or none. */
  async settled(): Promise<void> {
    while (this.#alone !== null || this.#turn?.isEnding === true) await (this.#alone ?? this.#turn?.done);
  }

  /** Goes on from what was kept. To be called while no turn runs. */
  restore({ context, ...kept }: KeptAgent): void {
    const now = turnContext(this.#resources, this.#settings);
    this.#resources.memory.restore({
      ...kept,
      told: context === null ? null : contextOfStored(context, now),
    });
  }

  /** Adds items to what the model knows, behind what it is told of its surroundings. */
  injectItems(items: readonly ResponseItem[]): void {
    const { memory } = this.#resources;
    if (!memory.hasTold) memory.tell(turnContext(this.#resources, this.#settings));
    memory.record(...items);
  }

  /** Takes something that was said on a call; the next turn's model is told. */
  hear(spoken: SpokenText): void {
    this.#resources.memory.voice.add(spoken);
  }

  /** What comes next tells what was said here, so that it need not be told otherwise. */
  forgetSpoken(said: readonly SpokenText[]): void {
    this.#resources.memory.voice.forget(said);
  }

  /** Resolves when no turn runs that would refuse input: one that is ending, or compacts the history. */
  async steerable(): Promise<void> {
    await this.settled();
    while (this.#turn !== null && !this.#turn.isSteerable) {
      await this.#turn.done;
      await this.settled();
    }
  }

  /** Does work while no turn can begin. Throws `turnActive` with the message while one runs. */
  async alone<T>(message: string, work: () => Promise<T>): Promise<T> {
    await this.settled();
    if (this.#turn !== null) throw new CoreError('turnActive', message);
    const over = deferred();
    this.#alone = over.promise;
    try {
      return await work();
    } finally {
      this.#alone = null;
      over.resolve();
    }
  }

  /**
   * Gives the turn that takes the input: a new one, which runs when `run` is called, or the one that runs already.
   * Throws `invalidInput`, `inputTooLarge`, `configurationInvalid` for permissions that cannot be, and `turnNotSteerable` while the
   * history is being compacted.
   */
  startTurn(params: TurnStartParams): { turn: TurnView; run: () => void } {
    const { input, outputSchema } = params;
    checkInput(input);
    const running = this.#turn;
    if (running !== null && running.kind !== 'regular') throw notSteerable(running.kind);
    const environment = selectedEnvironment(params.environments);
    this.#settings = withOverrides(this.#settings, params, this.#selectedSandbox(params));
    if (running !== null) {
      running.steer(input, clientMetadataOf(params));
      return { turn: running.view, run: () => {} };
    }
    const settings = withEnvironment(this.#settings, environment);
    const turn = this.#newTurn('regular', clientMetadataOf(params), settings);
    this.#resources.onUserInput(input);
    const task = (): Promise<void> => answerUser(this.#resources, { turn, settings, input, outputSchema });
    return { turn: turn.view, run: () => void turn.run(task) };
  }

  /**
   * Gives the running turn more input. Throws `invalidInput`, `inputTooLarge`, `noActiveTurn`, `otherTurnActive` and
   * `turnNotSteerable`.
   */
  steerTurn(params: TurnSteerParams): { turnId: string } {
    const { expectedTurnId, input } = params;
    if (expectedTurnId === '') throw new CoreError('invalidInput', 'expectedTurnId must not be empty');
    checkInput(input);
    const turn = this.#turn;
    if (turn === null) throw new CoreError('noActiveTurn', 'no active turn to steer');
    if (turn.id !== expectedTurnId) {
      throw new CoreError(
        'otherTurnActive',
        `expected active turn id \`${expectedTurnId}\` but found \`${turn.id}\``,
        { details: { activeTurnId: turn.id } },
      );
    }
    if (turn.kind !== 'regular') throw notSteerable(turn.kind);
    turn.steer(input, clientMetadataOf(params));
    return { turnId: turn.id };
  }

  /**
   * Interrupts the running turn; an empty id means whatever runs. Resolves when its work has stopped; its end is told
   * when `finish` is called. Throws `noActiveTurn` and `otherTurnActive`.
   */
  async interruptTurn(turnId: string): Promise<{ finish: () => void }> {
    const turn = this.#turn;
    if (turn === null) {
      if (turnId === '') return { finish: () => {} };
      throw new CoreError('noActiveTurn', 'no active turn to interrupt');
    }
    if (turnId !== '' && turn.id !== turnId) {
      const message = `expected active turn id ${turnId} but found ${turn.id}`;
      throw new CoreError('otherTurnActive', message, { details: { activeTurnId: turn.id } });
    }
    return turn.interrupt();
  }

  /** A turn that compacts the history, which runs when `run` is called. Throws `turnActive` while a turn runs. */
  startCompaction(): { run: () => void } {
    if (this.#turn !== null) {
      throw new CoreError('turnActive', 'a turn is running; the thread can be compacted when it has ended');
    }
    const { models, provider, session } = this.#resources;
    const settings = this.#settings;
    const turn = this.#newTurn('compact', null, settings);
    const model = models.modelInfo(settings.model, provider.id);
    const notes = new ResponseNotes(this.#resources, turn, model);
    const run = { resources: this.#resources, turn, settings, model, notes, scope: session.beginTurn() };
    return { run: () => void turn.run(() => compactHistory(run, { isMidTurn: false })) };
  }

  /**
   * A command of the user's own, which begins when `run` is called: in the turn that runs, else in one of its own. The model
   * knows of it afterwards. Throws `invalidInput`, and `overloaded` where too many run in the turn.
   */
  startUserCommand(command: string): { run: () => void } {
    return this.#userCommands.start(command);
  }

  /** Has the provider summarise the history so far. Null when there is none. Throws `ResponsesError`. */
  async summarizeMemory(sourcePath: string, signal: AbortSignal): Promise<MemorySummary | null> {
    const { memory, session, threadId } = this.#resources;
    const { effort, model } = this.#settings;
    const items = memory.history.items;
    if (items.length === 0) return null;
    const traces = [{ id: threadId, sourcePath, items }];
    const [summary] = await session.summarizeMemories({ model, traces, effort }, signal);
    return summary ?? null;
  }

  /** Ends the running turn and the session with the provider. Idempotent. */
  async close(): Promise<void> {
    this.#closing.abort(new Error('the thread is closed'));
    const turn = this.#turn;
    if (turn !== null) await endTurn(turn);
    await this.#resources.workbench.close();
    this.#resources.session.close();
  }

  /** What the turn's permissions come to; null where it names none. */
  #selectedSandbox({ permissions, sandboxPolicy }: TurnStartParams): SelectedSandbox | null {
    if (permissions == null) return null;
    if (sandboxPolicy != null) {
      throw new CoreError('invalidInput', '`permissions` cannot be combined with `sandboxPolicy`');
    }
    const { config, environment } = this.#resources;
    return selectedSandbox(permissions, config, environment.codexHome);
  }

  #newTurn(kind: TurnKind, clientMetadata: ClientMetadata, settings: TurnSettings): Turn {
    const { environment, onMessage, onRunning, onTurnEnd, recorder, threadId } = this.#resources;
    const { emit, newId, now } = environment;
    const id = newId();
    const turn = new Turn({
      id,
      kind,
      clientMetadata,
      now,
      readWorkspaces: (signal) => readWorkspaces(settings.cwd, signal),
      reporter: new TurnReporter({
        threadId,
        turnId: id,
        emit,
        now,
        recorder,
        facts: this.#turnFacts(),
        cwd: settings.cwd,
        onMessage,
        onTurnEnd,
      }),
      onRunning: (isRunning, hasFailed) => {
        if (!isRunning) this.#turn = null;
        onRunning(isRunning, hasFailed);
      },
    });
    this.#turn = turn;
    return turn;
  }

  #turnFacts(): TurnFacts {
    const { config, models, provider } = this.#resources;
    const model = models.modelInfo(this.#settings.model, provider.id);
    return {
      modelContextWindow: effectiveContextWindow(model, config),
      collaborationMode: this.#settings.collaborationMode?.mode ?? 'default',
    };
  }
}

/** A turn that was not run yet, because its answer did not get out, may never be, and ends as soon as it is. */
async function endTurn(turn: Turn): Promise<void> {
  const finished = turn.interrupt().then(({ finish }) => finish());
  if (turn.startedAt === null) return;
  await finished;
  await turn.done;
}
