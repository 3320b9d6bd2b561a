import { errorMessage } from '../../util/errors.ts';
import { shortened } from '../../util/shortened.ts';
import { CoreError } from '../errors.ts';
import { runUserCommand } from '../tools/index.ts';
import { turnContext } from './agent-resources.ts';
import type { AgentResources } from './agent-resources.ts';
import { userText } from './compaction.ts';
import { answerUser } from './regular-turn.ts';
import type { TurnSettings } from './turn-settings.ts';
import type { Turn } from './turn.ts';

/** How much of a command is told where it is not run. */
const MOST_CHARACTERS = 200;

export interface UserCommandsOptions {
  readonly resources: AgentResources;
  readonly settings: () => TurnSettings;
  readonly runningTurn: () => Turn | null;
  /** Begins a turn. To be called while none runs. */
  readonly newTurn: () => Turn;
  /** Resolves when a turn that is ending has ended. */
  readonly settled: () => Promise<void>;
  /** Whether no turn can begin any more. */
  readonly isClosed: () => boolean;
}

/** Runs the user's own commands: in the turn that runs, else in one of its own. The model knows of them afterwards. */
export class UserCommands {
  readonly #options: UserCommandsOptions;

  constructor(options: UserCommandsOptions) {
    this.#options = options;
  }

  /** A command that begins when `run` is called. Throws `invalidInput`, and `overloaded` where too many run in the turn. */
  start(command: string): { run: () => void } {
    if (command.trim() === '') throw new CoreError('invalidInput', 'command must not be empty');
    const running = this.#options.runningTurn();
    if (running !== null) {
      running.checkBeside();
      return { run: () => this.#runBeside(running, command) };
    }
    const turn = this.#options.newTurn();
    return { run: () => void turn.run(() => this.#runAsTurn(turn, command)) };
  }

  /** The turn may have ended since the command was taken; then it has one of its own. */
  #runBeside(turn: Turn, command: string): void {
    if (turn.isEnding) void this.#runLater(command);
    else turn.runBeside(() => this.#run(turn, command));
  }

  /** The command was taken already, so that users are told where it is not run after all. Never rejects. */
  async #runLater(command: string): Promise<void> {
    const { isClosed, resources, settled } = this.#options;
    try {
      await settled();
      if (isClosed()) throw new Error('the thread was closed');
      this.start(command).run();
    } catch (error) {
      const { environment, threadId } = resources;
      const message = `The command \`${shortened(command, MOST_CHARACTERS)}\` was not run: ${errorMessage(error)}.`;
      environment.emit('warning', { threadId, message });
    }
  }

  /** What the user says while the command runs is answered in the same turn, without waiting for the command. */
  async #runAsTurn(turn: Turn, command: string): Promise<void> {
    const { resources, settings } = this.#options;
    if (!resources.memory.hasTold) resources.memory.tell(turnContext(resources, settings()));
    turn.runBeside(() => this.#run(turn, command));
    await turn.quiet();
    turn.signal.throwIfAborted();
    const [input, ...more] = turn.takePendingInput();
    if (input === undefined) return;
    for (const each of more) turn.steer(each, null);
    resources.onUserInput(input);
    await answerUser(resources, { turn, settings: settings(), input, outputSchema: null });
  }

  async #run(turn: Turn, command: string): Promise<void> {
    const { resources, settings } = this.#options;
    const { environment, memory, workbench } = resources;
    const request = { command, cwd: settings().cwd, itemId: environment.newId() };
    const text = await runUserCommand(request, { reporter: turn.reporter, signal: turn.signal, workbench });
    memory.recordBeside(userText(text));
  }
}
