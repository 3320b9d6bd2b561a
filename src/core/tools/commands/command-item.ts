import type { ThreadItem } from '../../../protocol/index.ts';
import { parseActions, shellQuoted, truncatedForModel } from '../../../exec/index.ts';
import type { CommandResult } from '../../../exec/index.ts';
import type { ToolContext } from '../tool.ts';
import type { CommandRequest } from './command-request.ts';

/** A command was not run; the text is for the model. */
export interface Refused {
  readonly kind: 'refused';
  readonly message: string;
}

type CommandItemView = Extract<ThreadItem, { type: 'commandExecution' }>;

/** The item by which clients follow one command. */
export class CommandItem {
  readonly #context: Pick<ToolContext, 'reporter'>;
  #view: CommandItemView;

  constructor(
    { argv, cwd, itemId }: Pick<CommandRequest, 'argv' | 'cwd' | 'itemId'>,
    context: Pick<ToolContext, 'reporter'>,
    source: CommandItemView['source'],
  ) {
    this.#context = context;
    this.#view = {
      type: 'commandExecution',
      id: itemId,
      command: shellQuoted(argv),
      cwd,
      processId: null,
      source,
      status: 'inProgress',
      commandActions: [...parseActions(argv, cwd)],
      aggregatedOutput: null,
      exitCode: null,
      durationMs: null,
    };
  }

  get id(): string {
    return this.#view.id;
  }

  /** The command is run by other words than it was asked for. */
  runsBy(argv: readonly string[]): void {
    this.#view = { ...this.#view, command: shellQuoted(argv) };
  }

  /** The session in which the command goes on. */
  runsAs(processId: string): void {
    this.#view = { ...this.#view, processId };
  }

  started(): void {
    this.#context.reporter.itemStarted(this.#view);
  }

  completed({ aggregated, durationMs, exitCode }: CommandResult): void {
    this.exited(exitCode, aggregated, durationMs);
  }

  exited(exitCode: number, aggregatedOutput: string, durationMs: number): void {
    const status = exitCode === 0 ? 'completed' : 'failed';
    this.#end({ status, aggregatedOutput, exitCode, durationMs });
  }

  declined(): void {
    this.#end({ status: 'declined' });
  }

  refused(message: string): Refused {
    this.#end({ status: 'failed', aggregatedOutput: message });
    return { kind: 'refused', message };
  }

  #end(end: Partial<CommandItemView>): void {
    this.#context.reporter.itemCompleted({ ...this.#view, ...end });
  }
}

const LONGEST_FAILURE = { bytes: 2_048 };

/** What the model is told of a command that could not be started; a long one may be why. */
export function notStartedText(command: string, reason: string): string {
  const [shown, why] = [command, reason].map((text) => truncatedForModel(text, LONGEST_FAILURE));
  return `exec_command failed for \`${shown}\`: ${why}`;
}
