import { spawn } from 'node:child_process';
import { errorCode } from '../../util/error-code.ts';
import type { Logger } from '../../util/logger.ts';

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

/** How much of each message is told: an argument cannot be of any length. */
const MOST_CHARACTERS = 8_192;
const MOST_MESSAGES = 8;

/**
 * Starts the user's own program (`notify` of the configuration) with one more argument, the notice as JSON. It goes on by itself;
 * nobody waits for it.
 */
export function runNotifyProgram(argv: readonly string[], notice: TurnNotice, logger: Logger): void {
  const [program, ...args] = argv;
  if (program === undefined) return;
  const failed = (error: unknown): void =>
    logger.warn({ code: errorCode(error) }, 'the program that `notify` names could not be started');
  try {
    const child = spawn(program, [...args, noticeText(notice)], { detached: true, stdio: 'ignore' });
    child.once('error', failed);
    child.unref();
  } catch (error) {
    failed(error);
  }
}

function noticeText(notice: TurnNotice): string {
  return JSON.stringify({
    type: 'agent-turn-complete',
    'thread-id': notice.threadId,
    'turn-id': notice.turnId,
    cwd: notice.cwd,
    client: notice.client,
    'input-messages': notice.inputMessages.slice(-MOST_MESSAGES).map(shortened),
    'last-assistant-message':
      notice.lastAssistantMessage === null ? null : shortened(notice.lastAssistantMessage),
  });
}

function shortened(message: string): string {
  return message.length > MOST_CHARACTERS ? `${message.slice(0, MOST_CHARACTERS)}…` : message;
}
