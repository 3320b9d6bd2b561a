import { ClientError } from '../../client/index.ts';
import type { RealtimeCallEnd } from '../../client/index.ts';
import { errorMessage } from '../../util/errors.ts';
import type { AgentTally } from './agent-work.ts';

/** Why the conversation ended. It is set once; what happens after it changes nothing. */
export type Ending =
  | { readonly kind: 'answered' }
  | { readonly kind: 'noAnswer' }
  /** The agent gave no sign any more, and its turn did not end. */
  | { readonly kind: 'unfinished' }
  /** Ctrl-C, or `/stop`. */
  | { readonly kind: 'stopped' }
  /** The other side ended the call. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly error: unknown };

/** One line that says what went wrong, or null if nothing did. What the user stopped did not go wrong. */
export function problemOf(ending: Ending, end: RealtimeCallEnd, agent: AgentTally): string | null {
  switch (ending.kind) {
    case 'answered':
      return agent.failed > 0 ? 'the agent failed' : null;
    case 'stopped':
      return null;
    case 'noAnswer':
      return agent.failed > 0 ? 'the agent failed, and no answer came' : 'no answer came';
    case 'unfinished':
      return 'the agent gave no sign any more';
    case 'closed':
      return `the call ended too early: ${closedText(end)}`;
    case 'failed':
      return failureText(ending.error);
  }
}

/** How the call closed, in words. */
export function closedText(end: RealtimeCallEnd): string {
  switch (end.kind) {
    case 'closed':
      if (end.errorMessage !== null) return `${end.reason}: ${end.errorMessage}`;
      return end.reason ?? 'without a reason';
    case 'disconnected': {
      const { code, signal } = end.exit;
      return `the daemon is gone (${signal ?? `exit code ${code}`})`;
    }
    case 'unconfirmed':
      return 'the daemon did not confirm it';
  }
}

/** A failure in one line. Of what the daemon wrote to stderr it keeps the last line. */
export function failureText(error: unknown): string {
  const [head = ''] = errorMessage(error).split('\n');
  if (!(error instanceof ClientError) || error.reason !== 'exited') return head;
  return `${head} ${error.stderrLines.at(-1) ?? ''}`.trim();
}
