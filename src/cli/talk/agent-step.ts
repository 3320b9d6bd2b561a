import type { ThreadItem } from '../../protocol/index.ts';
import { displayWidth, headWithin, withoutControls } from '../../util/display-width.ts';

/** Columns of what an item is about; the rest of a longer one is cut off. */
const MAX_COLUMNS = 60;

/** Something that the agent does besides speaking. */
export interface AgentStep {
  /** What it is, in the past: `ran ls -l`. */
  readonly done: string;
  /** The same while it is under way: `running ls -l`. */
  readonly doing: string;
  /** How it came out; null where it can have only one outcome. */
  readonly outcome: string | null;
}

/** The step that an item stands for; null for one that is not shown, such as a thought, or what the agent was told. */
export function agentStep(item: ThreadItem): AgentStep | null {
  switch (item.type) {
    case 'commandExecution':
      return step('ran', 'running', item.command, commandOutcome(item));
    case 'fileChange':
      return step('changed', 'changing', pathsText(item.changes), words(item.status));
    case 'mcpToolCall':
      return step('called', 'calling', `${item.server}.${item.tool}`, toolOutcome(item));
    case 'dynamicToolCall': {
      const name = item.namespace === null ? item.tool : `${item.namespace}.${item.tool}`;
      return step('called', 'calling', name, words(item.status));
    }
    case 'collabAgentToolCall':
      return step('called', 'calling', item.tool, words(item.status));
    case 'webSearch':
      return step('searched the web for', 'searching the web for', item.query, null);
    case 'imageView':
      return step('looked at', 'looking at', item.path, null);
    case 'imageGeneration':
      return step('made', 'making', 'an image', words(item.status));
    case 'plan':
      return step('planned', 'planning', item.text, null);
    case 'enteredReviewMode':
      return step('began', 'beginning', 'a review', null);
    case 'exitedReviewMode':
      return step('ended', 'ending', 'the review', null);
    case 'contextCompaction':
      return step('summed up', 'summing up', 'the conversation so far', null);
    case 'userMessage':
    case 'agentMessage':
    case 'reasoning':
    case 'hookPrompt':
      return null;
  }
}

function step(past: string, present: string, subject: string, outcome: string | null): AgentStep {
  const short = shortened(subject);
  return { done: `${past} ${short}`, doing: `${present} ${short}`, outcome };
}

function commandOutcome({
  status,
  exitCode,
}: Extract<ThreadItem, { readonly type: 'commandExecution' }>): string {
  return exitCode === null || exitCode === 0 ? words(status) : `${words(status)}, exit code ${exitCode}`;
}

function toolOutcome({ status, error }: Extract<ThreadItem, { readonly type: 'mcpToolCall' }>): string {
  return error === null ? words(status) : `${words(status)}, ${shortened(error.message)}`;
}

function pathsText(changes: readonly { readonly path: string }[]): string {
  const [first = { path: 'no file' }, ...others] = changes;
  return others.length === 0 ? first.path : `${first.path} and ${others.length} more`;
}

/** A status of the wire as one writes it: `inProgress` is `in progress`. */
function words(status: string): string {
  return status.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function shortened(text: string): string {
  const line = withoutControls(text).replace(/\s+/g, ' ').trim();
  return displayWidth(line) <= MAX_COLUMNS ? line : `${headWithin(line, MAX_COLUMNS - 1)}…`;
}
