import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { errorCode } from '../../util/error-code.ts';
import type { Logger } from '../../util/logger.ts';
import { shortened } from '../../util/shortened.ts';

/** What a program of the user's is told of a turn that has been completed. */
export interface TurnNotice {
  readonly threadId: string;
  readonly turnId: string;
  readonly cwd: string;
  /** The name that the first client gave itself; null where none has. */
  readonly client: string | null;
  readonly inputMessages: readonly string[];
  readonly lastAssistantMessage: string | null;
}

/** The user's own program (`notify` of the configuration). */
export interface NotifyProgram {
  /** The program and its arguments; nothing is started where it is empty. */
  readonly argv: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

export interface NotifyProgramsOptions {
  readonly logger: Logger;
  /** How long one may run, in milliseconds. */
  readonly longestMs?: number;
}

/** How many run at a time. */
const MOST_RUNNING = 8;
const LONGEST_MS = 60_000;

/** How much of each message is told: an argument cannot be of any length. */
const MOST_CHARACTERS = 8_192;
const MOST_MESSAGES = 8;

/** The programs that users have started when a turn has been completed. They go on by themselves, also when the daemon ends. */
export class NotifyPrograms {
  readonly #logger: Logger;
  readonly #longestMs: number;
  #running = 0;

  constructor({ logger, longestMs }: NotifyProgramsOptions) {
    this.#logger = logger;
    this.#longestMs = longestMs ?? LONGEST_MS;
  }

  /** Starts a program with one more argument, the notice as JSON; nobody waits for it. Beyond so many at a time none is started. */
  start({ argv, variables }: NotifyProgram, notice: TurnNotice): void {
    const [program, ...args] = argv;
    if (program === undefined) return;
    if (this.#running >= MOST_RUNNING) {
      const { threadId, turnId } = notice;
      this.#logger.warn(
        { threadId, turnId, running: this.#running },
        'a notice was dropped: too many programs that `notify` names still run',
      );
      return;
    }
    try {
      const options = { detached: true, env: variables, stdio: 'ignore' } as const;
      this.#watch(spawn(program, [...args, noticeText(notice)], options));
    } catch (error) {
      this.#failed(error);
    }
  }

  #watch(child: ChildProcess): void {
    this.#running += 1;
    let isOver = false;
    const timer = setTimeout(() => {
      this.#logger.warn({}, 'a program that `notify` names took too long and was ended');
      endGroup(child);
    }, this.#longestMs);
    timer.unref();
    const over = (): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      this.#running -= 1;
    };
    child.once('exit', over);
    child.once('error', (error) => {
      over();
      this.#failed(error);
    });
    child.unref();
  }

  #failed(error: unknown): void {
    this.#logger.warn({ code: errorCode(error) }, 'the program that `notify` names could not be started');
  }
}

/** Ends a program with all that it has started in its group. */
function endGroup(child: ChildProcess): void {
  try {
    if (child.pid === undefined || process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

function noticeText(notice: TurnNotice): string {
  return JSON.stringify({
    type: 'agent-turn-complete',
    'thread-id': notice.threadId,
    'turn-id': notice.turnId,
    cwd: notice.cwd,
    client: notice.client,
    'input-messages': notice.inputMessages
      .slice(-MOST_MESSAGES)
      .map((message) => shortened(message, MOST_CHARACTERS)),
    'last-assistant-message':
      notice.lastAssistantMessage === null ? null : shortened(notice.lastAssistantMessage, MOST_CHARACTERS),
  });
}
